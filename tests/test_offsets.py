"""From an article back to its document: evidence is always one verbatim place."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.layout import lay_out
from kg.model import Article, Document, Piece, Span
from kg.offsets import evidence, unbroken
from kg.read import read_bytes
from kg.settings import Settings


def built(*parts: str) -> tuple[Document, Article]:
    """A document of `parts`; those that begin with ~ are no part of its article, those with # are markup in it."""
    text, pieces, cuts, article = "", [], [], ""
    for part in parts:
        shown = part.lstrip("~#")
        if part.startswith("#"):
            cuts.append(Span(len(text), len(text) + len(shown)))
        elif not part.startswith("~"):
            pieces.append(Piece(len(article), len(text), len(shown)))
            article += shown
        text += shown
    return Document("d", "d", text, "", cuts=tuple(cuts)), Article("a", "d", "", article, tuple(pieces))


def test_line_breaks_and_markup_are_no_seam():
    document, article = built("北岸港", "~\n  ", "務局", "#**", "昨日", "#**", "宣布")
    found = evidence(document, article, Span(1, len(article.text)))
    assert document.text[found.span.start : found.span.end] == "岸港\n  務局**昨日**宣布"
    assert found.quote == "岸港務局**昨日**宣布"


def test_a_seam_narrows_to_the_longest_part():
    document, article = built("北岸港", "~（廣告）", "務局昨日宣布")
    assert evidence(document, article, Span(0, 9)).quote == "務局昨日宣布"
    assert evidence(document, article, Span(0, 4)).quote == "北岸港"


def test_text_that_stands_elsewhere_in_the_document():
    document, _ = built("~前文", "後段")
    moved = Article("a", "d", "", "後段前文", (Piece(0, 2, 2), Piece(2, 0, 2)))
    assert evidence(document, moved, Span(0, 4)).quote == "後段"
    with pytest.raises(ValueError, match="nowhere"):
        evidence(document, Article("a", "d", "", "\n", ()), Span(0, 1))


@settings(deadline=None, max_examples=100)
@given(st.lists(st.text("港口樓市，。「」 　AB3\n", min_size=1, max_size=40), min_size=1, max_size=8), st.data())
def test_every_evidence_is_in_its_document(paragraphs, data):
    record = json.dumps({"title": "題", "text": "字。\n" + "\n".join(paragraphs)}, ensure_ascii=False)
    document = next(read_bytes("x.jsonl", record.encode(), Settings()))
    for article in lay_out(document).articles:
        start = data.draw(st.integers(0, len(article.text) - 1))
        end = data.draw(st.integers(start + 1, len(article.text)))
        if article.text[start:end].isspace():
            continue
        found = evidence(document, article, Span(start, end))
        assert unbroken(document.text[found.span.start : found.span.end]) == found.quote

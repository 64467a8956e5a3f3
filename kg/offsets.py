"""From places in an article back to places in its document, and the evidence made of them.

An article's pieces are verbatim runs of the document. Two pieces lie together when nothing but line breaks,
blanks and markup stands between them; where other text stands between (a seam), a span is narrowed to its
largest part that lies together, so that a quotation is always one place of the document.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator

from kg.model import Article, Document, Evidence, Span

_BREAK = re.compile(r"(?<![ \t\u3000\xa0])[ \t\u3000\xa0]*+\n\s*")
_MAX_GAP = 200


def unbroken(text: str) -> str:
    """`text` without line breaks and the blanks around them: the form of a quotation."""
    return _BREAK.sub("", text)


def evidence(document: Document, article: Article, span: Span) -> Evidence:
    """The evidence of `article.text[span]`, narrowed to its longest run of pieces that lie together.

    Raises `ValueError` when no character of the span stands in the document (a line break between paragraphs).
    """
    found = _longest(_parts(article, span), document)
    return Evidence(document.id, article.id, found, unbroken(document.text[found.start : found.end]))


def _parts(article: Article, span: Span) -> Iterator[Span]:
    pieces = article.pieces
    first = bisect_right(pieces, span.start, key=lambda p: p.start) - 1
    for piece in pieces[max(first, 0) :]:
        if piece.start >= span.end:
            return
        start, end = max(piece.start, span.start), min(piece.start + piece.length, span.end)
        if start < end:
            yield Span(piece.source + start - piece.start, piece.source + end - piece.start)


def _longest(parts: Iterator[Span], document: Document) -> Span:
    runs: list[list[int]] = []  # start, end, characters of text
    for part in parts:
        if runs and _together(runs[-1][1], part.start, document):
            runs[-1][1] = part.end
            runs[-1][2] += len(part)
        else:
            runs.append([part.start, part.end, len(part)])
    if not runs:
        raise ValueError("the span stands nowhere in the document")
    start, end, _ = max(runs, key=lambda run: run[2])
    return Span(start, end)


def _together(end: int, start: int, document: Document) -> bool:
    if not 0 <= start - end <= _MAX_GAP:
        return False
    if start == end:
        return True
    at = end
    for cut in _cuts_from(document, end):
        if cut.start >= start or document.text[at : cut.start].strip():
            break
        at = max(at, cut.end)
    return at >= start or not document.text[at:start].strip()


def _cuts_from(document: Document, offset: int) -> tuple[Span, ...]:
    first = bisect_right(document.cuts, offset, key=lambda cut: cut.end)
    return document.cuts[first:]

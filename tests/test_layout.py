"""Pages to articles: the cases of tests/cases/pages, and what holds for every page."""

import json
import random
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from opencc import OpenCC
from stories import STORIES, flat

from kg.layout import lay_out
from kg.layout.joining import ends
from kg.model import Document
from kg.read import read, read_bytes
from kg.settings import Settings
from kg.text import fold

CASES = Path(__file__).parent / "cases" / "pages"
PAGES = sorted(p for p in CASES.iterdir() if p.suffix in (".txt", ".md"))
SIMPLIFIED = OpenCC("hk2s").convert


def document(text: str, name: str = "page.txt") -> Document:
    return next(read_bytes(name, text.encode(), Settings()))


def shape(article):
    """What the two scripts must agree on, folded."""
    authors = [tuple(fold(x or "") for x in (a.name, a.role, a.organization)) for a in article.authors]
    credits = [(fold(c.name), c.part) for c in article.credits]
    return fold(article.title), fold(article.text), article.pieces, authors, credits


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.name)
def test_case(path):
    page = next(read(path, Settings()))
    articles = lay_out(page).articles
    expected = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    assert [a.title for a in articles] == [e["title"] for e in expected]
    for article, truth in zip(articles, expected, strict=True):
        body = article.text[article.body_start :]
        assert body.startswith(truth["begins"])
        assert body.endswith(truth["ends"])
        assert len(body.split("\n")) == truth["paragraphs"], body
        assert [[a.name, a.role, a.organization] for a in article.authors] == truth["authors"]


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.name)
def test_both_scripts_give_the_same_articles(path):
    text = path.read_text(encoding="utf-8")
    simplified = SIMPLIFIED(text)
    assert len(simplified) == len(text)
    one, other = (lay_out(document(t, path.name)).articles for t in (text, simplified))
    assert [shape(a) for a in one] == [shape(a) for a in other]


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.name)
def test_nothing_is_lost(path):
    page = next(read(path, Settings()))
    layout = lay_out(page)
    covered = bytearray(len(page.text))
    for region in layout.regions:
        covered[region.span.start : region.span.end] = b"\1" * len(region.span)
    assert not [c for c, seen in zip(page.text, covered, strict=True) if not seen and not c.isspace()]


def check_pieces(page, article):
    for piece in article.pieces:
        assert (
            article.text[piece.start : piece.start + piece.length]
            == (page.text[piece.source : piece.source + piece.length])
        )
    outside = set(range(len(article.text))) - {i for p in article.pieces for i in range(p.start, p.start + p.length)}
    assert {article.text[i] for i in outside} <= {"\n"}


@settings(deadline=None, max_examples=150)
@given(
    st.text(st.sampled_from("港口樓市的在（）「」，。：\n\n\n 　▲123AB作者為會長#*-何|"), max_size=300),
    st.sampled_from([".txt", ".md"]),
)
def test_any_page(text, suffix):
    page = document("字" + text, "page" + suffix)
    for article in lay_out(page).articles:
        check_pieces(page, article)


def broken(paragraphs, width, rng, blanks):
    """Lines of `width` characters as a newspaper sets them, and for each seam whether the lines belong together."""
    lines, together = [], []
    for paragraph in paragraphs:
        rest, first = paragraph, True
        while rest:
            size = width - 2 * first
            line, rest = rest[:size], rest[size:]
            if rest and rest[0] in "，。、；：？！」）":
                line, rest = line + rest[0], rest[1:]
            lines.append((line, rng.random() < blanks if not first else rng.random() < 0.7))
            together.append(not first)
            first = False
    text = "".join(("\n" if blank and i else "") + line + "\n" for i, (line, blank) in enumerate(lines))
    return text, together[1:]


def test_lines_are_joined_where_they_were_broken():
    """Precision and recall of joins, by the line breaks that are left, over widths and stray blank lines."""
    rng = random.Random(5)
    right = wrong = missed = 0
    for _ in range(40):
        paragraphs = [p for _, text in rng.sample(STORIES, len(STORIES)) for p in text.split("\n")]
        text, together = broken(paragraphs, rng.choice([12, 14, 16, 18, 22, 30]), rng, rng.choice([0, 0.05, 0.1]))
        page = document(text)
        starts, at = [], 0
        for line in text.split("\n"):
            if line:
                starts.append(at)
            at += len(line) + 1
        block = {}
        for article in lay_out(page).articles:
            for number, paragraph in enumerate(_paragraphs(article)):
                block |= dict.fromkeys(paragraph, (article.id, number))
        for (a, b), same in zip(pairwise(starts), together, strict=True):
            joined = block.get(a) is not None and block.get(a) == block.get(b)
            right += joined and same
            wrong += joined and not same
            missed += same and not joined
    assert right / (right + wrong) >= 0.99
    assert right / (right + missed) >= 0.99


def _paragraphs(article):
    """For each paragraph the places in the document of its characters."""
    source = {p.start + i: p.source + i for p in article.pieces for i in range(p.length)}
    found = [[]]
    for i, char in enumerate(article.text):
        if char == "\n":
            found.append([])
        elif i in source:
            found[-1].append(source[i])
    return found


def test_title_of_a_record():
    line = json.dumps({"id": 1, "title": "星河晶片上市", "text": "星河半導體今日上市。\n股價升一成。"})
    page = next(read_bytes("news.jsonl", line.encode(), Settings()))
    (article,) = lay_out(page).articles
    assert article.text == "星河晶片上市\n星河半導體今日上市。\n股價升一成。"
    assert article.text[article.body_start :].startswith("星河半導體")
    check_pieces(page, article)


@pytest.mark.parametrize(
    ("line", "name", "role", "organization"),
    [
        ("（作者為海灣證券首席經濟學家）", "", "首席經濟學家", "海灣證券"),
        ("（作者為安居地產住宅部行政總裁）", "", "住宅部行政總裁", "安居地產"),
        ("（作者為南嶼市立法會議員）", "", "議員", "南嶼市立法會"),
        ("（作者：陳大文，海灣大學教授）", "陳大文", "教授", "海灣大學"),
        ("（海灣資產管理固定收益團隊）", "", None, "海灣資產管理固定收益團隊"),
        ("（微博：北岸船長）", "北岸船長", None, None),
        ("撰文：陳大文", "陳大文", None, None),
        ("南嶼時報記者 陳大文", "陳大文", "記者", "南嶼時報"),
        ("本報記者陳大文", "陳大文", "本報記者", None),
    ],
)
def test_author_lines(line, name, role, organization):
    body = STORIES[0][1]
    page = document(f"{STORIES[0][0]}\n\n" + body.replace("\n", "\n\n") + f"\n\n{line}\n")
    (article,) = lay_out(page).articles
    (author,) = article.authors
    assert (author.name, author.role, author.organization) == (name, role, organization)
    assert author.evidence is not None
    assert flat(page.text[author.evidence.start : author.evidence.end]) in flat(line)
    assert line not in article.text


@pytest.mark.parametrize(
    ("line", "role", "organization"),
    [
        ("【陳大文】海灣大學教授，研究物流。", "教授", "海灣大學"),
        ("【陳大文】海灣經濟學家、財經專欄作家，常在電台發言。", "經濟學家", "海灣"),
        ("【陳大文】經濟學家、財經專欄作家，常在電台發言。", "經濟學家、財經專欄作家", None),
    ],
)
def test_a_writer_presented_at_the_end(line, role, organization):
    page = document(f"{STORIES[0][0]}\n\n" + STORIES[0][1].replace("\n", "\n\n") + f"\n\n---\n\n{line}\n", "page.md")
    (article,) = lay_out(page).articles
    assert [(a.name, a.role, a.organization) for a in article.authors] == [("陳大文", role, organization)]


def test_reporters_of_a_dispatch():
    text = "何志航：擴建有助樞紐地位\n\n海灣社3月6日電（記者 陳大文 李小明）" + STORIES[0][1].replace("\n", "\n\n")
    (article,) = lay_out(document(text)).articles
    assert [(a.name, a.role, a.organization) for a in article.authors] == [
        ("陳大文", "記者", "海灣社"),
        ("李小明", "記者", "海灣社"),
    ]


@pytest.mark.parametrize(
    ("text", "is_end"),
    [
        ("港口擴建。", True),
        ("港口「擴建。」", True),
        ("港口擴建。(海灣通訊社)", True),
        ("他說：“好!” (海灣日報)", True),
        ("港口擴建(海灣通訊社)", False),
        ("港口擴建。(這句話說了很久很久還沒有說完因為話太長)", False),
        ("港口擴建", False),
    ],
)
def test_ends_of_sentences(text, is_end):
    assert ends(text) == is_end


SOLD = "乙公司上月開設三間新店，生意不俗。"


@pytest.mark.parametrize(
    ("page", "part", "names"),
    [
        (f"---\nauthor: 南灣財經\nsource: https://example.org/a\n---\n# 甲\n\n{SOLD}\n", "publisher", ["南灣財經"]),
        (f"# 甲\n\n{SOLD}（來源：東灣時報、IT 之家）\n", "contributor", ["東灣時報", "IT 之家"]),
        (f"# 甲\n\n{SOLD}\n\n責任編輯：方可心 李一白\n", "contributor", ["方可心", "李一白"]),
        (f"# 甲\n\n西灣汽車訊 {SOLD}\n", "contributor", ["西灣汽車"]),
        (f"# 甲\n\n{SOLD}\n\n版權聲明：北灣新聞社版權所有，未經授權不得轉載。\n", "contributor", ["北灣新聞社"]),
        (f"---\nsource: finance\n---\n# 甲\n\n{SOLD}\n", "", []),
        (f"# 甲\n\n{SOLD}（來源：公開資料）\n\n來源：網絡\n", "", []),
    ],
)
def test_credits_name_publisher_sources_and_editors(page, part, names):
    for text, wanted in ((page, names), (SIMPLIFIED(page), [SIMPLIFIED(name) for name in names])):
        (article,) = lay_out(document(text, "a.md")).articles
        assert [(c.name, c.part) for c in article.credits] == [(name, part) for name in wanted]

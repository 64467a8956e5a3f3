"""Reading order on pages set in columns: twenty of them, in both scripts."""

import pytest
from opencc import OpenCC
from pdf_pages import Page, pdf
from stories import STORIES, flat

from kg.errors import ReadError
from kg.read import read_bytes
from kg.read.pdf import _pages
from kg.settings import Settings

SIMPLIFIED = OpenCC("hk2s").convert


def one_column(stories):
    page = Page()
    y = 50.0
    for title, text in stories[:2]:
        page.put(60, y, title, 18)
        y = page.column(60, y + 30, text, 46) + 25
    return [page], [part for story in stories[:2] for part in story]


def in_columns(stories, count):
    """One long story under a headline across all columns."""
    page, width = Page(), {2: 22, 3: 15, 4: 11}[count]
    title, text = stories[0][0], "".join(t for _, t in stories).replace("\n", "")
    page.put(50, 60, title, 24)
    length = -(-len(text) // count)
    parts = [text[i * length : (i + 1) * length] for i in range(count)]
    for i, part in enumerate(parts):
        page.column(50 + i * (width + 1.8) * 10, 110, part, width)
    return [page], [title, *parts]


def stacked(stories):
    """Two stories one above the other, each in two columns under its headline."""
    page, order, y = Page(), [], 50.0
    for title, text in stories[:2]:
        half = text.index("\n", len(text) // 3)
        page.put(50, y, title, 20)
        feet = [page.column(50 + i * 250, y + 35, t.strip(), 22) for i, t in enumerate((text[:half], text[half:]))]
        order += [title, text[:half], text[half:]]
        y = max(feet) + 30
    return [page], order


def side_by_side(stories):
    """Two stories beside each other, the headline of each above its own column."""
    page, order = Page(), []
    for i, (title, text) in enumerate(stories[:2]):
        page.put(50 + i * 260, 60, title[:14], 15)
        page.column(50 + i * 260, 95, text, 22)
        order += [title[:14], text]
    return [page], order


def with_table(stories):
    page = Page()
    title, text = stories[0]
    page.put(50, 60, title, 20)
    y = page.column(50, 100, text, 45) + 20
    order = [title, text]
    rows = (("項目", "去年", "今年"), ("收入", "二十億", "三十億"), ("毛利", "八億", "九億"), ("純利", "一億", "二億"))
    for row in rows:
        for k, cell in enumerate(row):
            page.put(80 + k * 120, y, cell)
        order += row
        y += 15
    return [page], order


def with_caption(stories):
    """A caption under a picture in the second column; a deck under the headline."""
    page = Page()
    title, text = stories[0]
    third = len(text) // 3
    page.put(50, 60, title, 22)
    page.put(50, 90, stories[1][0], 12)
    page.column(50, 130, text[:third], 22)
    y = page.column(310, 130, text[third : 2 * third], 22)
    page.put(310, y + 120, "▲" + stories[2][0], 8)
    page.column(310, y + 150, text[2 * third :], 22)
    return [page], [title, stories[1][0], text[:third], text[third : 2 * third], stories[2][0], text[2 * third :]]


def two_pages(stories):
    first, second = Page(), Page()
    for number, page in enumerate((first, second), 1):
        page.put(50, 30, "北岸日報財經版", 8)
        page.put(280, 820, f"第{number}頁", 8)
    title, text = stories[0]
    half = len(text) // 2
    first.put(50, 70, title, 20)
    first.column(50, 110, text[:half], 45)
    second.column(50, 70, text[half:], 45)
    return [first, second], [title, text[:half], text[half:]]


def wide_headline(stories):
    """Three columns; the headline stands over two of them, another story fills the third."""
    page = Page()
    title, text = stories[0]
    half = len(text) // 2
    page.put(40, 60, title, 20)
    page.column(40, 100, text[:half], 16)
    page.column(220, 100, text[half:], 16)
    page.put(400, 60, stories[1][0][:10], 14)
    page.column(400, 100, stories[1][1], 15)
    return [page], [title, text[:half], text[half:], stories[1][0][:10], stories[1][1]]


MAKERS = {
    "one": one_column,
    "two": lambda s: in_columns(s, 2),
    "three": lambda s: in_columns(s, 3),
    "four": lambda s: in_columns(s, 4),
    "stacked": stacked,
    "side": side_by_side,
    "table": with_table,
    "caption": with_caption,
    "pages": two_pages,
    "wide": wide_headline,
}


@pytest.mark.parametrize("traditional", [True, False], ids=["traditional", "simplified"])
@pytest.mark.parametrize("name", MAKERS)
def test_reading_order(name, traditional):
    stories = STORIES if traditional else tuple((SIMPLIFIED(a), SIMPLIFIED(b)) for a, b in STORIES[::-1])
    pages, order = MAKERS[name](stories)
    (document,) = read_bytes("page.pdf", pdf(pages, traditional=traditional), Settings())
    text, at = flat(document.text), 0
    for part in order:
        found = text.find(flat(part), at)
        assert found >= 0, f"{flat(part)[:30]} is not where it should be in {document.text}"
        at = found + len(flat(part))


def test_what_repeats_on_pages_is_cut():
    pages, _ = two_pages(STORIES)
    (document,) = read_bytes("page.pdf", pdf(pages), Settings())
    cut = [document.text[c.start : c.end] for c in document.cuts]
    assert cut == ["北岸日報財經版", "第1頁", "北岸日報財經版", "第2頁"]


def test_pages_without_text_need_ocr():
    with pytest.raises(ReadError, match="OCR") as caught:
        list(read_bytes("scan.pdf", pdf([Page(), Page()]), Settings()))
    assert caught.value.code == "ocr"


def test_damaged_file():
    with pytest.raises(ReadError) as caught:
        list(read_bytes("bad.pdf", b"%PDF-1.4\n" + bytes(range(256)), Settings()))
    assert caught.value.code == "pdf"


def test_a_character_stands_where_the_file_says_whatever_fonts_the_machine_has():
    page = Page()
    page.put(60, 50, "，擴建北岸港灣", 9)
    (found,) = _pages("a.pdf", pdf([page]), Settings())[0]
    assert [round(b.x1 - b.x0, 3) for b in found] == [63.0]
    assert [round(b.y1 - b.y0, 3) for b in found] == [9.0]

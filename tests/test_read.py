"""Readers: encodings, fields, dates, containers, limits, and whatever bytes may come."""

import io
import json
import sys
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from opencc import OpenCC
from pdf_pages import Page, pdf
from stories import STORIES

from kg.errors import ReadError
from kg.model import Document
from kg.read import READERS, STDIN, read, read_bytes
from kg.read.dates import parse
from kg.read.encoding import decode
from kg.settings import Settings

SIMPLIFIED = OpenCC("hk2s").convert
TEXT = "\n".join(f"{title}\n{text}" for title, text in STORIES)
PAGE = (
    '<html><head><meta charset="utf-8"><title>{0} - 北岸日報</title>'
    '<meta property="article:published_time" content="2025-03-04T08:00:00+08:00"></head>'
    "<body><nav><a>首頁</a><a>財經</a></nav><article><h1>{0}</h1>{1}</article><footer>版權所有</footer></body></html>"
)
FEED = """<?xml version="1.0"?><rss version="2.0"><channel><title>南嶼台財經</title>
<item><title>甲公司加價</title><pubDate>Mon, 13 Jan 2025 09:56:00 +0800</pubDate>
<description><![CDATA[<p>甲公司宣布加價。</p><p>幅度為百分之五。</p>]]></description></item>
<item><title>空</title></item>
<item><title>乙公司減價</title><description>乙公司宣布減價。</description></item></channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>海灣社</title><entry><title>丙公司上市</title>
<updated>2025-02-03T04:05:06Z</updated><author><name>陳大文</name></author>
<content type="html">&lt;p&gt;丙公司今日上市。&lt;/p&gt;</content></entry></feed>"""


def all_of(name: str, data: bytes, options: Settings | None = None) -> list[Document | ReadError]:
    """Documents and errors, as a caller gets them that goes on after an error."""
    found: list[Document | ReadError] = []
    documents = read_bytes(name, data, options or Settings())
    while True:
        try:
            found.append(next(documents))
        except StopIteration:
            return found
        except ReadError as error:
            found.append(error)


def snippets(count: int) -> list[str]:
    """Beginnings, middles and whole paragraphs of the stories, in both scripts."""
    paragraphs = [p for _, text in STORIES for p in text.split("\n")] + [title for title, _ in STORIES]
    found = [p[start : start + size] for p in paragraphs for start in (0, 7, 23) for size in (14, 40, 400)]
    found = [p for p in dict.fromkeys(found) if len(p) >= 10]
    return [*found, *map(SIMPLIFIED, found)][:count]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030", "big5", "big5hkscs"])
def test_encodings(encoding):
    texts = []
    for text in snippets(200):
        try:
            texts.append((text, text.encode(encoding)))
        except UnicodeEncodeError:
            continue  # simplified characters that Big5 does not have
    assert len(texts) >= 60
    assert sum(decode("x", data) == text for text, data in texts) >= 0.99 * len(texts)


def test_a_file_cut_in_the_middle_of_a_character():
    assert decode("x", "北岸港擴建".encode()[:-1]) == "北岸港擴"


@pytest.mark.parametrize("data", [b"\xff\xfe\x00", b"\x00\x01\x02\x03", bytes(range(128, 256)) * 4, b"ab\x00cd"])
def test_bytes_that_are_no_text(data):
    with pytest.raises(ReadError):
        decode("x", data)


@pytest.mark.parametrize(
    ("value", "date"),
    [
        ("2025-02-13 22:19:12", "2025-02-13"),
        ("Mon, 06 Jan 2025 20:41:00 +0800", "2025-01-06"),
        ("2023-11-27T00:17:49.000Z", "2023-11-27"),
        ("2025年2月13日", "2025-02-13"),
        ("２０２５年２月", "2025-02"),
        ("20250213", "2025-02-13"),
        ("2025", "2025"),
        ("2025-02-31", None),
        ("昨天", None),
    ],
)
def test_dates(value, date):
    assert parse(value) == date


@pytest.mark.parametrize(
    ("name", "text", "date", "source"),
    [
        ("a.txt", "北岸港擴建\n\nThu, 06 Mar 2025 20:41:00 +0800\n\n工程獲批。", "2025-03-06", "dateline"),
        ("a.txt", "海灣社3月6日電，擴建獲批。2025年貨運量料升。2025年內動工。", "2025-03-06", "dateline"),
        ("2025-03-07_page.txt", "擴建獲批。2025年內動工。", "2025-03-07", "file-name"),
        ("a.txt", "截\n至5月13日，貨運量按年升。2025年首季增長兩成，全年料創2025年以來新高。", "2025-05-13", "text"),
        ("a.txt", "昨日（31日）公布，1月20日動工，2025年落成，2025年啟用。", "2025-02-01", "text"),
        ("a.txt", "2025年落成，2025年啟用，2030年擴建。", "2025", "text"),
        ("a.txt", "擴建工程獲批。", None, None),
    ],
)
def test_the_date_of_a_document(name, text, date, source):
    (document,) = all_of(name, text.encode())
    assert (document.date, document.date_source) == (date, source)
    assert (document.date_certainty > 0) == (date is not None)


def test_front_matter():
    text = "---\ntitle: '北岸''港'\ndate: 2025-01-02\nauthor: [陳大文, 李小明]\nsource: 海灣社\n---\n# 正文\n內容。\n"
    for name in ("a.md", "a.txt"):
        (document,) = all_of(name, text.encode())
        assert (document.title, document.date, document.source) == ("北岸'港", "2025-01-02", "海灣社")
        assert document.authors == ("陳大文", "李小明")
        assert document.body is not None
        assert document.text[document.body.start :] == "# 正文\n內容。\n"
        assert document.text == text


def test_lists_in_front_matter():
    text = "---\ntitle :  北岸 - 港  \nauthors:\n  - 陳大文 \n  - '李小明'\nempty:   \ntags: |\n---\n內容。\n"
    (document,) = all_of("a.md", text.encode())
    assert document.title == "北岸 - 港"
    assert document.authors == ("陳大文", "李小明")
    blanks = f"---\ntitle: 北岸{' ' * 9000}港\nauthors:\n{' ' * 9000}x\n---\n內容。\n"
    (document,) = all_of("a.md", blanks.encode())
    assert document.title.split() == ["北岸", "港"]


def test_markdown_is_cut_out():
    text = "見[公告](https://a.example/b(c))與**重點**，*ST星河\\*。![圖](x.png)<br>https://b.example/x 完。\n"
    (document,) = all_of("a.md", text.encode())
    shown, at = "", 0
    for cut in document.cuts:
        shown += document.text[at : cut.start]
        at = cut.end
    assert shown + document.text[at:] == "見公告與重點，*ST星河*。 完。\n"


def test_json_lines():
    record = {"id": "a", "date": "2025-01-02", "title": "題", "text": "內容。\ud800"}
    lines = [record, {"text": 3}, {"text": "乙。"}]
    data = "\n".join([*map(json.dumps, lines), "{", "", json.dumps({"id": 9, "text": " "})]).encode()
    first, second, third, fourth, fifth = all_of("n.jsonl", data)
    assert (first.name, first.text, first.title, first.date) == ("n.jsonl#a", "題\n內容。\ufffd", "題", "2025-01-02")
    assert third.text == "乙。"
    assert [e.code for e in (second, fourth, fifth)] == ["json", "json", "empty"]
    assert "line 2" in str(second)


def test_html():
    body = "".join(f"<p>{p}</p>" for p in STORIES[0][1].split("\n"))
    (document,) = all_of("a.html", PAGE.format(STORIES[0][0], body).encode())
    assert document.title == STORIES[0][0]
    assert document.date == "2025-03-04"
    assert STORIES[0][1] in document.text
    assert "版權" not in document.text


def test_html_in_another_encoding():
    body = f"<p>{SIMPLIFIED(STORIES[0][1])}</p>"
    page = PAGE.format(SIMPLIFIED(STORIES[0][0]), body).replace("utf-8", "gb2312")
    (document,) = all_of("a.htm", page.encode("gb18030"))
    assert SIMPLIFIED("港務局主席何志航") in document.text
    assert document.language == "zh-Hans"


def test_feeds():
    first, empty, last = all_of("a.rss", FEED.encode())
    assert (first.title, first.date) == ("甲公司加價", "2025-01-13")
    assert first.text == "甲公司加價\n甲公司宣布加價。\n幅度為百分之五。"
    assert (first.source, first.date_source) == ("南嶼台財經", "feed")
    assert empty.text == "空\n"
    assert last.name == "a.rss#3"
    (entry,) = all_of("a.atom", ATOM.encode())
    assert (entry.text, entry.date, entry.authors) == ("丙公司上市\n丙公司今日上市。", "2025-02-03", ("陳大文",))


def test_entities_in_xml_are_refused():
    bomb = b'<!DOCTYPE x [<!ENTITY a "b"><!ENTITY c "&a;&a;">]><rss><item><title>&c;</title></item></rss>'
    (error,) = all_of("a.xml", bomb)
    assert error.code == "xml"


def zipped(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), data)
    return out.getvalue()


def test_archives():
    data = zipped(a_txt="甲。".encode(), b__c_rss=FEED.encode(), d_txt=b"", e_png=b"\x89PNG", f_zip=zipped(x_txt=b"x"))
    found = all_of("z.zip", data)
    assert [d.name for d in found] == ["z.zip#a.txt", *(f"z.zip#b/c.rss#{i}" for i in (1, 2, 3)), "z.zip#d.txt"]
    assert found[-1].code == "empty"
    assert [e.code for e in all_of("z.zip", zipped(e_png=b"x"))] == ["empty"]


def test_archives_that_grow_too_large():
    data = zipped(a_txt="甲".encode() * 400_000)
    (error,) = all_of("z.zip", data, Settings(max_bytes=100_000))
    assert error.code == "too-large"


def test_standard_input(monkeypatch):
    samples = {
        "text/plain": "北岸港擴建獲批。".encode(),
        "text/html": PAGE.format("題", f"<p>{STORIES[0][1]}</p>").encode(),
        "application/rss+xml": ATOM.encode(),
        "application/jsonl": json.dumps({"text": "乙。"}).encode(),
        "application/pdf": _pdf(),
        "text/markdown": "---\ntitle: 題\n---\n內容。".encode(),
    }
    for media_type, data in samples.items():
        monkeypatch.setattr(sys, "stdin", type("In", (), {"buffer": io.BytesIO(data)}))
        (document,) = read(Path(STDIN), Settings())
        assert document.media_type == media_type
    (document,) = all_of(STDIN, zipped(a_txt="甲。".encode()))
    assert document.text == "甲。"


def _pdf() -> bytes:
    page = Page()
    page.column(50, 80, STORIES[0][1], 40)
    return pdf([page])


def test_limits():
    small = Settings(max_bytes=30, max_characters=5)
    assert [e.code for e in all_of("a.txt", b"x" * 31, small)] == ["too-large"]
    assert [e.code for e in all_of("a.txt", b"abcdef", small)] == ["too-long"]
    assert [e.code for e in all_of("a.txt", b"", small)] == ["empty"]
    assert [e.code for e in all_of("a.html", b"<div>" * 5000 + b"x")] == ["too-deep"]
    long_tags = b"<div class='" + b"a" * 3000 + b"'>"
    assert [e.code for e in all_of("a.html", long_tags * 500 + b"x")] == ["too-deep"]
    assert [e.code for e in all_of("a.html", b'<a b="' * 5000 + b"x")] == ["damaged"]
    assert [e.code for e in all_of("a.html", b"<" * 50_000)] == ["too-large"]
    assert all_of("a.md", b"---\n\na\n\n---\n\nb")[0].title == ""


def test_files_that_cannot_be_read(tmp_path):
    with pytest.raises(ReadError) as missing:
        next(read(tmp_path / "none.txt", Settings()))
    assert missing.value.code == "io"
    with pytest.raises(ReadError, match="no reader"):
        next(read(tmp_path / "a.docx", Settings()))


def test_the_id_comes_from_the_content(tmp_path):
    (tmp_path / "a.txt").write_text("甲公司。\r\n", encoding="utf-8")
    (one,), (other,) = read(tmp_path / "a.txt", Settings()), all_of("b.txt", "甲公司。\r\n".encode())
    assert one.id == other.id
    assert one.text == "甲公司。\n"
    assert all_of("a.txt", "乙公司。".encode())[0].id != one.id


SEEDS = [b"%PDF-1.7\n", b"PK\x03\x04", b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf---\ntitle: "]
SEEDS += [b'{"text": "', b"<html><p>", b"<?xml?><rss>"]


@settings(deadline=None, max_examples=150)
@given(st.sampled_from(sorted(READERS)), st.sampled_from([b"", *SEEDS]), st.binary(max_size=200))
def test_any_bytes_give_a_document_or_an_error(suffix, start, data):
    for name in (f"x{suffix}", STDIN):
        try:
            for document in all_of(name, start + data):
                assert isinstance(document, Document | ReadError)
        except ReadError:
            pass


@pytest.mark.parametrize("kind", ["pdf", "zip", "html", "rss", "jsonl"])
def test_damaged_files(kind):
    """Whole files with bytes changed and ends cut off, always the same ones."""
    whole = {
        "pdf": _pdf(),
        "zip": zipped(a_txt=TEXT.encode(), b_md=b"# x"),
        "html": PAGE.format("題", f"<p>{TEXT}</p>").encode(),
        "rss": FEED.encode(),
        "jsonl": json.dumps({"title": "題", "text": TEXT}).encode(),
    }[kind]
    for seed in range(25):
        step = len(whole) // 7 + seed
        damaged = bytearray(whole[: len(whole) - seed * len(whole) // 30])
        for place in range(seed, len(damaged), step):
            damaged[place] = (damaged[place] * 7 + seed) % 256
        for found in all_of(f"x.{kind}", bytes(damaged)):
            assert isinstance(found, Document | ReadError)

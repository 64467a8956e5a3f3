"""Any bytes give a document or a ReadError, laid out too, within 2 s of computing and 512 MB: the worst ones known.

Each is read in a process of its own, whose memory is limited; its computing time leaves room for slower machines.
"""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
_SECONDS, _BYTES = 2.0, 512_000_000
_NEST = "<div>文字，" * 110 + "</div>" * 110
_FEED = "<rss><channel><item><title>甲</title><description>{}</description></item></channel></rss>"
CASES = {
    # what, in what file, is repeated how often (0: as it is)
    "nested divs with text": (".html", _NEST, 180),
    "nested divs of a class": (".html", "<div class='article-body content'>" * 110 + "文字" + "</div>" * 110, 180),
    "many paragraphs": (".html", "<p>文字很多文字很多。</p>", 19_900),
    "few nested divs with text": (".html", _NEST, 20),
    "nested tables": (".html", "<table><tr><td>" * 36 + "文字" + "</td></tr></table>" * 36, 180),
    "many attributes": (".html", "<div " + "a='b' " * 600_000 + ">文</div>", 0),
    "a page of attributes": (".html", ("<div " + "a1='b' " * 2_800 + ">文</div>"), 99),
    "open tags": (".html", "<b>文", 119),
    "tags cut off": (".rss", _FEED.format("&lt;a " * 160_000), 0),
    "many elements": (".xml", "<rss>" + "<a/>" * 7_000_000 + "</rss>", 0),
    "a long line": (".txt", "北岸港擴建工程獲批，", 99_000),
    "blanks": (".txt", "字" + " " * 900_000 + "字", 0),
    "short lines": (".txt", "A1\n", 49_000),
    "lines of a column": (".txt", "北岸港擴建工程獲批，北岸港擴建工程獲批\n", 49_000),
    "no sentence ends": (".txt", "（「港", 300_000),
    "lists": (".md", "- 甲乙丙丁戊己庚\n", 49_000),
    "links": (".md", "[a](b)", 160_000),
    "open brackets": (".md", "[", 999_000),
    "tags": (".md", "<b>甲", 240_000),
    "lists in JSON": (".jsonl", '{"text":"x","a":[' + "[]," * 10_000_000 + "1]}", 0),
    "deep JSON": (".jsonl", '{"a":', 4_000_000),
    "PDF arrays": (".pdf", "%PDF-1.7\n1 0 obj " + "[" * 10_000_000, 0),
    "other bytes": (".txt", "\x00\x01", 10_000_000),
}

_CHILD = f"""
import resource, sys, time
from kg.errors import ReadError
from kg.layout import lay_out
from kg.read import read_bytes
from kg.settings import Settings
import trafilatura
list(read_bytes("warm.html", "<p>你好，世界。</p>".encode(), Settings()))
data = sys.stdin.buffer.read()
resource.setrlimit(resource.RLIMIT_DATA, ({_BYTES}, {_BYTES}))
start = time.process_time()
try:
    documents = list(read_bytes("x" + sys.argv[1], data, Settings()))
    told = [lay_out(d) for d in documents]
except ReadError as error:
    print("refused", error.code, file=sys.stderr)
print(time.process_time() - start)
"""


@pytest.mark.parametrize("name", CASES)
def test_the_worst_known(name: str) -> None:
    suffix, text, times = CASES[name]
    data = (text * (times or 1)).encode()
    done = subprocess.run(
        [sys.executable, "-c", _CHILD, suffix], input=data, capture_output=True, cwd=ROOT, timeout=60
    )
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    assert float(done.stdout) < 2 * _SECONDS, done.stderr
    print(f"{name}: {float(done.stdout):.2f} s {done.stderr.decode()}")

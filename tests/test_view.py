"""The page's data, layout and shell, without a browser."""

import base64
import gzip
import hashlib
import json
import re
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import GraphError
from kg.view import ViewData, document, render
from kg.view.layout import Body, place
from kg.view.packing import plain, planes, visible
from kg.view.spelling import pinyin, scripts

sys.path.insert(0, str(Path(__file__).parent / "browser"))
from hostile import hostile
from synthetic import synthetic


def block(html, name):
    return gzip.decompress(base64.b64decode(re.search(f'id="{name}">([^<]*)<', html)[1]))


@pytest.fixture(scope="module")
def page():
    return document(synthetic(400, 1500))


def test_same_graph_gives_same_bytes(page):
    assert document(synthetic(400, 1500)) == page


def test_opening_is_of_a_readable_size(page):
    opening = json.loads(re.search('id="opening">(.*?)</script>', page, re.S)[1])
    assert 150 <= len(opening["nodes"]) <= 300
    places = {(n["x"], n["y"]) for n in opening["nodes"]}
    assert len(places) == len(opening["nodes"])
    assert all(6 <= n["size"] <= 28 for n in opening["nodes"])
    assert {e["from"] for e in opening["edges"]} <= {n["id"] for n in opening["nodes"]}


def test_every_script_is_allowed_by_its_hash_and_nothing_else(page):
    policy = re.search('Content-Security-Policy" content="([^"]*)"', page)[1].replace("&#39;", "'")
    allowed = set(re.findall("'sha256-([^']*)'", policy))
    scripts_in_page = re.findall("<script>(.*?)</script>", page, re.S)
    styles = re.findall("<style>(.*?)</style>", page, re.S)
    hashes = {base64.b64encode(hashlib.sha256(s.encode()).digest()).decode() for s in scripts_in_page + styles}
    assert len(scripts_in_page) == 2
    assert hashes == allowed
    assert "unsafe" not in policy
    assert "http" not in policy


def test_page_names_no_address_of_its_own(page):
    shell = re.sub("<script>.*?</script>", "", page, flags=re.S)
    assert not re.search(r'(src|href)="(?!data:,|#)', shell)


def test_all_of_the_graph_is_carried():
    data = synthetic(50, 300)
    html = document(data)
    meta = json.loads(block(html, "meta"))
    sizes = {name: size for name, size, _ in meta["columns"]}
    assert sizes["subject"] == len(data.claims)
    assert sizes["entity_class"] == 50
    names = block(html, "block-entities").decode().split("\n")
    assert [line.split("\t")[0] for line in names] == [e.id for e in data.entities]
    chunk = json.loads(block(html, "block-evidence0"))
    assert {e.quote for c in data.claims for e in c.evidence} == set(chunk["quotes"])
    assert [0] * sizes["evidence_document"] == chunk["longer"]


def test_empty_graph_has_a_page():
    assert "<title>Jinluo</title>" in document(ViewData((), ()))


def test_hostile_texts_do_not_reach_the_markup():
    html = document(hostile())
    shell = re.sub("<script>.*?</script>", "", html, flags=re.S)
    assert "<img" not in shell
    assert "alert(1)</script>" not in shell
    html.encode("utf-8")


def test_period_keeps_what_its_documents_say():
    data = synthetic(60, 300)
    years = data.periods("year")
    parts = [data.between(y, y) for y in years]
    assert sum(len(p.documents) for p in parts) == len(data.documents)
    assert sum(len(c.evidence) for p in parts for c in p.claims) == sum(len(c.evidence) for c in data.claims)
    for part in parts:
        known = {e.id for e in part.entities}
        assert all(c.subject in known and c.object in known for c in part.claims)


def test_a_page_that_cannot_be_written_says_where(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(GraphError, match="-o"):
        render(ViewData((), ()), tmp_path / "file" / "page.html")
    written = render(ViewData((), ()), tmp_path / "new" / "page.html")
    assert written.size == written.path.stat().st_size
    assert replace(written, size=50_000_001).heavy
    assert [p.name for p in written.path.parent.iterdir()] == ["page.html"]


def test_labels_do_not_overlap():
    bodies = [Body(i % 3, 8.0, 60.0) for i in range(40)]
    places = place(bodies, [(i, (i * 7) % 40, 1.0) for i in range(40)])
    near = [(p, q) for i, p in enumerate(places) for q in places[:i] if abs(p[0] - q[0]) < 20 and abs(p[1] - q[1]) < 12]
    assert len(near) < 3


@given(st.text())
def test_shown_text_has_no_control_or_direction_characters(text):
    for shown in (plain(text), visible(text)):
        assert not re.search("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", shown)
    assert len(visible(text)) == len(text)


@given(st.lists(st.integers(0, 2**32 - 1)))
def test_planes_hold_every_number(numbers):
    column = np.array(numbers, dtype=np.uint32)
    for name in ("subject", "evidence"):
        raw = np.frombuffer(planes(name, column), dtype=np.uint8).reshape(4, -1).T.copy().view("<u4").ravel()
        back = np.cumsum(raw, dtype=np.uint32) if name == "evidence" else raw
        assert back.tolist() == numbers


def test_spelling_knows_scripts_and_readings():
    written, folded = scripts(["英伟达"])
    assert folded[written.index("偉")] == "伟"
    read = pinyin(["重慶銀行", "重要"])
    assert read["special"]["重庆银行"] == "chong qing yin hang"
    assert dict(zip(read["characters"], read["readings"].split(), strict=True))["行"] == "xing"


def test_command_writes_pages_by_period(tmp_path, monkeypatch):
    from cli.view import command

    monkeypatch.setattr("kg.graph.load", lambda output: None)
    monkeypatch.setattr("kg.view.from_graph", lambda graph, title: synthetic(30, 90, documents=40))
    result = CliRunner().invoke(command, [str(tmp_path), "-o", str(tmp_path / "g.html"), "--split", "year"])
    assert result.exit_code == 0, result.output
    assert sorted(p.name for p in tmp_path.glob("*.html")) == ["g-2023.html", "g-2024.html", "g-2025.html"]

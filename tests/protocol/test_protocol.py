"""Runs cases.toml: one request each, over a plain connection."""

import http.client
import json
import sys
import tomllib
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pyoxigraph as ox
import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))
from servers import serving

CASES = tomllib.loads(Path(__file__).with_name("cases.toml").read_text(encoding="utf-8"))["case"]
FORM = "application/x-www-form-urlencoded"
DATA = {"zero": None, "one": "http://data.example/1", "two": "http://data.example/2", "three": "http://data.example/3"}


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    output = tmp_path_factory.mktemp("protocol") / "out"
    (output / "store").mkdir(parents=True)
    store = ox.Store(str(output / "store"))
    for name, graph in DATA.items():
        node = ox.NamedNode(f"http://data.example/{name}")
        triple = (node, ox.NamedNode("http://data.example/is"), ox.Literal(name))
        store.add(ox.Quad(*triple, ox.NamedNode(graph) if graph else ox.DefaultGraph()))
    store.flush()
    del store
    with serving(output) as url:
        yield urlsplit(url).netloc


def request(place, case):
    target = case.get("target") or "/sparql" + ("?" + _encoded(case["parameters"]) if "parameters" in case else "")
    body = _encoded(case["form"]) if "form" in case else case.get("body")
    body = bytes.fromhex(case["hex"]) if "hex" in case else body and body.encode()
    media = FORM if "form" in case else case.get("content_type")
    headers = {name: value for name, value in (("Accept", case.get("accept")), ("Content-Type", media)) if value}
    connection = http.client.HTTPConnection(place, timeout=60)
    try:
        connection.request(case.get("method", "GET"), target, body, headers)
        reply = connection.getresponse()
        return reply.status, (reply.getheader("Content-Type") or "").partition(";")[0], reply.read()
    finally:
        connection.close()


def _encoded(pairs):
    return urlencode([tuple(pair) for pair in pairs])


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_case(place, case):
    status, media, body = request(place, case)
    assert status == case.get("status", 200), body
    if "types" in case:
        assert media in case["types"]
    if "boolean" in case:
        assert json.loads(body)["boolean"] is case["boolean"]
    if "rows" in case:
        assert [row["g"]["value"] for row in json.loads(body)["results"]["bindings"]] == case["rows"]
    if "contains" in case:
        assert case["contains"].encode() in body
    if case.get("empty"):
        assert body == b""
    if status >= 400 and status not in (404, 405) and not case.get("empty"):
        assert body.strip(), "a refusal tells its reason"


def test_the_set_is_large_enough():
    assert len(CASES) >= 50
    assert len({case["name"] for case in CASES}) == len(CASES)

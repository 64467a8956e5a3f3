"""Whatever comes in, what comes out is one of the two things that were promised.

`FUZZ=5000 pytest tests/security` looks longer than the suite does.
"""

from __future__ import annotations

import io
import os
import tempfile
import zipfile
from contextlib import suppress
from pathlib import Path

import pyoxigraph as ox
import pytest
from graphs import hand_made
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pdf_pages import Page, pdf
from stories import STORIES

from kg import overrides, rdf
from kg.building import manifest, seal
from kg.building.manifest import Entry, Manifest
from kg.errors import DataError, GraphError, QueryError, ReadError
from kg.model import Document, Extraction
from kg.read import READERS, read_bytes
from kg.settings import Settings
from kg.shelf import Shelf, whole
from kg.shelf import seal as sealed
from kg.sparql import check, graphs

fuzz = settings(
    max_examples=int(os.environ.get("FUZZ", "60")),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
SMALL = Settings(max_bytes=200_000, max_characters=100_000)
TITLE, TEXT = STORIES[0]
SOUND = {
    ".txt": TEXT.encode(),
    ".md": f"---\ntitle: {TITLE}\ndate: 2025-03-18\n---\n# {TITLE}\n\n{TEXT}".encode(),
    ".html": f"<html><head><title>{TITLE}</title></head><body><article><p>{TEXT}</p></article></body></html>".encode(),
    ".jsonl": f'{{"id": "1", "title": "{TITLE}", "text": "{TITLE}"}}\n'.encode(),
    ".xml": f"<rss><channel><item><title>{TITLE}</title><description>{TEXT}</description></item></channel></rss>"
    .encode(),
}
PAGE = Page()
PAGE.column(60, 60, TEXT, 40)
SOUND[".pdf"] = pdf([PAGE])
ARCHIVE = io.BytesIO()
with zipfile.ZipFile(ARCHIVE, "w", zipfile.ZIP_DEFLATED) as archive:
    archive.writestr("a.txt", TEXT)
    archive.writestr("b.md", f"# {TITLE}")
SOUND[".zip"] = ARCHIVE.getvalue()
SOUND.update({alias: SOUND[suffix] for alias, suffix in (
    (".markdown", ".md"), (".htm", ".html"), (".ndjson", ".jsonl"), (".rss", ".xml"), (".atom", ".xml"),
)})  # fmt: skip
CUTS = st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=6), st.integers(0, 40)), max_size=5)


def damaged(data: bytes, cuts: list[tuple[float, bytes, int]]) -> bytes:
    """`data` with some places replaced by other bytes."""
    for where, put, length in cuts:
        at = int(where * len(data))
        data = data[:at] + put + data[at + length :]
    return data


def read_all(name: str, data: bytes) -> None:
    documents = read_bytes(name, data, SMALL)
    while True:
        try:
            document = next(documents)
        except StopIteration:
            return
        except ReadError:
            continue
        assert isinstance(document, Document)
        assert document.text.strip()


@pytest.mark.parametrize("suffix", READERS)
@fuzz
@given(data=st.binary(max_size=400))
def test_a_reader_given_any_bytes(suffix: str, data: bytes) -> None:
    with suppress(ReadError):
        read_all(f"a{suffix}", data)


@pytest.mark.parametrize("suffix", READERS)
@fuzz
@given(cuts=CUTS)
def test_a_reader_given_a_damaged_document(suffix: str, cuts: list[tuple[float, bytes, int]]) -> None:
    with suppress(ReadError):
        read_all(f"a{suffix}", damaged(SOUND[suffix], cuts))


WORDS = st.sampled_from([
    "SELECT * WHERE {", "?s ?p ?o", "}", "{", "SERVICE", "SILENT", "<http://a/>", "FROM", "NAMED", "'", '"', "'''",
    "\\", "#", "\n", "ex:", "PREFIX", "BASE", "(", ")", "FILTER", "BIND", "@en", ".", ";", "^", "!", "\x00", "\u202e",
])  # fmt: skip


@fuzz
@given(st.lists(WORDS | st.text(max_size=5), max_size=25).map(" ".join) | st.text(max_size=80))
def test_the_guard_of_queries(query: str) -> None:
    """What it lets through, the parser takes or refuses; it calls nobody: that would be an `OSError` here."""
    try:
        check(query)
    except QueryError:
        return
    graphs(query, {"ex": "http://ex/"})
    with suppress(SyntaxError, ValueError):
        ox.Store().query(query)


@fuzz
@given(st.text(max_size=60))
def test_the_maker_of_iris(id_: str) -> None:
    for kind in rdf.NODES:
        made = rdf.iri(kind, id_, "https://example.org/")
        assert made.isascii()
        assert not set(made) & set(" <>\"{}|^`\\\n\r\t")
        assert str(ox.NamedNode(made)) == f"<{made}>"
    assert rdf.iri("ent", rdf.local(id_), "") == rdf.iri("ent", id_, "")


@fuzz
@given(st.text(st.characters(), max_size=60))
def test_literals(text: str) -> None:
    line = rdf.ntriples([("ent:a", "jl:name", rdf.literal(text))], base="https://example.org/")[0]
    (quad,) = ox.parse(line.encode(), format=ox.RdfFormat.N_TRIPLES)
    assert isinstance(quad.object, ox.Literal)
    assert quad.object.value == "".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in text)


EXTRACTION = hand_made()[0]
KEY = "00" * 16


@fuzz
@given(st.binary(max_size=200) | CUTS.map(lambda cuts: damaged(sealed(KEY, EXTRACTION), cuts)))
def test_the_header_of_a_kept_extraction(data: bytes) -> None:
    sound = data == sealed(KEY, EXTRACTION)
    assert whole(KEY, data) == sound
    with tempfile.TemporaryDirectory() as folder:
        shelf = Shelf(Path(folder), Path(folder) / "fresh")
        path = Path(folder) / KEY[:2] / f"{KEY}.json"
        path.parent.mkdir()
        path.write_bytes(data)
        assert shelf.has(KEY) == sound
        if sound:
            assert isinstance(shelf.get(KEY), Extraction)
        else:
            with pytest.raises(GraphError):
                shelf.get(KEY)


SEAL = b'{"code":"c","partitions":1,"files":{"a":"b"}}'
CORRECTIONS = '[[alias]]\nname = "甲"\nalias = "乙"\n'.encode()
MANIFEST = manifest.render(Manifest("https://example.org/", "0" * 32, (Entry("a.txt", "d1", KEY),)))


@fuzz
@given(st.binary(max_size=200) | CUTS.map(lambda cuts: damaged(MANIFEST, cuts)))
def test_a_manifest(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / manifest.NAME).write_bytes(data)
        with suppress(GraphError):
            assert isinstance(manifest.read(Path(folder)), Manifest)


@fuzz
@given(st.binary(max_size=200) | CUTS.map(lambda cuts: damaged(SEAL, cuts)))
def test_a_seal(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / seal.NAME).write_bytes(data)
        (Path(folder) / "a").write_bytes(b"")
        assert not seal.unbroken(Path(folder) / seal.NAME, Path(folder), ("c", 1))


@fuzz
@given(st.binary(max_size=80) | CUTS.map(lambda cuts: damaged(CORRECTIONS, cuts)))
def test_corrections(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "overrides.toml"
        path.write_bytes(data)
        with suppress(DataError):
            assert all(o.name for o in overrides.read(path))

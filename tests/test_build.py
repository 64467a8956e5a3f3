"""Builds: what is kept, what is done anew, and that the result depends on nothing but the documents."""

import json
from pathlib import Path

import pytest

from kg import build, load
from kg.building import Outcome, run
from kg.building.fingerprint import fingerprint
from kg.building.sources import find
from kg.errors import GraphError, ReadError
from kg.model import Document, Extraction
from kg.settings import Settings
from kg.shelf import Shelf, seal, whole

PATTERNS = Settings(extractors=("patterns",))
STORIES = {
    "a.txt": "韓國的SK海力士生產HBM，並供應英偉達。恒生指數昨日上升1.5%。\n",
    "b.txt": "高盛表示，英偉達依賴台積電的先進製程。\n",
    "c.md": "---\ntitle: 人民幣\ndate: 2025-03-18\n---\n香港是離岸人民幣業務樞紐。\n",
}


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("documents")
    for name, text in STORIES.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def output(documents: Path) -> Path:
    out = documents.parent / "whole"
    assert go([documents], out).graph is not None
    return out


def go(paths: list[Path], output: Path, **options: object) -> Outcome:
    return run(paths, output, settings=PATTERNS, workers=1, **options)  # type: ignore[arg-type]


def test_everything_is_written(output: Path) -> None:
    names = {path.name for path in output.iterdir()}
    assert {"graph.ttl", "graph.html", "store", "problems.jsonl", "texts", "extractions", "manifest.json"} <= names
    assert not {".work"} & names
    known = load(output)
    assert len(known.documents) == len(STORIES)
    assert known.query("SELECT ?c WHERE { ?c a jl:Company }")
    for evidence in (e for claim in known.claims for e in claim.evidence):
        text = (output / "texts" / f"{evidence.document}.txt").read_text(encoding="utf-8")
        assert text[evidence.span.start : evidence.span.end].replace("\n", "") == evidence.quote


def test_a_second_build_extracts_nothing_and_writes_the_same(output: Path, documents: Path) -> None:
    before = {p.name: p.read_bytes() for p in output.iterdir() if p.is_file()}
    again = go([documents / "c.md", documents / "a.txt", documents / "b.txt"], output)
    assert (again.extracted, again.kept) == (0, len(STORIES))
    assert {p.name: p.read_bytes() for p in output.iterdir() if p.is_file()} == before


def test_adding_and_removing_is_as_if_built_at_once(output: Path, documents: Path, tmp_path: Path) -> None:
    out = tmp_path / "steps"
    go([documents / "a.txt"], out)
    alone = (out / "graph.ttl").read_bytes()
    go([documents / "b.txt", documents / "c.md"], out, keep=True)
    for name in ("graph.ttl", "graph.html", "manifest.json"):
        assert (out / name).read_bytes() == (output / name).read_bytes()
    removed = go([], out, keep=True, without=[str(documents / "b.txt"), str(documents / "c.md")])
    assert removed.extracted == 0
    assert (out / "graph.ttl").read_bytes() == alone
    with pytest.raises(GraphError, match=r"no document b\.txt"):
        go([], out, keep=True, without=["b.txt"])


def test_nothing_to_read_leaves_what_was_built(output: Path, tmp_path: Path) -> None:
    before = (output / "manifest.json").read_bytes()
    (tmp_path / "empty.txt").touch()
    outcome = go([tmp_path / "empty.txt", tmp_path / "missing"], output)
    assert outcome.graph is None
    assert [p.code for p in outcome.failed] == ["empty", "missing"]
    assert (output / "manifest.json").read_bytes() == before


def test_in_memory_as_on_disk(output: Path, documents: Path, tmp_path: Path) -> None:
    (tmp_path / "binary.txt").write_bytes(bytes(range(256)) * 9)
    graph = build([documents, tmp_path], settings=PATTERNS)
    assert graph.turtle() == (output / "graph.ttl").read_text(encoding="utf-8")
    assert [p.document for p in graph.problems if p.fatal] == [str(tmp_path / "binary.txt")]
    assert graph.nx.number_of_nodes() == len(graph.entities)
    with pytest.raises(ReadError):
        build([tmp_path], settings=PATTERNS)


def test_the_fingerprint_follows_options_and_lists(tmp_path: Path) -> None:
    first = fingerprint(PATTERNS)
    assert fingerprint(PATTERNS) == first
    own = tmp_path / "Company-own.tsv"
    own.write_text("one", encoding="utf-8")
    with_list = fingerprint(Settings(extractors=("patterns",), gazetteers=(own,)))
    own.write_text("two", encoding="utf-8")
    changed = fingerprint(Settings(extractors=("patterns",), gazetteers=(own,)))
    others = fingerprint(Settings(extractors=("patterns",), threshold=0.5))
    assert len({first, with_list, changed, others, fingerprint(Settings())}) == 5


def test_sources_are_sorted_and_links_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for name in ("b.txt", "a.md", ".hidden.txt", "table.xlsx"):
        (tmp_path / "in" / name).write_text("x", encoding="utf-8")
    (tmp_path / "in" / "link.txt").symlink_to("/etc/hostname")
    (tmp_path / "in" / "loop").symlink_to(tmp_path / "in")
    found = find([tmp_path / "in" / "b.txt", tmp_path / "in"])
    assert [Path(f).name for f in found.files] == ["a.md", "b.txt"]
    assert [p.code for p in found.problems] == ["special-file"]


def test_every_damage_of_an_extraction_is_noticed(tmp_path: Path) -> None:
    data = seal("ab", Extraction(Document("d", "d.txt", "公司生產記憶體。", "0" * 64)))
    assert whole("ab", data)
    assert not whole("ac", data)
    for place in range(0, len(data), 7):
        assert not whole("ab", data[:place])
        assert not whole("ab", data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
    assert not whole("ab", data + b" ")
    shelf = Shelf(tmp_path / "settled", tmp_path / "fresh")
    assert not shelf.has("00" * 16)
    with pytest.raises(GraphError, match="missing or damaged"):
        shelf.get("00" * 16)


def test_a_damaged_extraction_is_made_anew(documents: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    go([documents], out)
    before = (out / "graph.ttl").read_bytes()
    victims = sorted((out / "extractions").glob("*/*.json"))
    victims[0].write_bytes(victims[0].read_bytes()[:-40])
    victims[1].write_bytes(victims[2].read_bytes())
    (out / "graph.ttl").write_bytes(b"")
    again = go([documents], out)
    assert (again.extracted, again.kept) == (2, 1)
    assert (out / "graph.ttl").read_bytes() == before


def test_a_damaged_manifest_is_told(documents: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    go([documents / "a.txt"], out)
    (out / "manifest.json").write_text("{", encoding="utf-8")
    with pytest.raises(GraphError, match=r"manifest\.json: is damaged"):
        go([documents / "b.txt"], out, keep=True)
    assert go([documents / "a.txt"], out).kept == 1
    assert json.loads((out / "manifest.json").read_bytes())["version"] == 1

"""Every entry of every table keeps the contract of its table: it is tested by being listed."""

import io
import random
import tomllib
from pathlib import Path

import pytest
from graphs import hand_made

from kg import Settings, assemble, resources, schema
from kg.errors import ReadError
from kg.export import EXPORTERS, export
from kg.layout import lay_out
from kg.lexicon import load as load_lexicon
from kg.lexicon import read_file
from kg.mentions import FINDERS, Context
from kg.model import Article, Document
from kg.pipeline import run
from kg.read import READERS, read_bytes
from kg.relations import EXTRACTORS
from kg.text import fold

PATTERNS = Settings(extractors=("patterns",))
TEXT = "韓國的SK海力士生產HBM，並供應英偉達。高盛分析員陳大文表示，恒生指數上升1.5%。\n"
LISTS = sorted((resources.seeds() / "gazetteer").glob("*.tsv"))
RELATIONS = sorted(schema.load().relations)


@pytest.mark.parametrize("suffix", READERS)
def test_a_reader_gives_documents_or_tells_why_not(suffix: str) -> None:
    chance = random.Random(suffix)
    samples = [b"", b"\x00", TEXT.encode(), TEXT.encode("utf-16"), TEXT.encode("big5", "ignore"), b"\xff" * 100]
    samples += [chance.randbytes(chance.randrange(400)) for _ in range(20)]
    codes: list[str] = []
    for data in samples:
        found = read_bytes(f"sample{suffix}", data, PATTERNS)
        while True:
            try:
                document = next(found)
            except StopIteration:
                break
            except ReadError as error:
                codes.append(error.code)
                continue
            assert isinstance(document, Document)
            assert document.text.strip()
            assert document.id.isalnum()
    assert "empty" in codes
    assert all(codes)


def article() -> tuple[Article, Context]:
    (document,) = read_bytes("a.txt", TEXT.encode(), PATTERNS)
    (found,) = lay_out(document).articles
    return found, Context(load_lexicon(), ())


@pytest.mark.parametrize("name", FINDERS)
def test_a_finder_tells_the_words_where_they_stand(name: str) -> None:
    found, context = article()
    for mention in FINDERS[name](found, context):
        assert found.text[mention.span.start : mention.span.end] == mention.surface
        assert mention.cls in schema.load().classes
        assert 0 <= mention.confidence <= 1


@pytest.mark.parametrize("name", sorted(EXTRACTORS.keys() & set(PATTERNS.extractors)))
def test_an_extractor_gives_relations_of_the_vocabulary(name: str) -> None:
    (document,) = read_bytes("a.txt", TEXT.encode(), PATTERNS)
    trace = run(document, Settings(extractors=(name,)))
    for relations, found in zip(trace.relations, trace.articles, strict=True):
        for relation in relations:
            assert relation.predicate in schema.load().relations
            assert {relation.subject, relation.object} <= trace.entities.keys()
            assert 0 <= relation.span.start < relation.span.end <= len(found.text)


@pytest.mark.parametrize("format", EXPORTERS)
def test_an_export_writes_the_same_bytes_each_time(format: str, tmp_path: Path) -> None:
    if format == "parquet":
        pytest.importorskip("pyarrow")
    for place in ("one", "two"):
        assert export(assemble(hand_made()), format, tmp_path / place)
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()


@pytest.mark.parametrize("path", LISTS, ids=lambda path: path.stem)
def test_a_list_of_names_is_of_a_class_and_has_sources(path: Path) -> None:
    for entry in read_file(path):
        assert entry.cls in schema.load().classes
        assert entry.id.isascii()
        assert entry.source, entry.id
        assert entry.labels, entry.id


@pytest.mark.parametrize("relation", RELATIONS)
def test_a_relation_has_labels_and_cues(relation: str) -> None:
    assert set(schema.load().relations[relation].labels) == {"en", "zh-Hans", "zh-Hant"}
    path = resources.seeds() / "relations" / f"{relation}.toml"
    tomllib.load(io.BytesIO(path.read_bytes()))


@pytest.mark.parametrize("char", "，。「（1a韓%-\u3000(")
def test_no_hostile_run_of_characters_takes_long(char: str) -> None:
    (document,) = read_bytes("a.txt", ("公司" + char * 5_000 + "公司").encode(), PATTERNS)
    assert run(document, PATTERNS).articles
    assert len(fold(document.text)) == len(document.text)

"""The quality gate: the samples of seeds/documents against their gold, and what must hold of every graph."""

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import opencc
import pytest

from kg import assemble, default_settings, evaluate, extract
from kg.model import Document, Evidence, Extraction
from kg.offsets import unbroken
from kg.read import read, read_bytes
from kg.text import fold

HERE = Path(__file__).parent
DOCUMENTS = HERE.parents[1] / "seeds" / "documents"
GOLD = HERE / "gold"
LIMITS = json.loads((HERE / "limits.json").read_text(encoding="utf-8"))
SOURCES = sorted(p for p in DOCUMENTS.iterdir() if p.suffix in (".txt", ".md"))
BREAKS = re.compile(r"\s*\n\s*")


@cache
def document_of(source: Path) -> Document:
    (document,) = read(source, default_settings())
    return document


@cache
def extraction_of(source: Path) -> Extraction:
    return extract(document_of(source), default_settings())


@cache
def scores() -> evaluate.Scores:
    """Each sample alone, counts summed: what `kg evaluate seeds/documents tests/quality/gold` tells."""
    every = []
    for source in SOURCES:
        facts = evaluate.of_turtle(assemble([extraction_of(source)]).turtle().encode())
        every.append(evaluate.score(facts, evaluate.read([GOLD / f"{source.stem}.json"])))
    return evaluate.together(every)


def bare(text: str) -> str:
    return re.sub(r"\s", "", text)


def evidences(extraction: Extraction) -> Iterator[Evidence]:
    for claim in extraction.claims:
        yield from claim.evidence
    for observation in extraction.observations:
        yield observation.evidence


def entities_and_claims(extraction: Extraction) -> tuple[object, object]:
    """What an extraction states, without quotations, offsets and data of the document."""
    entities = {(e.id, e.cls) for e in extraction.entities}
    claims = {
        (c.subject, c.predicate, c.object, c.polarity, c.modality, c.attributed_to, fold(c.role or ""), c.start, c.end)
        for c in extraction.claims
    }
    return entities, claims


def figures(extraction: Extraction) -> set[tuple[object, ...]]:
    return {
        (o.about, fold(o.indicator), o.value, fold(o.text), o.kind, o.start, o.end, fold(o.qualifier or ""))
        for o in extraction.observations
    }


def units(extraction: Extraction) -> set[tuple[str, str]]:
    return {(fold(o.text), o.unit) for o in extraction.observations}


@cache
def in_both_scripts() -> tuple[tuple[Extraction, Extraction], ...]:
    """Each traditional sample, and the same text in simplified characters."""
    one_by_one = opencc.OpenCC("t2s").convert
    pairs = []
    for source in SOURCES:
        if document_of(source).language == "zh-Hant":
            simplified = "".join(map(one_by_one, source.read_text(encoding="utf-8")))
            (document,) = read_bytes(source.name, simplified.encode(), default_settings())
            pairs.append((extraction_of(source), extract(document, default_settings())))
    return tuple(pairs)


@pytest.mark.parametrize("source", SOURCES, ids=lambda p: p.stem)
def test_gold_is_whole(source: Path) -> None:
    gold = json.loads((GOLD / f"{source.stem}.json").read_text(encoding="utf-8"))
    text = re.sub(r"\s", "", source.read_text(encoding="utf-8"))
    assert gold["doc"] == source.name
    articles, things = ({part["id"] for part in gold[kind]} for kind in ("articles", "entities"))
    for fact in gold["relations"] + gold["observations"]:
        assert re.sub(r"\s", "", fact["evidence"]) in text
        assert {fact["s"], fact.get("o", fact["s"])} <= things
        assert fact["article"] in articles


@pytest.mark.parametrize(("figure", "floor"), LIMITS["f1"].items())
def test_scores_hold(figure: str, floor: float) -> None:
    assert scores().figures[figure].f1 >= floor, "\n".join(scores().missed[:40])


def test_main_points_are_found() -> None:
    assert scores().figures["relations main"].recall >= LIMITS["main recall"]


def test_articles_are_told_apart() -> None:
    """The share of articles that come with their own title and authors, and no other's."""
    wanted, found = set(), set()
    for source in SOURCES:
        gold = json.loads((GOLD / f"{source.stem}.json").read_text(encoding="utf-8"))
        wanted |= {(source.name, bare(a["title"]), tuple(sorted(a["authors"]))) for a in gold["articles"]}
        articles = extraction_of(source).articles
        found |= {(source.name, bare(a.title), tuple(sorted(b.name for b in a.authors))) for a in articles}
    assert len(wanted & found) / len(wanted) >= LIMITS["articles"], sorted(wanted - found)


def test_no_node_stands_for_two_things() -> None:
    assert scores().melted <= LIMITS["melted"]


@pytest.mark.parametrize("source", SOURCES, ids=lambda p: p.stem)
def test_every_evidence_is_verbatim(source: Path) -> None:
    text = document_of(source).text
    found = list(evidences(extraction_of(source)))
    assert found
    for evidence in found:
        words = text[evidence.span.start : evidence.span.end]
        assert evidence.quote == unbroken(words)
        assert BREAKS.sub("", evidence.quote) in BREAKS.sub("", source.read_text(encoding="utf-8"))


def test_both_scripts_give_one_graph() -> None:
    assert len(in_both_scripts()) >= 2
    for traditional, simplified in in_both_scripts():
        assert entities_and_claims(simplified) == entities_and_claims(traditional)
        assert figures(simplified) == figures(traditional)


def test_both_scripts_give_one_unit() -> None:
    for traditional, simplified in in_both_scripts():
        assert units(simplified) == units(traditional)


def test_things_meet_across_documents() -> None:
    """One thing is one node in either script and in English, and several documents tell of the same two things."""
    graph = assemble(map(extraction_of, SOURCES))
    named: dict[str, set[str]] = {}
    for entity in graph.entities:
        for _, label in (*entity.labels, *entity.aliases):
            named.setdefault(fold(label), set()).add(entity.id)
    for one, other in (("SK海力士", "SK hynix"), ("英偉達", "NVIDIA"), ("金管局", "香港金融管理局")):
        assert len(named[fold(one)]) == 1
        assert named[fold(one)] == named[fold(other)]
    for one, other in (("SK海力士", "HBM"), ("香港", "離岸人民幣")):
        ends = {*named[fold(one)], *named[fold(other)]}
        told = {e.document for c in graph.claims if {c.subject, c.object} == ends for e in c.evidence}
        assert len(told) >= 2

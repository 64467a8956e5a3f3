from dataclasses import replace
from decimal import Decimal

import pyoxigraph as ox
import pytest
from graphs import extractions, hand_made
from hypothesis import given, settings

from kg import graph, shapes, store, validate
from kg.errors import GraphError
from kg.model import Claim, encode


@settings(max_examples=8, deadline=None)
@given(extractions())
def test_every_graph_passes_its_shapes_and_rules(made):
    known = graph.assemble(made)
    assert validate.shapes(known.rdf) == []
    assert validate.rules(known.store) == []


def test_one_document_is_validated_alone():
    assert shapes.problems(hand_made()[0]) == []


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("quote", lambda c: replace(c, evidence=(replace(c.evidence[0], quote="別的話"),))),
        ("quote", lambda c: replace(c, evidence=(replace(c.evidence[0], document="other"),))),
        ("date", lambda c: replace(c, start="2025-13")),
        ("date", lambda c: replace(c, start="2025-03", end="2024")),
        ("confidence", lambda c: replace(c, confidence=1.5)),
        ("term", lambda c: replace(c, modality="rumour")),
    ],
)
def test_a_claim_that_does_not_fit_is_set_aside(code, change):
    first = hand_made()[0]
    known = graph.assemble([replace(first, claims=(change(first.claims[0]),))])
    assert not known.claims
    assert [p.code for p in known.problems] == [code]


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("unit", {"unit": "億元"}),
        ("value", {"value": Decimal("NaN")}),
        ("term", {"kind": "guess"}),
        ("unknown-entity", {"about": "nothing"}),
    ],
)
def test_a_figure_that_does_not_fit_is_set_aside(code, change):
    first = hand_made()[0]
    known = graph.assemble([replace(first, observations=(replace(first.observations[0], **change),))])
    assert not known.observations
    assert [p.code for p in known.problems] == [code]


BROKEN = """
@prefix jl: <https://w3id.org/jinluo/ontology#> . @prefix ent: <https://w3id.org/jinluo/entity/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> . @prefix claim: <https://w3id.org/jinluo/claim/> .
ent:a jl:worksFor ent:b .
claim:c a jl:Claim ; rdf:subject ent:a ; rdf:predicate jl:likes ; rdf:object ent:a ; jl:polarity "perhaps" .
"""


def test_files_of_others_are_validated(tmp_path):
    path = tmp_path / "broken.ttl"
    path.write_text(BROKEN, encoding="utf-8")
    found = {f.rule for f in validate.file(path)}
    assert {"direct-without-claim", "unknown-predicate", "self-claim", "polarity", "wasDerivedFrom"} <= found
    path.write_text("no turtle", encoding="utf-8")
    with pytest.raises(GraphError, match="cannot be read"):
        validate.file(path)
    good = tmp_path / "good.ttl"
    good.write_text(graph.assemble(hand_made()).turtle(), encoding="utf-8")
    assert validate.file(good) == []


def test_claims_that_stand_twice_are_found():
    extra = """
    @prefix jl: <https://w3id.org/jinluo/ontology#> . @prefix ent: <https://w3id.org/jinluo/entity/> .
    @prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> . @prefix claim: <https://w3id.org/jinluo/claim/> .
    claim:a a jl:Claim ; rdf:subject ent:sk-hynix ; rdf:predicate jl:competesWith ; rdf:object ent:samsung ;
        jl:polarity "affirmed" ; jl:modality "fact" .
    claim:b a jl:Claim ; rdf:subject ent:sk-hynix ; rdf:predicate jl:produces ; rdf:object ent:hbm ;
        jl:polarity "affirmed" ; jl:modality "fact" .
    """
    known = graph.assemble(hand_made())
    known.store.load(extra, format=ox.RdfFormat.TURTLE)
    assert {f.rule for f in validate.rules(known.store)} == {"symmetric-twice", "repeated-claim"}


@pytest.fixture
def output(tmp_path):
    known = graph.assemble(hand_made())
    for name in ("extractions", "texts"):
        (tmp_path / name).mkdir()
    for extraction in hand_made():
        (tmp_path / "extractions" / f"{extraction.document.id}.json").write_bytes(encode(extraction))
        (tmp_path / "texts" / f"{extraction.document.id}.txt").write_bytes(extraction.document.text.encode())
    (tmp_path / "graph.ttl").write_text(known.turtle(), encoding="utf-8")
    (tmp_path / "manifest.json").write_text('{"outputs": []}', encoding="utf-8")
    store.write(known.ntriples(), tmp_path / "store")
    return tmp_path


def test_verify_reads_everything(output):
    assert validate.verify(output) == []
    assert validate.output(output) == []
    (output / "texts" / "d1.txt").write_text("別的文本", encoding="utf-8")
    (output / "graph.ttl").write_text("", encoding="utf-8")
    store.write(graph.assemble(hand_made()[:1]).ntriples(), output / "store")
    assert {f.rule for f in validate.verify(output)} == {"file", "store", "text"}


def test_copies_of_claims_in_one_document_validate():
    first = hand_made()[0]
    claim: Claim = first.claims[0]
    doubled = replace(first, claims=(claim, claim, replace(claim, confidence=0.2)))
    assert len(graph.assemble([doubled]).claims) == 1

import os
import subprocess
import sys

import pyoxigraph as ox
import pytest
import rdflib
from graphs import extractions, hand_made
from hypothesis import given, settings
from rdflib.compare import isomorphic

from kg import graph, rdf
from kg.rdf import terms, writing

quick = settings(max_examples=25, deadline=None)


@quick
@given(extractions())
def test_turtle_and_ntriples_parse_to_the_same_graph(made):
    known = graph.assemble(made)
    turtle, lines = known.turtle(), "".join(known.ntriples())
    by_oxigraph = [
        set(ox.parse(t, format=f)) for t, f in ((turtle, ox.RdfFormat.TURTLE), (lines, ox.RdfFormat.N_TRIPLES))
    ]
    assert by_oxigraph[0] == by_oxigraph[1]
    assert len(by_oxigraph[0]) == len(known.triples)
    by_rdflib = [rdflib.Graph().parse(data=t, format=f) for t, f in ((turtle, "turtle"), (lines, "nt"))]
    assert isomorphic(*by_rdflib)
    assert len(by_rdflib[0]) == len(known.triples)


def test_lines_are_sorted_and_all_nodes_have_names():
    lines = graph.assemble(hand_made()).ntriples()
    assert lines == sorted(set(lines))
    assert not any(line.startswith("_:") or " _:" in line for line in lines)


def test_numbers_dates_and_tags():
    turtle = graph.assemble(hand_made()).turtle()
    assert "jl:value 1200000000000.0 ;" in turtle
    assert 'jl:start "2026"^^xsd:gYear' in turtle
    assert 'skos:prefLabel "SK hynix"@en, "SK海力士"@zh-Hans, "SK海力士"@zh-Hant' in turtle
    assert "ent:sk-hynix jl:competesWith" not in turtle
    assert "jl:produces ent:hbm" in turtle


def test_a_negated_claim_makes_no_direct_triple():
    second = hand_made()[1]
    turtle = graph.assemble([second]).turtle()
    assert "jl:produces ent:hbm" in turtle
    only_negated = graph.assemble([type(second)(second.document, (), second.entities, second.claims[2:])])
    assert "jl:produces ent:hbm" not in only_negated.turtle()


@pytest.mark.parametrize(
    "text", ['"^^xsd:date', 'a"@en', "^^xsd:date", "\\", "\n\r\t\x00\x85\u2028", "\ud800", "\U0010ffff"]
)
def test_any_text_is_a_safe_literal(text):
    expander = writing.Expander("https://example.org/")
    for suffix in ("", "@en"):
        line = f"<x:s> <x:p> {expander.term(rdf.literal(text, suffix))} ."
        (quad,) = ox.parse(line, format=ox.RdfFormat.N_TRIPLES)
        assert quad.object.value == text.replace("\ud800", "\ufffd")


@pytest.mark.parametrize("id_", ["a b", "<x>", "javascript:alert(1)", "香港", "a/../b", "-a", "a-", ""])
def test_ids_never_reach_an_iri_unchecked(id_):
    assert rdf.iri("ent", id_, "https://example.org/").removeprefix("https://example.org/entity/x-").isalnum()


def test_impossible_dates_stay_text():
    assert terms.date("2025-02-30") == '"2025-02-30"'
    assert terms.date("2025-W01-1") == '"2025-W01-1"'
    assert terms.date("2024-02-29") == '"2024-02-29"^^xsd:date'
    assert terms.date("2024-02") == '"2024-02"^^xsd:gYearMonth'


def test_the_base_can_be_chosen():
    turtle = graph.assemble(hand_made(), base="https://example.org/g/").turtle()
    assert "@prefix ent: <https://example.org/g/entity/> ." in turtle
    assert "w3id.org/jinluo/entity" not in turtle


def test_hash_seed_locale_and_time_zone_change_nothing():
    code = "import graphs; from kg import graph; print(graph.assemble(graphs.hand_made()).turtle())"
    outputs = set()
    for seed, zone in (("0", "UTC"), ("1", "Asia/Hong_Kong")):
        path = os.pathsep.join(sys.path)
        env = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": "C", "PYTHONUTF8": "1", "PYTHONPATH": path}
        outputs.add(subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, check=True).stdout)
    assert len(outputs) == 1

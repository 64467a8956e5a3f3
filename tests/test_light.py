"""Triples made a part at a time are those made at once."""

from graphs import extractions, hand_made
from hypothesis import given

from kg import assemble
from kg.building import light
from kg.model import Extraction
from kg.rdf import triples


def same(found: list[Extraction]) -> None:
    graph = assemble(found)
    *rest, first = light.triples(graph.parts, graph.base)
    assert [*first, *(t for some in rest for t in some)] == triples(graph.parts, base=graph.base)
    lighter = assemble(light.extractions(found))
    assert triples(lighter.parts, base=graph.base) == graph.triples


def test_hand_made() -> None:
    same(hand_made())


@given(extractions())
def test_any(found: list[Extraction]) -> None:
    light._CHUNK, before = 2, light._CHUNK
    try:
        same(found)
    finally:
        light._CHUNK = before

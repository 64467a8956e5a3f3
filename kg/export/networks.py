"""GraphML and GEXF: entities as nodes, claims as directed edges. Streamed, without dates, the same bytes each time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from kg.assembly import MergedClaim
from kg.export.files import for_xml, write
from kg.model import Entity
from kg.names import display

if TYPE_CHECKING:
    from kg.graph import KnowledgeGraph

Value = str | int | float

_BREAKS = {ord(char): f"&#{ord(char)};" for char in "\t\n\r"}
"""A parser makes bare ones in attributes into blanks."""

_NODE = {"name": "string", "name_en": "string", "class": "string", "mentions": "int"}
_EDGE = {
    "predicate": "string",
    "polarity": "string",
    "modality": "string",
    "confidence": "double",
    "evidences": "int",
    "quote": "string",
}


def graphml(graph: KnowledgeGraph, folder: Path) -> list[Path]:
    return [write(folder / "graph.graphml", _graphml(graph))]


def gexf(graph: KnowledgeGraph, folder: Path) -> list[Path]:
    return [write(folder / "graph.gexf", _gexf(graph))]


def _node(entity: Entity) -> dict[str, Value]:
    return {
        "name": display(entity),
        "name_en": display(entity, "en"),
        "class": entity.cls,
        "mentions": entity.mentions,
    }


def _edge(claim: MergedClaim) -> dict[str, Value]:
    return {
        "predicate": claim.predicate,
        "polarity": claim.polarity,
        "modality": claim.modality,
        "confidence": claim.confidence,
        "evidences": len(claim.evidence),
        "quote": claim.evidence[0].quote,
    }


def _graphml(graph: KnowledgeGraph) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n'
    for owner, columns in (("node", _NODE), ("edge", _EDGE)):
        for name, kind in columns.items():
            yield f'<key id="{owner}-{name}" for="{owner}" attr.name="{name}" attr.type="{kind}"/>\n'
    yield '<graph edgedefault="directed">\n'
    for entity in graph.entities:
        yield f"<node id={_quoted(entity.id)}>{_columns('node', _node(entity))}</node>\n"
    for claim in graph.claims:
        ends = f"source={_quoted(claim.subject)} target={_quoted(claim.object)}"
        yield f'<edge id="{claim.id}" {ends}>{_columns("edge", _edge(claim))}</edge>\n'
    yield "</graph>\n</graphml>\n"


def _columns(owner: str, values: Mapping[str, Value]) -> str:
    return "".join(f'<data key="{owner}-{name}">{escape(for_xml(str(v)))}</data>' for name, v in values.items())


def _gexf(graph: KnowledgeGraph) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<gexf xmlns="http://www.gexf.net/1.2draft" version="1.2">\n'
    yield '<graph defaultedgetype="directed" mode="static">\n'
    for owner, columns in (("node", _NODE), ("edge", _EDGE)):
        yield f'<attributes class="{owner}" mode="static">\n'
        for number, (name, kind) in enumerate(columns.items()):
            yield f'<attribute id="{number}" title="{name}" type="{"integer" if kind == "int" else kind}"/>\n'
        yield "</attributes>\n"
    yield "<nodes>\n"
    for entity in graph.entities:
        yield f"<node id={_quoted(entity.id)} label={_quoted(display(entity))}>{_values(_node(entity))}</node>\n"
    yield "</nodes>\n<edges>\n"
    for claim in graph.claims:
        ends = f"source={_quoted(claim.subject)} target={_quoted(claim.object)} label={_quoted(claim.predicate)}"
        yield f'<edge id="{claim.id}" {ends} weight="{claim.confidence}">{_values(_edge(claim))}</edge>\n'
    yield "</edges>\n</graph>\n</gexf>\n"


def _values(values: Mapping[str, Value]) -> str:
    cells = (f'<attvalue for="{n}" value={_quoted(str(v))}/>' for n, v in enumerate(values.values()))
    return f"<attvalues>{''.join(cells)}</attvalues>"


def _quoted(text: str) -> str:
    return '"' + escape(for_xml(text)).translate(_BREAKS) + '"'

"""Tables: CSV for people, CSV for Neo4j's import, Parquet for data frames."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.answer import Value, defuse
from kg.errors import GraphError
from kg.export.files import write
from kg.model import Evidence
from kg.names import display
from kg.rdf import evidence_id
from kg.schema import load

if TYPE_CHECKING:
    from kg.graph import KnowledgeGraph

Rows = Iterator[tuple[Value, ...]]

_SEPARATOR = ";"
_COLUMNS = {
    "entities": ("id", "class", "name", "name_zh_hans", "name_en", "aliases", "identifiers", "mentions"),
    "claims": (
        "id", "subject", "predicate", "object", "polarity", "modality", "confidence", "roles", "start", "end",
        "attributed_to", "evidence",
    ),
    "observations": (
        "id", "about", "indicator", "value", "unit", "kind", "start", "end", "qualifier", "text", "confidence",
        "attributed_to", "evidence",
    ),
    "evidence": ("id", "document", "article", "begin", "end", "quote"),
    "documents": ("id", "name", "title", "date", "language", "source", "sha256"),
}  # fmt: skip
_NUMBERS = {"mentions": "int64", "begin": "int64", "confidence": "float64"}


def csv_tables(graph: KnowledgeGraph, folder: Path) -> list[Path]:
    """One CSV file for each table, cells that a spreadsheet would run as formulas defused."""
    return [write(folder / f"{name}.csv", _lines(_COLUMNS[name], rows)) for name, rows in _tables(graph).items()]


def neo4j(graph: KnowledgeGraph, folder: Path) -> list[Path]:
    """nodes.csv and relationships.csv for `neo4j-admin database import full --array-delimiter=";"`."""
    vocabulary = load()
    nodes = (
        (
            e.id,
            display(e),
            display(e, "en"),
            _joined(n for _, n in e.aliases),
            e.mentions,
            _joined(vocabulary.ancestors(e.cls)),
        )
        for e in graph.entities
    )
    edges = (
        (c.subject, c.object, c.predicate, c.id, c.polarity, c.modality, c.confidence, _quotes(c.evidence))
        for c in graph.claims
    )
    node_columns = ("id:ID", "name", "name_en", "aliases:string[]", "mentions:int", ":LABEL")
    edge_columns = (
        ":START_ID", ":END_ID", ":TYPE", "id", "polarity", "modality", "confidence:double", "quotes:string[]",
    )  # fmt: skip
    return [
        write(folder / "nodes.csv", _lines(node_columns, nodes)),
        write(folder / "relationships.csv", _lines(edge_columns, edges)),
    ]


def parquet(graph: KnowledgeGraph, folder: Path) -> list[Path]:
    """One Parquet file for each table; values of figures are decimals. Raises `GraphError` without pyarrow."""
    try:
        import pyarrow as pa  # type: ignore[import-untyped]
        import pyarrow.parquet as pq  # type: ignore[import-untyped]
    except ImportError as error:
        raise GraphError("Parquet needs pyarrow: pip install 'jinluo[parquet]'") from error
    paths = []
    for name, rows in _tables(graph).items():
        columns = list(zip(*rows, strict=True)) or [()] * len(_COLUMNS[name])
        arrays = {title: _array(pa, name, title, column) for title, column in zip(_COLUMNS[name], columns, strict=True)}
        path = folder / f"{name}.parquet"
        new = path.with_name(path.name + ".new")
        pq.write_table(pa.table(arrays), new, compression="zstd")
        os.replace(new, path)
        paths.append(path)
    return paths


def _array(pa: Any, table: str, title: str, column: Sequence[Value]) -> Any:
    if title == "value":
        return pa.array([float(str(v)) for v in column], pa.float64())
    kind = "int64" if (table, title) == ("evidence", "end") else _NUMBERS.get(title, "string")
    return pa.array(column, getattr(pa, kind)())


def _tables(graph: KnowledgeGraph) -> dict[str, Rows]:
    return {
        "entities": _entities(graph),
        "claims": _claims(graph),
        "observations": _observations(graph),
        "evidence": _evidence(graph),
        "documents": ((d.id, d.name, d.title, d.date, d.language, d.source, d.sha256) for d in graph.documents),
    }


def _entities(graph: KnowledgeGraph) -> Rows:
    for e in graph.entities:
        names = (display(e), display(e, "zh-Hans"), display(e, "en"), _joined(n for _, n in e.aliases))
        yield e.id, e.cls, *names, _joined(f"{kind}={value}" for kind, value in e.identifiers), e.mentions


def _claims(graph: KnowledgeGraph) -> Rows:
    for c in graph.claims:
        starts, ends = (_joined(p[side] or "" for p in c.periods) for side in (0, 1))
        ids = _joined(map(evidence_id, c.evidence))
        yield *(c.id, *c.key, c.confidence, _joined(c.roles)), starts, ends, _joined(c.attributed_to), ids


def _observations(graph: KnowledgeGraph) -> Rows:
    for o in graph.observations:
        figure = (o.id, o.about, o.indicator, str(o.value), o.unit, o.kind, o.start, o.end, o.qualifier, o.text)
        yield *figure, o.confidence, _joined(o.attributed_to), _joined(map(evidence_id, o.evidence))


def _evidence(graph: KnowledgeGraph) -> Rows:
    found = {e for c in graph.claims for e in c.evidence} | {e for o in graph.observations for e in o.evidence}
    for e in sorted(found):
        yield evidence_id(e), e.document, e.article, e.span.start, e.span.end, e.quote


def _joined(words: Iterable[str]) -> str:
    return _SEPARATOR.join(word.replace(_SEPARATOR, ",") for word in words)


def _quotes(evidences: Iterable[Evidence]) -> str:
    return _joined(e.quote for e in evidences)


def _lines(columns: Sequence[str], rows: Iterable[Sequence[Value]]) -> Iterator[str]:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_number(cell) if isinstance(cell, str) else cell for cell in row])
        yield out.getvalue()
        out.seek(0)
        out.truncate()
    yield out.getvalue()


def _number(cell: str) -> Value:
    """Negative figures are numbers, no formulas."""
    return cell if cell[:1] == "-" and cell[1:].replace(".", "", 1).isdigit() else defuse(cell)

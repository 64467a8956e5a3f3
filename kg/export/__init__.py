"""A graph as files for other programs. To add a format: a module here, a line in `EXPORTERS`, a case in its test."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import GraphError
from kg.export import networks, tables, triples

if TYPE_CHECKING:
    from kg.graph import KnowledgeGraph

Exporter = Callable[["KnowledgeGraph", Path], list[Path]]
"""Writes one or several files into a folder that is there, and tells their paths."""

EXPORTERS: dict[str, Exporter] = {
    "turtle": triples.turtle,
    "ntriples": triples.ntriples,
    "nquads": triples.nquads,
    "trig": triples.trig,
    "jsonld": triples.jsonld,
    "rdfxml": triples.rdfxml,
    "graphml": networks.graphml,
    "gexf": networks.gexf,
    "csv": tables.csv_tables,
    "neo4j": tables.neo4j,
    "parquet": tables.parquet,
}


def export(graph: KnowledgeGraph, format: str, folder: Path) -> list[Path]:
    """Write `graph` in one of the formats of `EXPORTERS` into `folder`, made when it is not there.

    Raises `GraphError` for an unknown format, or where the folder cannot be written.
    """
    if format not in EXPORTERS:
        raise GraphError(f"there is no format {format}; choose one of {', '.join(EXPORTERS)}")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return EXPORTERS[format](graph, folder)
    except OSError as error:
        raise GraphError(f"{folder}: cannot be written ({error}); choose another folder with -o") from error

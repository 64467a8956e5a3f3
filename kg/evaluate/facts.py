"""What a graph states, read from its Turtle through the published vocabulary alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kg import schema
from kg.errors import GraphError
from kg.evaluate import forms
from kg.model import AFFIRMED

if TYPE_CHECKING:
    import pyoxigraph as ox

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_SKOS = "http://www.w3.org/2004/02/skos/core#"
_LABELS = (_SKOS + "prefLabel", _SKOS + "altLabel", "http://www.w3.org/2000/01/rdf-schema#label")


@dataclass(frozen=True, slots=True)
class Measured:
    about: str
    value: float
    unit: str
    start: str
    end: str


@dataclass(frozen=True, slots=True)
class Facts:
    entities: dict[str, tuple[set[str], set[str]]]
    """Forms of the labels, and classes, by IRI."""
    claims: set[tuple[str, str, str, str]]
    figures: list[Measured]


def of_turtle(source: Path | bytes) -> Facts:
    """Raises `GraphError` where it is not Turtle."""
    import pyoxigraph as ox

    name = str(source) if isinstance(source, Path) else "graph"
    try:
        content = source.read_bytes() if isinstance(source, Path) else source
        return _collect(quad.triple for quad in ox.parse(content, format=ox.RdfFormat.TURTLE))
    except (OSError, SyntaxError, ValueError) as error:
        raise GraphError(f"{name}: cannot be read as Turtle ({error})") from error


def _collect(triples: Iterable[ox.Triple]) -> Facts:
    about: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for triple in triples:
        about[str(triple.subject.value)][triple.predicate.value].append(str(triple.object.value))  # type: ignore[union-attr]
    vocabulary = schema.load()
    entities: dict[str, tuple[set[str], set[str]]] = {}
    claims = set()
    figures = []
    for node, said in sorted(about.items()):
        kinds = {kind.removeprefix(schema.JL) for kind in said.get(_RDF + "type", ()) if kind.startswith(schema.JL)}
        if "Claim" in kinds:
            ends = (_one(said, _RDF + part) for part in ("subject", "predicate", "object"))
            subject, predicate, object_ = ends
            polarity = _one(said, schema.JL + "polarity") or AFFIRMED
            claims.add((subject, predicate.removeprefix(schema.JL), object_, polarity))
        elif "Observation" in kinds:
            if value := _one(said, schema.JL + "value"):
                names = ("about", "unit", "start", "end")
                whom, unit, start, end = (_one(said, schema.JL + name) for name in names)
                figures.append(Measured(whom, float(value), unit, start, end))
        elif kinds & vocabulary.classes.keys():
            labels = {forms.name(text) for kind in _LABELS for text in said.get(kind, ())} - {""}
            entities[node] = labels, kinds & vocabulary.classes.keys()
    return Facts(entities, claims, figures)


def _one(said: dict[str, list[str]], predicate: str) -> str:
    return min(said.get(predicate, [""]))

"""What a machine is told of the endpoint: the SPARQL 1.1 service description, and VoID of its data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pyoxigraph as ox

_SD = "http://www.w3.org/ns/sparql-service-description#"
_VOID = "http://rdfs.org/ns/void#"
_FORMATS = "http://www.w3.org/ns/formats/"
_TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_INTEGER = ox.NamedNode("http://www.w3.org/2001/XMLSchema#integer")
_OFFERED = (
    "SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV",
    "Turtle", "N-Triples", "RDF_XML", "JSON-LD",
)  # fmt: skip
_CLASSES = "SELECT ?x (COUNT(*) AS ?n) { ?s a ?x } GROUP BY ?x ORDER BY ?x"
_PROPERTIES = "SELECT ?x (COUNT(*) AS ?n) { ?s ?x ?o } GROUP BY ?x ORDER BY ?x"


@dataclass(frozen=True, slots=True)
class Partitions:
    """Terms with how many entities or triples have them."""

    classes: list[tuple[ox.NamedNode, int]]
    properties: list[tuple[ox.NamedNode, int]]


def service(store: ox.Store, endpoint: str) -> Iterator[ox.Triple]:
    """The service description (sd:) of the endpoint at that URL; its nodes are fragments of it."""
    here, data = ox.NamedNode(endpoint), ox.NamedNode(endpoint + "#dataset")
    graph = ox.NamedNode(endpoint + "#default")
    yield ox.Triple(here, _TYPE, _sd("Service"))
    yield ox.Triple(here, _sd("endpoint"), here)
    yield ox.Triple(here, _sd("supportedLanguage"), _sd("SPARQL11Query"))
    for name in _OFFERED:
        yield ox.Triple(here, _sd("resultFormat"), ox.NamedNode(_FORMATS + name))
    yield ox.Triple(here, _sd("defaultDataset"), data)
    yield ox.Triple(data, _TYPE, _sd("Dataset"))
    yield ox.Triple(data, _sd("defaultGraph"), graph)
    yield ox.Triple(graph, _TYPE, _sd("Graph"))
    for n, known in enumerate(sorted(store.named_graphs(), key=str), start=1):
        named = ox.NamedNode(f"{endpoint}#named-{n}")
        yield ox.Triple(data, _sd("namedGraph"), named)
        yield ox.Triple(named, _TYPE, _sd("NamedGraph"))
        yield ox.Triple(named, _sd("name"), known)


def partitions(store: ox.Store) -> Partitions:
    """How often each class and each property is used; reads the whole store."""
    return Partitions(_counted(store, _CLASSES), _counted(store, _PROPERTIES))


def dataset(store: ox.Store, parts: Partitions, endpoint: str, base: str) -> Iterator[ox.Triple]:
    """What the graph says of itself as a data set, with where it is answered and how often each term is used."""
    whole = ox.NamedNode(base)
    yield from (quad.triple for quad in store.quads_for_pattern(whole, None, None, ox.DefaultGraph()))
    yield ox.Triple(whole, _TYPE, _void("Dataset"))
    yield ox.Triple(whole, _void("sparqlEndpoint"), ox.NamedNode(endpoint))
    for term, measure, counts in (("class", "entities", parts.classes), ("property", "triples", parts.properties)):
        for n, (name, count) in enumerate(counts, start=1):
            part = ox.NamedNode(f"{endpoint}#{term}-{n}")
            yield ox.Triple(whole, _void(f"{term}Partition"), part)
            yield ox.Triple(part, _void(term), name)
            yield ox.Triple(part, _void(measure), _number(count))


def _counted(store: ox.Store, query: str) -> list[tuple[ox.NamedNode, int]]:
    return [(row["x"], int(row["n"].value)) for row in store.query(query)]  # type: ignore[union-attr]


def _sd(name: str) -> ox.NamedNode:
    return ox.NamedNode(_SD + name)


def _void(name: str) -> ox.NamedNode:
    return ox.NamedNode(_VOID + name)


def _number(count: int) -> ox.Literal:
    return ox.Literal(str(count), datatype=_INTEGER)

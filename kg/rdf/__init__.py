"""RDF of a graph: the one place that makes IRIs, and sorted Turtle and N-Triples writers.

A triple is three strings in compact form: names with a prefix (`ent:sk-hynix`), literals as quoted
(`"…"@en`, `"7"^^xsd:integer`). Blank nodes are never made.
"""

from kg.rdf.subjects import (
    article_triples,
    claim_triples,
    direct_triples,
    document_triples,
    entity_triples,
    evidence_triples,
    observation_triples,
)
from kg.rdf.terms import (
    DATES,
    NODES,
    VOCABULARIES,
    Triple,
    article_id,
    evidence_id,
    iri,
    literal,
    local,
    prefixes,
)
from kg.rdf.whole import Extent, arrange, described, statements, triples
from kg.rdf.writing import blocks, declarations, ntriples, turtle

__all__ = [
    "DATES",
    "NODES",
    "VOCABULARIES",
    "Extent",
    "Triple",
    "arrange",
    "article_id",
    "article_triples",
    "blocks",
    "claim_triples",
    "declarations",
    "described",
    "direct_triples",
    "document_triples",
    "entity_triples",
    "evidence_id",
    "evidence_triples",
    "iri",
    "literal",
    "local",
    "ntriples",
    "observation_triples",
    "prefixes",
    "statements",
    "triples",
    "turtle",
]

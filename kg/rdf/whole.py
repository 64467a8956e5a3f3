"""All triples of a graph, and those that describe it as a data set."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from kg.assembly import Parts
from kg.model import Evidence
from kg.rdf.subjects import (
    article_triples,
    claim_triples,
    direct_triples,
    document_triples,
    entity_triples,
    evidence_triples,
    observation_triples,
)
from kg.rdf.terms import NODES, Triple, date, integer, literal
from kg.schema import JL

_SECTIONS = {name: number for number, name in enumerate(NODES)}


def triples(parts: Parts, *, base: str) -> list[Triple]:
    """Every triple of the graph, sorted and without repeats, with a description of the whole as a data set."""
    found = statements(parts)
    found.update(dataset(parts, len(found), base))
    return arrange(found)


def arrange(found: Iterable[Triple]) -> list[Triple]:
    """`found` in the order of a file: the data set, entities, claims, figures, evidence, articles, documents."""
    by_subject: dict[str, list[tuple[bool, str, str]]] = defaultdict(list)
    for s, p, o in found:
        by_subject[s].append((p != "rdf:type", p, o))
    return [(s, p, o) for s in sorted(by_subject, key=_section) for _, p, o in sorted(by_subject[s])]


def statements(parts: Parts) -> set[Triple]:
    """The triples of all tables."""
    found: set[Triple] = set()
    for entity in parts.entities.values():
        found.update(entity_triples(entity))
    evidences: set[Evidence] = set()
    for claim in parts.claims:
        found.update(claim_triples(claim))
        if claim.direct:
            found.update(direct_triples(claim))
        evidences.update(claim.evidence)
    for observation in parts.observations:
        found.update(observation_triples(observation))
        evidences.update(observation.evidence)
    for evidence in evidences:
        found.update(evidence_triples(evidence))
    for article in parts.articles:
        key = (article.document, article.id)
        found.update(article_triples(article, parts.credits.get(key, ()), parts.copies.get(key, key)))
    for document in parts.documents:
        found.update(document_triples(document))
    return found


def dataset(parts: Parts, others: int, base: str) -> list[Triple]:
    """DCAT and VoID: what the data set holds. `others` is the number of all other triples."""
    dates = sorted(d.date for d in parts.documents if d.date)
    return described(Extent(len(parts.entities), len(parts.documents), others, tuple(dates[:1] + dates[-1:])), base)


@dataclass(frozen=True, slots=True)
class Extent:
    """How much a graph holds. `triples` without those that describe it; `dates` the first and the last, if any."""

    entities: int
    documents: int
    triples: int
    dates: tuple[str, ...] = ()


def described(extent: Extent, base: str) -> list[Triple]:
    """DCAT and VoID of a graph of that extent."""
    node = f"<{base}>"
    found: list[Triple] = [
        (node, "rdf:type", "dcat:Dataset"),
        (node, "rdf:type", "void:Dataset"),
        (node, "dcterms:title", literal("Jinluo knowledge graph", "@en")),
        (node, "dcterms:conformsTo", f"<{JL.removesuffix('#')}>"),
        (node, "void:vocabulary", f"<{JL}>"),
        (node, "void:uriSpace", literal(base)),
        (node, "void:entities", integer(extent.entities)),
        (node, "void:documents", integer(extent.documents)),
    ]
    if extent.dates:
        first, last = extent.dates
        found += [(node, "schema:startDate", date(first)), (node, "schema:endDate", date(last))]
    return [*found, (node, "void:triples", integer(extent.triples + len(found) + 1))]


def _section(subject: str) -> tuple[int, str]:
    return _SECTIONS.get(subject.partition(":")[0], -1), subject

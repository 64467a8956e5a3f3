"""Large graphs in little memory: one object for equal values, triples made and written a part at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Set
from dataclasses import replace
from itertools import groupby
from sys import intern
from typing import TypeVar

from kg import rdf
from kg.assembly import Parts
from kg.model import Article, Claim, Entity, Evidence, Extraction, Observation, Piece
from kg.rdf import Triple

_CHUNK = 20_000
"""Rows whose triples are in memory at a time."""
T = TypeVar("T")


def extractions(found: Iterable[Extraction]) -> Iterator[Extraction]:
    """The same without what assembly does not use."""
    entities: dict[Entity, Entity] = {}
    for extraction in found:
        yield replace(
            extraction,
            articles=tuple(_article(a) for a in extraction.articles),
            entities=tuple(entities.setdefault(e, e) for e in extraction.entities),
            claims=tuple(_claim(c) for c in extraction.claims),
            observations=tuple(_observation(o) for o in extraction.observations),
        )


def triples(parts: Parts, base: str) -> Iterator[list[Triple]]:
    """What `rdf.triples` gives, in the same order and in lists one after the other, but for the first: that comes last.

    The first is the description of the data set, which counts all others. No subject is in two lists.
    """
    count = 0
    for found in _sections(parts):
        count += len(found)
        yield rdf.arrange(found)
    yield rdf.arrange(rdf.dataset(parts, count, base))


def _sections(parts: Parts) -> Iterator[Set[Triple]]:
    empty = replace(parts, documents=(), articles=(), entities={}, claims=(), observations=(), problems=(), creators={})
    direct: dict[str, list[Triple]] = defaultdict(list)
    for claims in _chunks(parts.claims, lambda c: c.id):
        for triple in rdf.statements(replace(empty, claims=tuple(claims))):
            if triple[0].startswith("ent:"):
                direct[triple[0]].append(triple)
    for entities in _chunks(parts.entities.values(), lambda e: rdf.local(e.id)):
        found = rdf.statements(replace(empty, entities={e.id: e for e in entities}))
        found.update(t for e in entities for t in direct.pop(f"ent:{rdf.local(e.id)}", ()))
        yield found
    evidences: set[Evidence] = set()
    for claims in _chunks(parts.claims, lambda c: c.id):
        evidences.update(e for c in claims for e in c.evidence)
        yield {t for t in rdf.statements(replace(empty, claims=tuple(claims))) if t[0].startswith("claim:")}
    for figures in _chunks(parts.observations, lambda o: o.id):
        evidences.update(e for o in figures for e in o.evidence)
        yield {t for t in rdf.statements(replace(empty, observations=tuple(figures))) if t[0].startswith("obs:")}
    for places in _chunks(evidences, rdf.evidence_id):
        yield {t for e in places for t in rdf.evidence_triples(e)}
    for articles in _chunks(parts.articles, lambda a: rdf.article_id(a.document, a.id)):
        yield rdf.statements(replace(empty, articles=tuple(articles), creators=parts.creators, copies=parts.copies))
    for documents in _chunks(parts.documents, lambda d: rdf.local(d.id)):
        yield rdf.statements(replace(empty, documents=tuple(documents)))


def _chunks(rows: Iterable[T], key: Callable[[T], str]) -> Iterator[list[T]]:
    """`rows` sorted by `key`; those of one key stay together."""
    chunk: list[T] = []
    for _, same in groupby(sorted(rows, key=key), key=key):
        chunk.extend(same)
        if len(chunk) >= _CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _article(article: Article) -> Article:
    """Only where it begins and ends in the document is left of its pieces."""
    if len(article.pieces) < 2:
        return article
    first = min(p.source for p in article.pieces)
    return replace(article, pieces=(Piece(0, first, max(p.source + p.length for p in article.pieces) - first),))


def _claim(claim: Claim) -> Claim:
    return replace(
        claim,
        subject=intern(claim.subject),
        predicate=intern(claim.predicate),
        object=intern(claim.object),
        polarity=intern(claim.polarity),
        modality=intern(claim.modality),
        sources=tuple(map(intern, claim.sources)),
        evidence=tuple(map(_evidence, claim.evidence)),
    )


def _observation(observation: Observation) -> Observation:
    return replace(
        observation,
        about=intern(observation.about),
        indicator=intern(observation.indicator),
        unit=intern(observation.unit),
        evidence=_evidence(observation.evidence),
    )


def _evidence(evidence: Evidence) -> Evidence:
    return replace(evidence, document=intern(evidence.document), article=intern(evidence.article))

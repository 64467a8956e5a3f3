"""The contents of rows, and documents made into rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

import msgspec

from kg import rdf
from kg.assembly.facts import Facts
from kg.assembly.parts import Credited
from kg.assembly.summary import Summary
from kg.model import AFFIRMED, FACT, Article, Claim, Document, Entity, Evidence, Extraction, Observation, Piece, Span
from kg.partitions.rows import (
    ARTICLE,
    CLAIM,
    DOCUMENT,
    ENTITY,
    EVIDENCE,
    OBSERVATION,
    PROBLEM,
    REFERENCE,
    Sheets,
)

Place = tuple[str, int, int]
"""Article, start and end of an evidence; the words stand in the evidence's own row."""


Words = Mapping[tuple[str, int, int], Evidence]
"""Evidence by document, start and end. Where it lacks some, they come without words."""


class ClaimContent(msgspec.Struct, array_like=True, frozen=True):
    subject: str
    predicate: str
    object: str
    polarity: str
    modality: str
    confidence: float
    places: tuple[Place, ...]
    attributed_to: str | None
    role: str | None
    start: str | None
    end: str | None
    sources: tuple[str, ...]

    def claim(self, document: str, words: Words) -> Claim:
        return Claim(
            self.subject, self.predicate, self.object, self.polarity, self.modality, self.confidence,
            tuple([evidence_at(document, p, words) for p in self.places]), self.attributed_to, self.role, self.start,
            self.end, self.sources,
        )  # fmt: skip


class ObservationContent(msgspec.Struct, array_like=True, frozen=True):
    about: str
    indicator: str
    value: str
    unit: str
    text: str
    place: Place
    kind: str
    start: str | None
    end: str | None
    qualifier: str | None
    attributed_to: str | None
    indicator_entity: str | None
    confidence: float

    def observation(self, document: str, words: Words) -> Observation:
        place = evidence_at(document, self.place, words)
        return Observation(
            self.about, self.indicator, Decimal(self.value), self.unit, self.text, place,
            self.kind, self.start, self.end, self.qualifier, self.attributed_to, self.indicator_entity, self.confidence,
        )  # fmt: skip


class EvidenceContent(msgspec.Struct, array_like=True, frozen=True):
    place: Place
    quote: str

    def evidence(self, document: str) -> Evidence:
        article, start, end = self.place
        return Evidence(document, article, Span(start, end), self.quote)


class ArticleContent(msgspec.Struct, array_like=True, frozen=True):
    article: Article
    credits: tuple[Credited, ...]


def add_document(sheets: Sheets, extraction: Extraction, summary: Summary, found: Facts) -> None:
    """All rows of one document. Its references tell which entities' fate it depends on, and which it describes."""
    document, described = extraction.document, {e.id for e in summary.entities}
    for id_ in summary.ids | _named(extraction):
        sheets.add(REFERENCE, id_, document.id, id_ in described)
    for problem in found.problems:
        sheets.add(PROBLEM, document.id, document.id, problem)
    evidences: set[Evidence] = set()
    for id_, claim in found.claims:
        sheets.add(CLAIM, id_, document.id, _claim(claim))
        evidences.update(claim.evidence)
        if (claim.polarity, claim.modality) == (AFFIRMED, FACT):
            for subject, predicate, object_ in rdf.direct_triples(claim):
                sheets.add(ENTITY, subject.removeprefix("ent:"), document.id, (predicate, object_))
    for id_, figure in found.observations:
        sheets.add(OBSERVATION, id_, document.id, _observation(figure))
        evidences.add(figure.evidence)
    for e in evidences:
        sheets.add(EVIDENCE, rdf.evidence_id(e), document.id, EvidenceContent(_place(e), e.quote))
    for article in extraction.articles:
        content = ArticleContent(_light(article), found.credits.get(article.id, ()))
        sheets.add(ARTICLE, rdf.article_id(article.document, article.id), document.id, content)
    sheets.add(DOCUMENT, rdf.local(document.id), document.id, replace(document, text="", cuts=()))


def add_entity(sheets: Sheets, entity: Entity) -> None:
    """The row of a merged entity; it is no document's."""
    sheets.add(ENTITY, rdf.local(entity.id), "", entity)


def _named(extraction: Extraction) -> set[str]:
    """The ids that claims and figures name."""
    ids = {i for c in extraction.claims for i in (c.subject, c.object, c.attributed_to)}
    ids.update(i for o in extraction.observations for i in (o.about, o.attributed_to, o.indicator_entity))
    return {i for i in ids if i is not None}


def _claim(c: Claim) -> ClaimContent:
    return ClaimContent(
        c.subject, c.predicate, c.object, c.polarity, c.modality, c.confidence, tuple(map(_place, c.evidence)),
        c.attributed_to, c.role, c.start, c.end, c.sources,
    )  # fmt: skip


def _observation(o: Observation) -> ObservationContent:
    return ObservationContent(
        o.about, o.indicator, str(o.value), o.unit, o.text, _place(o.evidence), o.kind, o.start, o.end, o.qualifier,
        o.attributed_to, o.indicator_entity, o.confidence,
    )  # fmt: skip


def _place(evidence: Evidence) -> Place:
    return evidence.article, evidence.span.start, evidence.span.end


def evidence_at(document: str, place: Place, words: Words) -> Evidence:
    """The evidence at a place, with its words where these are known."""
    article, start, end = place
    known = words.get((document, start, end))
    if known is not None and known.article == article:
        return known
    return Evidence(document, article, Span(start, end), known.quote if known else "")


def _light(article: Article) -> Article:
    """An article without text and sketch; only where it begins and ends in the document is left of its pieces."""
    if not article.pieces:
        return replace(article, text="", sketch=b"")
    first = min(p.source for p in article.pieces)
    whole = Piece(0, first, max(p.source + p.length for p in article.pieces) - first)
    return replace(article, text="", sketch=b"", pieces=(whole,))


as_claim = msgspec.msgpack.Decoder(ClaimContent).decode
as_observation = msgspec.msgpack.Decoder(ObservationContent).decode
as_evidence = msgspec.msgpack.Decoder(EvidenceContent).decode
as_article = msgspec.msgpack.Decoder(ArticleContent).decode
as_document = msgspec.msgpack.Decoder(Document).decode
as_entity = msgspec.msgpack.Decoder(Entity).decode
as_pair = msgspec.msgpack.Decoder(tuple[str, str]).decode

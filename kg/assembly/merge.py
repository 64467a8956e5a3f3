"""From the extractions of many documents to the tables of one graph: a pure function of the set of extractions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from math import prod

from kg import schema
from kg.assembly.check import claim_fault, entity_fault, observation_fault
from kg.assembly.identity import content_id
from kg.assembly.parts import MergedClaim, MergedObservation, Parts, Period
from kg.assembly.resolve import HASHED, resolve
from kg.model import Article, Author, Claim, Document, Entity, Evidence, Extraction, Observation, Problem
from kg.text import fold

ArticleKey = tuple[str, str]
Copies = Mapping[ArticleKey, ArticleKey]
"""For articles that tell the same story as others, (document id, article id) to the one that stands for the story."""
_DIGITS = 4


def merge(extractions: Iterable[Extraction], *, copies: Copies | None = None) -> Parts:
    """The graph of `extractions`, whatever their order. A document given twice counts once.

    `copies` tells which articles tell the same story; None finds them.
    What refers to an unknown entity, or does not fit the vocabulary's classes, is left out and becomes a problem.
    """
    problems: set[Problem] = set()
    unique = [_named(extraction, problems) for extraction in _unique(extractions)]
    entities, became = resolve(unique)
    creators = _creators(unique, entities, became)
    articles = tuple(sorted((a for e in unique for a in e.articles), key=lambda a: (a.document, a.id)))
    if copies is None:
        copies = find_copies(articles) if any(a.sketch for a in articles) else {}
    builder = _Builder(entities, became, copies, problems)
    for extraction in unique:
        for claim in extraction.claims:
            builder.claim(claim, extraction.document)
        for observation in extraction.observations:
            builder.observation(observation, extraction.document)
    problems.update(p for e in unique for p in e.problems)
    return Parts(
        documents=tuple(e.document for e in unique),
        articles=articles,
        entities=dict(sorted(entities.items())),
        claims=builder.claims(),
        observations=builder.observations(),
        problems=tuple(sorted(problems, key=lambda p: (p.document, p.code, p.reason))),
        creators=creators,
        copies=dict(sorted(copies.items())),
    )


def find_copies(articles: Iterable[Article]) -> Copies:
    """The copies among `articles` by their sketches."""
    from kg import duplicates  # NumPy takes time to load

    return duplicates.copies(articles)


def _unique(extractions: Iterable[Extraction]) -> list[Extraction]:
    by_id: dict[str, Extraction] = {}
    for extraction in extractions:
        known = by_id.get(extraction.document.id)
        if known is None or extraction.document.name < known.document.name:
            by_id[extraction.document.id] = extraction
    return [by_id[id_] for id_ in sorted(by_id)]


def _named(extraction: Extraction, problems: set[Problem]) -> Extraction:
    """`extraction` with the entities that have a class and a name; the others become problems."""
    sound = []
    for entity in extraction.entities:
        if fault := entity_fault(entity):
            problems.add(Problem(extraction.document.name, fault[0], f"{fault[1]}: {entity.id}"))
        elif all(name.strip() for _, name in (*entity.labels, *entity.aliases)):
            sound.append(entity)
        else:
            labels, aliases = (
                tuple((tag, name) for tag, name in names if name.strip()) for names in (entity.labels, entity.aliases)
            )
            sound.append(replace(entity, labels=labels, aliases=aliases))
    return replace(extraction, entities=tuple(sound))


def _creators(
    extractions: Sequence[Extraction], entities: dict[str, Entity], became: Mapping[str, str]
) -> dict[ArticleKey, tuple[str, ...]]:
    """The authors' entities by article; an author whom the document's entities lack becomes one here."""
    found: dict[ArticleKey, tuple[str, ...]] = {}
    for extraction in extractions:
        persons: dict[str, set[str]] = defaultdict(set)
        for entity in extraction.entities:
            if entity.cls == "Person":
                for _, name in (*entity.labels, *entity.aliases):
                    persons[fold(name)].add(became.get(entity.id, entity.id))
        for article in extraction.articles:
            ids = {_creator(article, author, persons, entities) for author in article.authors if author.name.strip()}
            if ids:
                found[article.document, article.id] = tuple(sorted(ids))
    return found


def _creator(article: Article, author: Author, persons: Mapping[str, set[str]], entities: dict[str, Entity]) -> str:
    known = persons.get(fold(author.name), set())
    if len(known) == 1:
        return next(iter(known))
    # Without an organisation a name says nothing across documents: the person stays this document's own.
    where = fold(author.organization) if author.organization else article.document
    id_ = HASHED + content_id("Person", fold(author.name), where)
    entities.setdefault(id_, Entity(id_, "Person", (("zh-Hant", author.name),)))
    return id_


@dataclass
class _Builder:
    """Gathers what documents say under each key, then makes the merged tables."""

    entities: Mapping[str, Entity]
    became: Mapping[str, str]
    copies: Copies
    problems: set[Problem]
    _claims: dict[tuple[str, str, str, str, str], list[Claim]] = field(default_factory=lambda: defaultdict(list))
    _figures: dict[tuple[object, ...], list[Observation]] = field(default_factory=lambda: defaultdict(list))

    def claim(self, claim: Claim, document: Document) -> None:
        subject, object_ = self._known(claim.subject), self._known(claim.object)
        named = f"{claim.subject} {claim.predicate} {claim.object}"
        if subject is None or object_ is None:
            return self._aside(document, "unknown-entity", f"claim of an entity that is not there: {named}")
        if subject == object_:
            return self._aside(document, "self-claim", f"subject and object are one thing: {named}")
        if fault := claim_fault(claim, document):
            return self._aside(document, fault[0], f"{fault[1]}: {named}")
        classes = self.entities[subject].cls, self.entities[object_].cls
        vocabulary = schema.load()
        if not vocabulary.allows(claim.predicate, *classes):
            return self._aside(document, "classes", f"{claim.predicate} cannot join {' and '.join(classes)}: {named}")
        if vocabulary.relations[claim.predicate].symmetric and object_ < subject:
            subject, object_ = object_, subject
        self._claims[subject, claim.predicate, object_, claim.polarity, claim.modality].append(claim)

    def observation(self, observation: Observation, document: Document) -> None:
        about = self._known(observation.about)
        if about is None:
            reason = f"figure of an entity that is not there: {observation.about} {observation.text}"
            return self._aside(document, "unknown-entity", reason)
        if fault := observation_fault(observation, document):
            return self._aside(document, fault[0], f"{fault[1]}: {observation.text}")
        o = observation
        key = (about, fold(o.indicator), o.value.normalize(), o.unit, o.kind, o.start, o.end)
        self._figures[key].append(o)

    def claims(self) -> tuple[MergedClaim, ...]:
        return tuple(self._merged_claim(key, found) for key, found in sorted(self._claims.items()))

    def observations(self) -> tuple[MergedObservation, ...]:
        merged = (self._merged_observation(key, found) for key, found in self._figures.items())
        return tuple(sorted(merged, key=lambda o: (o.about, o.start or "", o.indicator, o.value, o.id)))

    def _merged_claim(self, key: tuple[str, str, str, str, str], found: Sequence[Claim]) -> MergedClaim:
        periods: set[Period] = {(c.start, c.end) for c in found if c.start or c.end}
        return MergedClaim(
            content_id(*key),
            *key,
            confidence=self._confidence([(c.confidence, e) for c in found for e in c.evidence]),
            evidence=tuple(sorted({e for c in found for e in c.evidence})),
            attributed_to=self._speakers(found),
            roles=_distinct(c.role for c in found),
            periods=tuple(sorted(periods, key=lambda p: (p[0] or "", p[1] or ""))),
            sources=tuple(sorted({s for c in found for s in c.sources})),
        )

    def _merged_observation(self, key: tuple[object, ...], found: Sequence[Observation]) -> MergedObservation:
        best = min(found, key=lambda o: (-o.confidence, o.evidence, o.text, o.qualifier or ""))
        entities = sorted({e for o in found if (e := self._known(o.indicator_entity)) is not None})
        return MergedObservation(
            id=content_id(*key),
            about=str(key[0]),
            indicator=best.indicator,
            value=Decimal(format(best.value.normalize(), "f")),
            unit=best.unit,
            kind=best.kind,
            start=best.start,
            end=best.end,
            text=best.text,
            qualifier=best.qualifier,
            confidence=self._confidence([(o.confidence, o.evidence) for o in found]),
            evidence=tuple(sorted({o.evidence for o in found})),
            attributed_to=self._speakers(found),
            indicator_entity=entities[0] if entities else None,
        )

    def _confidence(self, said: Sequence[tuple[float, Evidence]]) -> float:
        """Noisy-or over articles; in one article, and over copies of it, the surest place counts."""
        best: dict[object, float] = {}
        for confidence, evidence in said:
            article = (evidence.document, evidence.article)
            group = self.copies.get(article, article)
            best[group] = max(best.get(group, 0.0), confidence)
        doubts = sorted(1.0 - min(max(c, 0.0), 1.0) for c in best.values())
        return round(1.0 - prod(doubts), _DIGITS)

    def _speakers(self, found: Sequence[Claim] | Sequence[Observation]) -> tuple[str, ...]:
        return tuple(sorted({s for f in found if (s := self._known(f.attributed_to)) is not None}))

    def _known(self, id_: str | None) -> str | None:
        if id_ is None:
            return None
        id_ = self.became.get(id_, id_)
        return id_ if id_ in self.entities else None

    def _aside(self, document: Document, code: str, reason: str) -> None:
        self.problems.add(Problem(document.name, code, reason))


def _distinct(texts: Iterable[str | None]) -> tuple[str, ...]:
    """One of each that differ beyond script, width and case."""
    by_form: dict[str, str] = {}
    for text in texts:
        if text:
            form = fold(text)
            by_form[form] = min(by_form.get(form, text), text)
    return tuple(sorted(by_form.values()))

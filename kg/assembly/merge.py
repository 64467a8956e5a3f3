"""From the extractions of many documents to the tables of one graph: a pure function of the set of extractions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from math import prod

from kg.assembly.census import Census
from kg.assembly.copies import ArticleKey, Copies, find_copies
from kg.assembly.facts import Resolution, facts
from kg.assembly.parts import Credited, MergedClaim, MergedObservation, Parts, Period
from kg.assembly.summary import Summary, summarize
from kg.model import Claim, Evidence, Extraction, Observation, Problem
from kg.text import fold

_DIGITS = 4


def merge(extractions: Iterable[Extraction], *, copies: Copies | None = None) -> Parts:
    """The graph of `extractions`, whatever their order. A document given twice counts once.

    `copies` tells which articles tell the same story; None finds them.
    What refers to an unknown entity, or does not fit the vocabulary's classes, is left out and becomes a problem.
    """
    unique = _unique(extractions)
    summaries = [summarize(extraction) for extraction in unique]
    census = Census()
    for summary in summaries:
        census.add(summary)
    entities, became = census.resolve(lambda ids: _places(summaries, ids))
    resolution = Resolution(became, {id_: entity.cls for id_, entity in entities.items()})
    claims: dict[str, list[Claim]] = defaultdict(list)
    figures: dict[str, list[Observation]] = defaultdict(list)
    credits: dict[ArticleKey, tuple[Credited, ...]] = {}
    problems: set[Problem] = set()
    for extraction, summary in zip(unique, summaries, strict=True):
        found = facts(extraction, summary, resolution)
        for id_, claim in found.claims:
            claims[id_].append(claim)
        for id_, figure in found.observations:
            figures[id_].append(figure)
        credits.update({(extraction.document.id, article): ids for article, ids in found.credits.items()})
        problems.update(found.problems)
    articles = tuple(sorted((a for e in unique for a in e.articles), key=lambda a: (a.document, a.id)))
    if copies is None:
        copies = find_copies(articles)
    merged = (merged_observation(id_, found, copies) for id_, found in figures.items())
    return Parts(
        documents=tuple(e.document for e in unique),
        articles=articles,
        entities=dict(sorted(entities.items())),
        claims=tuple(sorted((merged_claim(id_, found, copies) for id_, found in claims.items()), key=lambda c: c.key)),
        observations=tuple(sorted(merged, key=observation_order)),
        problems=tuple(sorted(problems, key=lambda p: (p.document, p.code, p.reason))),
        credits=credits,
        copies=dict(sorted(copies.items())),
    )


def observation_order(o: MergedObservation) -> tuple[object, ...]:
    return o.about, o.start or "", o.indicator, o.value, o.id


def _unique(extractions: Iterable[Extraction]) -> list[Extraction]:
    by_id: dict[str, Extraction] = {}
    for extraction in extractions:
        known = by_id.get(extraction.document.id)
        if known is None or extraction.document.name < known.document.name:
            by_id[extraction.document.id] = extraction
    return [by_id[id_] for id_ in sorted(by_id)]


def _places(summaries: Iterable[Summary], ids: set[str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for summary in summaries:
        for entity in summary.entities:
            if entity.id in ids:
                found[entity.id].add(summary.document)
    return found


def merged_claim(id_: str, found: Sequence[Claim], copies: Copies) -> MergedClaim:
    """One claim of all that state it, in whatever order."""
    first = found[0]
    periods: set[Period] = {(c.start, c.end) for c in found if c.start or c.end}
    return MergedClaim(
        id_,
        first.subject,
        first.predicate,
        first.object,
        first.polarity,
        first.modality,
        confidence=_confidence([(c.confidence, e) for c in found for e in c.evidence], copies),
        evidence=_in_order({e for c in found for e in c.evidence}),
        attributed_to=_speakers(found),
        roles=_distinct(c.role for c in found),
        periods=tuple(sorted(periods, key=lambda p: (p[0] or "", p[1] or ""))),
        sources=tuple(sorted({s for c in found for s in c.sources})),
    )


def merged_observation(id_: str, found: Sequence[Observation], copies: Copies) -> MergedObservation:
    """One figure of all that state it, in whatever order."""
    best = found[0] if len(found) == 1 else min(found, key=_surest)
    entities = sorted({o.indicator_entity for o in found if o.indicator_entity is not None})
    return MergedObservation(
        id=id_,
        about=best.about,
        indicator=best.indicator,
        value=Decimal(format(best.value.normalize(), "f")),
        unit=best.unit,
        kind=best.kind,
        start=best.start,
        end=best.end,
        text=best.text,
        qualifier=best.qualifier,
        confidence=_confidence([(o.confidence, o.evidence) for o in found], copies),
        evidence=_in_order({o.evidence for o in found}),
        attributed_to=_speakers(found),
        indicator_entity=entities[0] if entities else None,
    )


def _surest(o: Observation) -> tuple[object, ...]:
    return -o.confidence, o.evidence, o.text, o.qualifier or "", o.indicator


def _in_order(places: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """By document, article and place: the order of `Evidence`, told faster."""
    return tuple(sorted(places, key=lambda e: (e.document, e.article, e.span.start, e.span.end, e.quote)))


def _confidence(said: Sequence[tuple[float, Evidence]], copies: Copies) -> float:
    """Noisy-or over articles; in one article, and over copies of it, the surest place counts."""
    best: dict[object, float] = {}
    for confidence, evidence in said:
        article = (evidence.document, evidence.article)
        group = copies.get(article, article)
        best[group] = max(best.get(group, 0.0), confidence)
    doubts = sorted(1.0 - min(max(c, 0.0), 1.0) for c in best.values())
    return round(1.0 - prod(doubts), _DIGITS)


def _speakers(found: Sequence[Claim] | Sequence[Observation]) -> tuple[str, ...]:
    return tuple(sorted({f.attributed_to for f in found if f.attributed_to is not None}))


def _distinct(texts: Iterable[str | None]) -> tuple[str, ...]:
    """One of each that differ beyond script, width and case."""
    by_form: dict[str, str] = {}
    for text in texts:
        if text:
            form = fold(text)
            by_form[form] = min(by_form.get(form, text), text)
    return tuple(sorted(by_form.values()))

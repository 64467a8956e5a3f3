"""A graph taken apart again by document: for named graphs, and to send it in pieces."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

from kg.assembly.parts import MergedClaim, MergedObservation, Parts
from kg.model import Evidence

T = TypeVar("T", MergedClaim, MergedObservation)


def by_document(parts: Parts) -> Iterator[tuple[str, Parts]]:
    """For each document's id the part of the graph that it bears out.

    Together the parts hold every claim, figure, evidence, article and document, and every entity that these name.
    What many documents state together (confidence, speakers) stands in each of their parts.
    """
    claims, figures = _within(parts.claims), _within(parts.observations)
    articles = defaultdict(list)
    for article in parts.articles:
        articles[article.document].append(article)
    for document in parts.documents:
        own_claims, own_figures = tuple(claims[document.id]), tuple(figures[document.id])
        keys = [(document.id, a.id) for a in articles[document.id]]
        credits = {key: parts.credits[key] for key in keys if key in parts.credits}
        used = {i for c in own_claims for i in (c.subject, c.object, *c.attributed_to)}
        used |= {i for o in own_figures for i in (o.about, o.indicator_entity, *o.attributed_to) if i}
        used |= {i for own in credits.values() for _, i in own}
        yield (
            document.id,
            Parts(
                documents=(document,),
                articles=tuple(articles[document.id]),
                entities={id_: parts.entities[id_] for id_ in sorted(used)},
                claims=own_claims,
                observations=own_figures,
                problems=(),
                credits=credits,
                copies={key: parts.copies[key] for key in keys if key in parts.copies},
            ),
        )


def _within(stated: Sequence[T]) -> dict[str, list[T]]:
    """Claims or observations by document, each with the evidences that stand there."""
    found: dict[str, list[T]] = defaultdict(list)
    for fact in stated:
        places: dict[str, list[Evidence]] = defaultdict(list)
        for evidence in fact.evidence:
            places[evidence.document].append(evidence)
        for document, evidences in places.items():
            found[document].append(replace(fact, evidence=tuple(evidences)))
    return found

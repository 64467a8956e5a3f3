"""All that is known of one entity, and the short HTML forms that notebooks show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from kg.assembly import MergedClaim, MergedObservation
from kg.model import Entity
from kg.names import display

if TYPE_CHECKING:
    from kg.graph import KnowledgeGraph

_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Profile:
    """An entity with the claims that it is subject or object of and its figures, the surest first."""

    entity: Entity
    claims: tuple[MergedClaim, ...]
    figures: tuple[MergedObservation, ...]
    said: tuple[MergedClaim | MergedObservation, ...]
    """What is attributed to it."""
    names: dict[str, str]
    """Display names of all entities that occur here, by id."""

    def _repr_html_(self) -> str:
        rows = [
            (
                self.names[c.subject],
                ("not " if c.polarity == "negated" else "") + c.predicate,
                self.names[c.object],
                c.evidence[0].quote,
            )
            for c in self.claims[:_SHOWN]
        ]
        figures = [(o.indicator, f"{o.value} {o.unit}", o.start or "", o.text) for o in self.figures[:_SHOWN]]
        title = f"<h4>{escape(display(self.entity))} <small>{escape(self.entity.cls)}</small></h4>"
        return title + _table(rows) + _table(figures)


def profile(known: KnowledgeGraph, entity: Entity) -> Profile:
    claims = [c for c in known.claims if entity.id in (c.subject, c.object)]
    figures = [o for o in known.observations if o.about == entity.id]
    stated: tuple[MergedClaim | MergedObservation, ...] = (*known.claims, *known.observations)
    said = [s for s in stated if entity.id in s.attributed_to]
    shown: tuple[MergedClaim | MergedObservation, ...] = (*claims, *figures, *said)
    ids = {i for s in shown for i in (*_about(s), *s.attributed_to)} | {entity.id}
    return Profile(
        entity,
        tuple(sorted(claims, key=lambda c: (-len(c.evidence), -c.confidence, c.key))),
        tuple(sorted(figures, key=lambda o: (o.start or "", o.indicator, o.id), reverse=True)),
        tuple(said),
        {i: display(known.parts.entities[i]) for i in sorted(ids)},
    )


def _about(stated: MergedClaim | MergedObservation) -> tuple[str, ...]:
    return (stated.about,) if isinstance(stated, MergedObservation) else (stated.subject, stated.object)


def graph_html(known: KnowledgeGraph) -> str:
    """A table of the most connected entities below a line of counts."""
    degree = Counter(i for c in known.claims for i in (c.subject, c.object))
    top = sorted(degree.items(), key=lambda pair: (-pair[1], pair[0]))[:_SHOWN]
    rows = [(display(known.parts.entities[i]), known.parts.entities[i].cls, f"{count} claims") for i, count in top]
    return f"<p>{escape(repr(known))}</p>" + _table(rows)


def _table(rows: Sequence[tuple[str, ...]]) -> str:
    body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table>{body}</table>" if rows else ""

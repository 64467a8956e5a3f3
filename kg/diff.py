"""What changed from one graph to another: facts added, removed and changed, with their evidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from kg.assembly import MergedClaim, MergedObservation
from kg.model import Entity
from kg.names import display

if TYPE_CHECKING:
    from kg.graph import KnowledgeGraph

Fact = Entity | MergedClaim | MergedObservation
T = TypeVar("T", Entity, MergedClaim, MergedObservation)
ADDED, REMOVED, CHANGED = "added", "removed", "changed"


@dataclass(frozen=True, slots=True)
class Change:
    """One fact that differs: as it was, as it is, and the words of its first evidence."""

    kind: str
    before: Fact | None
    after: Fact | None
    text: str
    quote: str = ""


def diff(before: KnowledgeGraph, after: KnowledgeGraph) -> list[Change]:
    """All changes: entities, claims, then observations, each by id. A fact whose evidence alone differs is changed."""
    names = {e.id: display(e) for graph in (before, after) for e in graph.entities}
    return [
        *_changes({e.id: e for e in before.entities}, {e.id: e for e in after.entities}, names),
        *_changes({c.id: c for c in before.claims}, {c.id: c for c in after.claims}, names),
        *_changes({o.id: o for o in before.observations}, {o.id: o for o in after.observations}, names),
    ]


def _changes(before: Mapping[str, T], after: Mapping[str, T], names: Mapping[str, str]) -> list[Change]:
    found = []
    for id_ in sorted({*before, *after}):
        old, new = before.get(id_), after.get(id_)
        if old != new:
            fact = new or old
            assert fact is not None
            kind = ADDED if old is None else REMOVED if new is None else CHANGED
            quote = "" if isinstance(fact, Entity) else fact.evidence[0].quote
            found.append(Change(kind, old, new, tell(fact, names), quote))
    return found


def tell(fact: Fact, names: Mapping[str, str]) -> str:
    """A fact in one line."""
    if isinstance(fact, Entity):
        return f"{display(fact)} ({fact.cls})"
    if isinstance(fact, MergedObservation):
        period = "/".join(dict.fromkeys(d for d in (fact.start, fact.end) if d))
        return " ".join(filter(None, (names[fact.about], fact.indicator, f"{fact.value} {fact.unit}", period)))
    marks = [m for m in (fact.polarity, fact.modality) if m not in ("affirmed", "fact")]
    line = f"{names[fact.subject]} {fact.predicate} {names[fact.object]}"
    return f"{line} ({', '.join(marks)})" if marks else line

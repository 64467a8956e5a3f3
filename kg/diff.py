"""What changed from one graph to another: facts added, removed and changed, with their evidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
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
    """One fact that differs: as it was, as it is, in what, and the words of an evidence, a new one where there is."""

    kind: str
    before: Fact | None
    after: Fact | None
    text: str
    quote: str = ""
    what: tuple[str, ...] = ()
    """For a changed one, each part that differs, such as `confidence 0.8 → 0.9`."""


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
            what = _what(old, new) if old is not None and new is not None else ()
            found.append(Change(kind, old, new, tell(fact, names), _quote(old, new), what))
    return found


def _quote(old: Fact | None, new: Fact | None) -> str:
    """The words of the first evidence that only one of them has; where they share all, of the first."""
    before, after = (f.evidence if isinstance(f, MergedClaim | MergedObservation) else () for f in (old, new))
    places = [*(e for e in after if e not in before), *(e for e in before if e not in after), *after]
    return places[0].quote if places else ""


def _what(old: Fact, new: Fact) -> tuple[str, ...]:
    told = []
    for field in fields(old):
        before, after = getattr(old, field.name), getattr(new, field.name)
        if before == after:
            continue
        if isinstance(before, tuple):
            signs = [f"{sign}{len(those)}" for sign, those in _exchanged(before, after) if those]
            told.append(f"{field.name} {' '.join(signs) or 'in another order'}")
        else:
            told.append(f"{field.name} {before} → {after}")
    return tuple(told)


def _exchanged(before: tuple[object, ...], after: tuple[object, ...]) -> list[tuple[str, list[object]]]:
    return [("+", [v for v in after if v not in before]), ("-", [v for v in before if v not in after])]


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

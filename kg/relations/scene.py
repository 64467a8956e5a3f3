"""An article as patterns see it: folded text, clauses with their groups of names, and the slots around a place.

A slot is where an argument stands relative to a trigger: (place, mark). Places: `L1` the nearest group before
it in the clause (`L1-` touching it), `L2`, `L3`; `C1` the subject of the nearest earlier clause of the sentence,
`C2` the sentence's first, `C3` the one of the sentence before; `R1`, `R1-`, `R2`, `R3` after it in the clause;
`N1`, `N2` the first and second group of the next clause, `N3` those of later clauses of the sentence, `N4` the
first of the next sentence. `LL` and `RR` hold both arguments in one group.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kg.relations.coordination import Clause, Group, Name, cut, group
from kg.text import clauses, sentences

Slot = tuple[str, str]
_LATER = 8


@dataclass(frozen=True, slots=True)
class Scene:
    folded: str
    names: Sequence[Name]
    clauses: Sequence[Clause]
    starts: Sequence[int]
    """Where each clause starts."""


def build(
    folded: str, names: Sequence[Name], joins: frozenset[str], marks: Mapping[str, str], respective: Sequence[str]
) -> Scene:
    """The scene of an article's folded text; `names` are sorted and disjoint."""
    made: list[Clause] = []
    spans = [(number, clause) for number, s in enumerate(sentences(folded)) for clause in clauses(folded, s)]
    held = cut(names, [span for _, span in spans])
    line = at = 0
    for (sentence, span), own in zip(spans, held, strict=True):
        line += folded.count("\n", at, span.start)
        at = span.start
        apart = any(word in folded[span.start : span.end] for word in respective)
        made.append(Clause(span, sentence, line, group(folded, own, span, joins, marks), apart))
    return Scene(folded, names, made, [c.span.start for c in made])


def slots(scene: Scene, start: int, end: int, *, earlier: bool = True, later: bool = True) -> dict[Slot, list[Group]]:
    """The groups in every slot around `folded[start:end]`; those of earlier and later clauses where asked for."""
    number = max(0, bisect_right(scene.starts, start) - 1)
    clause = scene.clauses[number]
    found: dict[Slot, list[Group]] = {}
    before = [g for g in clause.groups if g.end <= start]
    after = [g for g in clause.groups if g.start >= end]
    for rank, one in enumerate(reversed(before[-3:]), 1):
        found["L" + str(rank), one.mark] = [one]
    for rank, one in enumerate(after[:3], 1):
        # What marks a name that touches the trigger is the trigger itself.
        found["R" + str(rank), one.mark if one.start > end else ""] = [one]
    if before and before[-1].end == start:
        found["L1-", before[-1].mark] = [before[-1]]
    if after and after[0].start == end:
        found["R1-", ""] = [after[0]]
    if before and len(before[-1].names) > 1:
        found["LL", ""] = [before[-1]]
    if after and len(after[0].names) > 1:
        found["RR", ""] = [after[0]]
    if earlier and all(g.mark for g in before):
        _carry(scene, number, found)
    if later:
        _follow(scene, number, found)
    return found


def _carry(scene: Scene, number: int, found: dict[Slot, list[Group]]) -> None:
    """Subjects of earlier clauses: the clause that has none of its own goes on with one of them."""
    clause = scene.clauses[number]
    nearest = first = None
    at = number - 1
    while at >= 0 and scene.clauses[at].sentence == clause.sentence:
        subject = scene.clauses[at].subject
        if subject:
            nearest, first = nearest or subject, subject
        at -= 1
    if nearest:
        found["C1", ""] = [nearest]
    if first and first is not nearest:
        found["C2", ""] = [first]
    if nearest is None and at >= 0 and scene.clauses[at].line == clause.line:
        earlier = scene.clauses[at].sentence
        while at >= 0 and scene.clauses[at].sentence == earlier:
            first = scene.clauses[at].subject or first
            at -= 1
        if first:
            found["C3", ""] = [first]


def _follow(scene: Scene, number: int, found: dict[Slot, list[Group]]) -> None:
    sentence = scene.clauses[number].sentence
    left = _LATER
    for at in range(number + 1, len(scene.clauses)):
        clause = scene.clauses[at]
        if clause.sentence != sentence:
            if clause.sentence == sentence + 1 and clause.line == scene.clauses[number].line and clause.subject:
                found["N4", ""] = [clause.subject]
            return
        for rank, one in enumerate(clause.groups, 1):
            place = f"N{rank}" if at == number + 1 and rank < 3 else "N3"
            opening = one.start - clause.span.start <= 1
            found.setdefault((place, "topic" if opening else ""), []).append(one)
            left -= 1
        if left <= 0:
            return

"""Names joined by 、 and the like are one argument; each group knows the word right before it.

A group's `mark` is the kind of that word (seeds/relations/cues.toml, section marks), or none.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kg.model import Span


@dataclass(frozen=True, slots=True)
class Name:
    """A name, or a reference to one: where it stands and whom it means."""

    start: int
    end: int
    entity: str
    cls: str


@dataclass(frozen=True, slots=True)
class Group:
    """Coordinated names: `names[0].start` to `names[-1].end`."""

    names: tuple[Name, ...]
    mark: str

    @property
    def start(self) -> int:
        return self.names[0].start

    @property
    def end(self) -> int:
        return self.names[-1].end


@dataclass(slots=True)
class Clause:
    """A clause, its groups in order, and which sentence and line (paragraph) it belongs to."""

    span: Span
    sentence: int
    line: int
    groups: list[Group]
    respective: bool = False

    @property
    def subject(self) -> Group | None:
        """The first group that no preposition marks, else the first."""
        return next((g for g in self.groups if not g.mark), self.groups[0] if self.groups else None)


def group(
    folded: str, names: Sequence[Name], clause: Span, joins: frozenset[str], marks: Mapping[str, str]
) -> list[Group]:
    """The groups among a clause's names. `joins` are words that coordinate; `marks` kinds of words before them."""
    runs: list[list[Name]] = []
    for name in names:
        if runs and folded[runs[-1][-1].end : name.start] in joins:
            runs[-1].append(name)
        else:
            runs.append([name])
    return [Group(tuple(run), _mark(folded, run[0].start, clause.start, marks)) for run in runs]


def _mark(folded: str, start: int, floor: int, marks: Mapping[str, str]) -> str:
    while start > floor and folded[start - 1] in "“《‘ ":
        start -= 1
    for length in (3, 2, 1):
        if start - length >= floor and folded[start - length : start] in marks:
            return marks[folded[start - length : start]]
    return ""


def cut(names: Sequence[Name], spans: Sequence[Span]) -> list[list[Name]]:
    """The names of each span (sorted, disjoint), by where they start."""
    held: list[list[Name]] = [[] for _ in spans]
    starts = [s.start for s in spans]
    for name in names:
        at = bisect_right(starts, name.start) - 1
        if at >= 0 and name.start < spans[at].end:
            held[at].append(name)
    return held

"""What an opinion is about, and so its author gives a view of: what its headline and its text name most.

Classes and chances are in seeds/relations/cues.toml, section topics.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from kg.model import Span
from kg.relations import cues
from kg.relations.passage import Passage, statement
from kg.schema import broad


@dataclass(frozen=True, slots=True)
class Topic:
    entity: str
    span: Span
    """The clause of the article's text that first names it."""
    confidence: float


@dataclass(frozen=True, slots=True)
class _Rules:
    classes: frozenset[str]
    most: int
    least: int
    chance: Mapping[str, float]


@cache
def _rules() -> _Rules:
    return cues.read(_built)


def _built(raw: Mapping[str, Any]) -> _Rules:
    own = raw["topics"]
    return _Rules(frozenset(own["classes"]), own["most"], own["least"], own["chance"])


def find(passage: Passage) -> list[Topic]:
    """The most named first."""
    rules, text = _rules(), passage.article.text
    own = [(m.entity, m.span) for m in passage.mentions if m.entity]
    own = [(id_, span) for id_, span in own if broad(passage.entities[id_].cls) in rules.classes]
    counts = Counter(id_ for id_, _ in own)
    shown = {id_ for id_, span in own if span.start < passage.article.body_start}
    first = dict(reversed(own))
    found = []
    for rank, (id_, count) in enumerate(sorted(counts.items(), key=lambda c: (-c[1], first[c[0]], c[0]))):
        if rank < rules.most and (id_ in shown or count >= rules.least):
            how = "first" if rank == 0 else "headline" if id_ in shown else "other"
            found.append(Topic(id_, statement(text, first[id_], first[id_]), rules.chance[how]))
    return found

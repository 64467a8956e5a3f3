"""seeds/relations as an index: which word, with its arguments in which slots, states which relation, how surely.

A relation's file holds sets of triggers, the frames in which each set states the relation, each with the share
of right readings that was measured, and how the trigger itself, the classes of the two entities, and their
standing in the headline change the odds of that share.
A frame names the slots (kg.relations.scene) of subject and object: `S:L1 O:R1`, `S:L1.passive O:L2`.
Two sets have no triggers: `touching` (two names with nothing between) and `inside` (a name in another's name).
"""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from ahocorasick_rs import AhoCorasick

from kg import resources
from kg.errors import DataError
from kg.relations import cues
from kg.relations.scene import Slot
from kg.schema import load as load_schema
from kg.text import fold

_HEADLINE = ("none", "subject", "object", "both")
TOUCHING, INSIDE = "touching", "inside"
_FRAME = re.compile(r"S:([\w-]+)(?:\.(\w+))? O:([\w-]+)(?:\.(\w+))?")


@dataclass(frozen=True, slots=True)
class Pattern:
    """One trigger in one frame. `odds` are those of the measured confidence of the set, times the trigger's factor."""

    id: str
    predicate: str
    subject: Slot
    object: Slot
    odds: float


@dataclass(frozen=True)
class Rules:
    words: Sequence[str]
    finder: AhoCorasick
    by_word: Sequence[Mapping[Slot, Mapping[Slot, Sequence[Pattern]]]]
    """For each word, its patterns by the slot of the subject and that of the object."""
    reach: Sequence[tuple[bool, bool]]
    """For each word, whether its patterns look at earlier and at later clauses."""
    within: Mapping[int, Sequence[tuple[int, int]]]
    """For each word that holds others, those others: (word, offset)."""
    predicates: Sequence[frozenset[str]]
    """For each word, the relations it can state."""
    touching: Sequence[Pattern]
    inside: Sequence[Pattern]
    factors: Mapping[tuple[str, str, str], float]
    """(predicate, subject's class, object's class) to the factor of the odds; pairs not in it are not stated."""
    headline: Mapping[str, tuple[float, float, float, float]]
    """By predicate, the factor when the headline names none of the two, the subject, the object, both."""
    classes: frozenset[str]
    joins: frozenset[str]
    marks: Mapping[str, str]
    respective: tuple[str, ...]

    def kind(self, cls: str) -> str:
        """The class itself or the nearest above it that the files speak of."""
        return _kind(cls, self.classes)


@cache
def _kind(cls: str, classes: frozenset[str]) -> str:
    return next((name for name in load_schema().ancestors(cls) if name in classes), cls)


@cache
def load() -> Rules:
    """All relations' files. Raises DataError where one does not have its form."""
    folder = resources.seeds() / "relations"
    found: dict[str, list[Pattern]] = defaultdict(list)
    bare: dict[str, list[Pattern]] = {TOUCHING: [], INSIDE: []}
    factors: dict[tuple[str, str, str], float] = {}
    headline: dict[str, tuple[float, float, float, float]] = {}
    for path in sorted(folder.glob("*.toml")):
        if path.stem != "cues":
            _read(path, _toml(path), found, bare)
            _factors(path.stem, _toml(path), factors, headline)
    said = cues.read(dict)
    words = sorted(found)
    own = [found[word] for word in words]
    return Rules(
        words, AhoCorasick(words), list(map(_by_slots, own)), list(map(_reach, own)),
        _within(words), [frozenset(p.predicate for p in patterns) for patterns in own],
        bare[TOUCHING], bare[INSIDE], factors, headline,
        frozenset(cls for _, *pair in factors for cls in pair),
        frozenset(map(fold, said["coordination"]["words"])),
        {fold(word): kind for kind, marks in said["marks"].items() for word in marks},
        tuple(map(fold, said["coordination"]["respective"])),
    )  # fmt: skip


def _reach(patterns: Sequence[Pattern]) -> tuple[bool, bool]:
    places = {slot[0][0] for p in patterns for slot in (p.subject, p.object)}
    return "C" in places, "N" in places


def _within(words: Sequence[str]) -> dict[int, list[tuple[int, int]]]:
    numbers = {word: number for number, word in enumerate(words)}
    held: dict[int, list[tuple[int, int]]] = {}
    for number, word in enumerate(words):
        parts = [(a, b) for a in range(len(word)) for b in range(a + 1, len(word) + 1) if b - a < len(word)]
        held[number] = [(numbers[word[a:b]], a) for a, b in parts if word[a:b] in numbers]
    return {number: parts for number, parts in held.items() if parts}


def _by_slots(patterns: Sequence[Pattern]) -> dict[Slot, dict[Slot, list[Pattern]]]:
    held: dict[Slot, dict[Slot, list[Pattern]]] = {}
    for pattern in patterns:
        held.setdefault(pattern.subject, {}).setdefault(pattern.object, []).append(pattern)
    return held


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise DataError(f"{path}: {error}; see seeds/README.md for its form") from error


def _factors(
    predicate: str,
    raw: dict[str, Any],
    factors: dict[tuple[str, str, str], float],
    headline: dict[str, tuple[float, float, float, float]],
) -> None:
    for pair, factor in raw.get("classes", {}).items():
        subject, _, object_ = pair.partition(" ")
        factors[predicate, subject, object_] = float(factor)
    none, subject, object_, both = (float(raw.get("headline", {}).get(k, 1)) for k in _HEADLINE)
    headline[predicate] = (none, subject, object_, both)


def _read(
    path: Path,
    raw: dict[str, Any],
    found: dict[str, list[Pattern]],
    bare: dict[str, list[Pattern]],
) -> None:
    predicate = path.stem
    if predicate not in load_schema().relations:
        raise DataError(f"{path}: the vocabulary has no relation {predicate}; add it to ontology/relations.ttl")
    for name, rule in raw.get("patterns", {}).items():
        strengths = {fold(word): float(strength) for word, strength in rule.get("triggers", {}).items()}
        for number, (frame, confidence) in enumerate(rule["frames"].items(), 1):
            match = _FRAME.fullmatch(frame)
            if match is None or not 0 < confidence < 1:
                raise DataError(f"{path}: {name}: {frame} = {confidence} is no frame with a confidence between 0 and 1")
            subject, object_ = (match[1], match[2] or ""), (match[3], match[4] or "")
            id_, odds = f"patterns.{predicate}.{name}-{number}", confidence / (1 - confidence)
            if name in bare:
                bare[name].append(Pattern(id_, predicate, subject, object_, odds))
            for word, strength in strengths.items():
                found[word].append(Pattern(id_, predicate, subject, object_, odds * strength))

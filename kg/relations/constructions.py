"""seeds/relations as an index: which word, with its arguments in which slots, states which relation, how surely.

A relation's file holds sets of triggers, the frames in which each set states the relation, each with the share
of right readings that was measured, and the odds by which the classes of the two entities change that share.
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
from kg.relations.scene import Slot
from kg.schema import load as load_schema
from kg.text import fold

TOUCHING, INSIDE = "touching", "inside"
_FRAME = re.compile(r"S:([\w-]+)(?:\.(\w+))? O:([\w-]+)(?:\.(\w+))?")


@dataclass(frozen=True, slots=True)
class Pattern:
    """One set of triggers in one frame. `odds` are those of the measured confidence."""

    id: str
    predicate: str
    subject: Slot
    object: Slot
    odds: float


@dataclass(frozen=True)
class Rules:
    words: Sequence[str]
    finder: AhoCorasick
    by_word: Sequence[Mapping[Slot, Sequence[Pattern]]]
    """For each word, its patterns by the slot of the subject."""
    touching: Sequence[Pattern]
    inside: Sequence[Pattern]
    factors: Mapping[tuple[str, str, str], float]
    """(predicate, subject's class, object's class) to the factor of the odds; pairs not in it are not stated."""
    classes: frozenset[str]
    joins: frozenset[str]
    marks: Mapping[str, str]
    respective: tuple[str, ...]

    def factor(self, predicate: str, subject: str, object_: str) -> float:
        return self.factors.get((predicate, self.kind(subject), self.kind(object_)), 0.0)

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
    found: dict[str, dict[Slot, list[Pattern]]] = defaultdict(lambda: defaultdict(list))
    bare: dict[str, list[Pattern]] = {TOUCHING: [], INSIDE: []}
    factors: dict[tuple[str, str, str], float] = {}
    for path in sorted(folder.glob("*.toml")):
        if path.stem != "cues":
            _read(path, found, bare, factors)
    cues = _toml(folder / "cues.toml")
    words = sorted(found)
    return Rules(
        words, AhoCorasick(words), [found[w] for w in words], bare[TOUCHING], bare[INSIDE], factors,
        frozenset(cls for _, *pair in factors for cls in pair),
        frozenset(map(fold, cues["coordination"]["words"])),
        {fold(word): kind for kind, marks in cues["marks"].items() for word in marks},
        tuple(map(fold, cues["coordination"]["respective"])),
    )  # fmt: skip


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise DataError(f"{path}: {error}; see seeds/README.md for its form") from error


def _read(
    path: Path,
    found: dict[str, dict[Slot, list[Pattern]]],
    bare: dict[str, list[Pattern]],
    factors: dict[tuple[str, str, str], float],
) -> None:
    raw, predicate = _toml(path), path.stem
    if predicate not in load_schema().relations:
        raise DataError(f"{path}: the vocabulary has no relation {predicate}; add it to ontology/relations.ttl")
    for pair, factor in raw.get("classes", {}).items():
        subject, _, object_ = pair.partition(" ")
        factors[predicate, subject, object_] = float(factor)
    for name, rule in raw.get("patterns", {}).items():
        for number, (frame, confidence) in enumerate(rule["frames"].items(), 1):
            match = _FRAME.fullmatch(frame)
            if match is None or not 0 < confidence < 1:
                raise DataError(f"{path}: {name}: {frame} = {confidence} is no frame with a confidence between 0 and 1")
            subject_slot, object_slot = (match[1], match[2] or ""), (match[3], match[4] or "")
            id_, odds = f"patterns.{predicate}.{name}-{number}", confidence / (1 - confidence)
            pattern = Pattern(id_, predicate, subject_slot, object_slot, odds)
            if name in bare:
                bare[name].append(pattern)
            for word in {fold(w) for w in rule.get("triggers", ())}:
                found[word][subject_slot].append(pattern)

"""Whether words deny, foresee or propose: the cues of seeds/relations/cues.toml near what states a relation."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from kg.relations import cues
from kg.text import words


@dataclass(frozen=True, slots=True)
class Manner:
    negated: bool
    forecast: bool
    proposal: bool


@dataclass(frozen=True, slots=True)
class _Cues:
    negation: re.Pattern[str]
    forecast: re.Pattern[str]
    proposal: re.Pattern[str]
    reach: int


def says(pattern: re.Pattern[str], folded: str) -> bool:
    """Whether one of the words stands in `folded` outside the excepted ones."""
    return any(m.group(1) for m in pattern.finditer(folded))


@cache
def _cues() -> _Cues:
    return cues.read(_built)


def _built(raw: Mapping[str, Any]) -> _Cues:
    kinds = ("negation", "forecast", "proposal")
    denial, forecast, proposal = (words(raw[k]["words"], raw[k]["except"]) for k in kinds)
    return _Cues(denial, forecast, proposal, raw["negation"]["reach"])


def read(folded: str, start: int, at: int, end: int) -> Manner:
    """The manner of a statement that begins at `start`, has its trigger at `at`, and names its object at `end`.

    A denial counts right before the trigger; a forecast or proposal anywhere up to the object.
    """
    known = _cues()
    near, whole = folded[max(start, at - known.reach) : at + 1], folded[start : max(at, end)]
    return Manner(says(known.negation, near), says(known.forecast, whole), says(known.proposal, whole))

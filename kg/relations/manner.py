"""Whether words deny, foresee or propose: the cues of seeds/relations/cues.toml near what states a relation."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from kg import resources
from kg.errors import DataError
from kg.text import fold


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


def words(listed: Sequence[str], excepted: Sequence[str] = ()) -> re.Pattern[str]:
    """Any of the words, as group 1, where none of the excepted ones (consumed first) stands."""
    longest = sorted({fold(w) for w in listed}, key=lambda w: (-len(w), w))
    skipped = sorted({fold(w) for w in excepted}, key=lambda w: (-len(w), w))
    one_of = f"({'|'.join(map(re.escape, longest))})"
    return re.compile(f"(?:{'|'.join(map(re.escape, skipped))})|{one_of}" if skipped else one_of)


def says(pattern: re.Pattern[str], folded: str) -> bool:
    """Whether one of the words stands in `folded` outside the excepted ones."""
    return any(m.group(1) for m in pattern.finditer(folded))


@cache
def _cues() -> _Cues:
    path = resources.seeds() / "relations" / "cues.toml"
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        denial, forecast, proposal = (
            words(raw[k]["words"], raw[k]["except"]) for k in ("negation", "forecast", "proposal")
        )
        return _Cues(denial, forecast, proposal, raw["negation"]["reach"])
    except (OSError, tomllib.TOMLDecodeError, KeyError) as error:
        raise DataError(f"{path}: {error!r}; see seeds/README.md for its form") from error


def read(folded: str, start: int, at: int, end: int) -> Manner:
    """The manner of a statement that begins at `start`, has its trigger at `at`, and names its object at `end`.

    A denial counts right before the trigger; a forecast or proposal anywhere up to the object.
    """
    known = _cues()
    near, whole = folded[max(start, at - known.reach) : at + 1], folded[start : max(at, end)]
    return Manner(says(known.negation, near), says(known.forecast, whole), says(known.proposal, whole))

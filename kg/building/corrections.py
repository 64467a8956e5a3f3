"""Corrections that no longer apply: their names stand in no list and in no document of the build."""

from __future__ import annotations

from collections.abc import Iterable

from kg import lexicon, overrides
from kg.model import Problem
from kg.settings import Settings
from kg.text import fold

CODE = "correction-unused"


def left_over(settings: Settings, texts: Iterable[str]) -> list[Problem]:
    """A problem, not a fatal one, for each such correction. Raises DataError where the file is not as it should be."""
    if settings.overrides is None:
        return []
    made = overrides.read(settings.overrides)
    left = overrides.unused(lexicon.load(settings.gazetteers), made, map(fold, texts))
    reason = "{0.action} {0.name}: no list and no document has this name; take it out or mend it"
    return [Problem(settings.overrides.name, CODE, reason.format(override)) for override in left]

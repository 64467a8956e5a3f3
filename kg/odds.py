"""Chances as log-odds, and back."""

from __future__ import annotations

import math

_FARTHEST = 30.0


def log_odds(chance: float, least: float = 1e-4) -> float:
    """Of a chance that is held between `least` and 1 - `least`."""
    chance = min(max(chance, least), 1 - least)
    return math.log(chance / (1 - chance))


def chance(odds: float) -> float:
    """The chance of these log-odds."""
    return 1 / (1 + math.exp(-max(-_FARTHEST, min(_FARTHEST, odds))))

"""One calibrated confidence from what the extractors say of a relation.

seeds/models/confidence.json holds, for each set of extractors, the weights of a logistic regression over their
log-odds, what it means that one did not read the relation, a weight for each predicate, weights of what is known
beforehand (kg.relations.background), and the threshold of the best F1, all fitted on documents that the extractors had
not been trained on.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from kg import learned, odds
from kg.errors import DataError
from kg.relations import background
from kg.relations.background import Background

LEAST = 1e-3


@dataclass(frozen=True, slots=True)
class Joint:
    """Weights of the extractors' log-odds, of their silence, of predicates, ends and knowledge; the threshold."""

    bias: float
    weights: Mapping[str, float]
    absent: Mapping[str, float]
    predicates: Mapping[str, float]
    ends: float
    """Weight of the logarithm of the chance that both ends are things the text is about."""
    surest: float
    """Weight of the log-odds of the surest extractor, over those of its own."""
    threshold: float
    known: Sequence[float] = ()
    """Weights of the features of `background`."""
    background: Background = field(default_factory=lambda: Background(()))

    def confidence(self, fact: tuple[str, str, str], readings: Mapping[str, float], both: float = 1.0) -> float:
        """The chance that a fact (subject, predicate, object) is right which these extractors read with these chances.

        `both` is the chance that subject and object are things the text is about.
        """
        total = self.bias + self.predicates.get(fact[1], 0.0) + self.ends * math.log(max(both, LEAST))
        total += sum(weight * x for weight, x in zip(self.known, self.background.row(*fact), strict=False))
        total += self.surest * max(map(odds.log_odds, readings.values()))
        for name, weight in self.weights.items():
            total += weight * odds.log_odds(readings[name]) if name in readings else self.absent[name]
        return odds.chance(total)


@cache
def load(extractors: tuple[str, ...], folder: Path | None = None) -> Joint:
    """The joint of a set of extractors, of `folder` where it has one, else of seeds/models.

    Of a set that was never fitted, the sum of their log-odds. Raises DataError where the file is damaged.
    """
    path = learned.path("confidence.json", folder)
    key = "+".join(sorted(extractors))
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        if key not in raw:
            return plain(extractors)
        if len(raw[key]["known"]) != background.FEATURES:
            raise ValueError(f"{len(raw[key]['known'])} weights of knowledge, not {background.FEATURES}")
        return Joint(**raw[key], background=background.load(folder))
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise DataError(f"{path}: {learned.AGAIN} ({error!r})") from error


def plain(extractors: tuple[str, ...]) -> Joint:
    """The joint of extractors that were never fitted together."""
    return Joint(0.0, dict.fromkeys(extractors, 1.0), dict.fromkeys(extractors, 0.0), {}, 0.0, 0.0, 0.15)


def extractor_of(source: str) -> str:
    """`patterns.supplies.verb-1` was read by `patterns`."""
    return source.split(".")[0]


def best_by_extractor(sources: Sequence[tuple[str, float]]) -> dict[str, float]:
    """The surest reading of each extractor."""
    best: dict[str, float] = {}
    for source, chance in sources:
        name = extractor_of(source)
        best[name] = max(best.get(name, 0.0), chance)
    return best

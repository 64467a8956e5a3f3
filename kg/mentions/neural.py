"""Names by the learned reader: every span of up to SPAN_LENGTH characters scored for every class."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from kg.encoder import Floats
from kg.model import Mention, Span
from kg.reader import SPAN_LENGTH, Card, Window
from kg.text import fold

_BREAKS = frozenset("。!?;\n")
"""What no name runs across."""


class Scores:
    """What the learned reader makes of the spans of an article, each (window's start, scores by row and length)."""

    def __init__(self, windows: Sequence[Window]) -> None:
        """`windows` are those of one article, at least one."""
        self.card: Card = windows[0].model.card
        self._windows = [(window.span.start, span_scores(window)) for window in windows]

    def spans(self) -> dict[tuple[int, int], tuple[float, int]]:
        """The score and the class of each span over the threshold of names; where windows overlap the surer counts."""
        best: dict[tuple[int, int], tuple[float, int]] = {}
        for begin, scores in self._windows:
            top = scores.max(-1)
            for start, length in zip(*np.nonzero(top > self.card.name_threshold), strict=True):
                key = (begin + int(start), begin + int(start + length) + 1)
                score = float(top[start, length])
                if key not in best or score > best[key][0]:
                    best[key] = (score, int(scores[start, length].argmax()))
        return best

    def chance(self, span: Span) -> float:
        """How sure the reader is that `span` is a name, of whatever class: their odds together. 0 where none looked."""
        length = len(span) - 1
        rows = [
            scores[span.start - begin, length]
            for begin, scores in self._windows
            if 0 <= span.start - begin < len(scores) and 0 <= length < SPAN_LENGTH
        ]
        return _confidence(max((2 * float(np.logaddexp.reduce(row / 2)) for row in rows), default=-np.inf))


def find(text: str, scores: Scores) -> list[Mention]:
    """The names that the reader takes for some. Confidence is the calibrated score."""
    folded = fold(text)
    found = []
    for (start, end), (score, cls) in sorted(scores.spans().items()):
        end = _without_bracket(folded, start, end)
        if not _BREAKS & set(folded[start:end]):
            found.append(
                Mention(Span(start, end), text[start:end], scores.card.classes[cls], "neural", _confidence(score))
            )
    return found


def _without_bracket(folded: str, start: int, end: int) -> int:
    """Where a name ends that the reader took together with what stands in brackets behind it: X（Y）."""
    opening = folded.find("(", start, end)
    return opening if opening > start + 1 and folded[end - 1] == ")" else end


def _confidence(score: float) -> float:
    return round(float(1 / (1 + np.exp(-max(-30.0, min(30.0, score / 2))))), 4)


def span_scores(window: Window) -> Floats:
    """(steps, SPAN_LENGTH, classes); spans past the window's end have a score of -inf."""
    steps, size = window.projected.shape[0], window.projected.shape[1] // 2
    sine, cosine = _angles(steps, size)
    query, key = (_turn(window.projected[:, part], sine, cosine) for part in (slice(0, size), slice(size, None)))
    starts, ends = np.split(window.by_class, 2, axis=1)
    column = np.arange(steps)[:, None] + np.arange(SPAN_LENGTH)
    inside = column < steps
    column = np.minimum(column, steps - 1)
    both = np.take_along_axis(query @ key.T, column, 1) / size**0.5
    scores = both[..., None] + starts[:, None] + ends[column]
    scores[~inside] = -np.inf
    return np.asarray(scores, np.float32)


@lru_cache(maxsize=512)
def _angles(steps: int, size: int) -> tuple[Floats, Floats]:
    rate = 10000 ** (-np.arange(0, size, 2, dtype=np.float32) / size)
    angle = np.arange(1, steps + 1, dtype=np.float32)[:, None] * rate
    return np.sin(angle).repeat(2, 1), np.cos(angle).repeat(2, 1)


def _turn(x: Floats, sine: Floats, cosine: Floats) -> Floats:
    turned = np.stack([-x[:, 1::2], x[:, ::2]], -1).reshape(x.shape)
    return np.asarray(x * cosine + turned * sine, np.float32)

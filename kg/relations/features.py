"""What the linear reader of relations sees of two entities: words between and around them, their classes, their place.

A feature is a number below SIZE, a hash of its text, so that no table of features has to be kept.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from zlib import crc32

from kg.model import Span
from kg.text import sentences

SIZE = 1 << 18
REACH = 160
"""Characters between the nearest mentions of two entities, beyond which they are not a pair."""
_BETWEEN = 14
"""Words between two mentions, beyond which the words themselves do not count."""
Word = tuple[int, int, str]


@dataclass(slots=True)
class View:
    """A folded text with LAC's words, and the entities with their classes and spans (sorted)."""

    folded: str
    words: Sequence[Word]
    classes: Sequence[str]
    spans: Sequence[Sequence[Span]]
    sentences: list[Span] = field(init=False)
    _starts: list[int] = field(init=False)
    _sentence_starts: list[int] = field(init=False)
    _mentions: list[tuple[int, int, int]] = field(init=False)

    def __post_init__(self) -> None:
        self.sentences = sentences(self.folded)
        self._sentence_starts = [s.start for s in self.sentences]
        self._starts = [start for start, _, _ in self.words]
        self._mentions = sorted((s.start, s.end, e) for e, own in enumerate(self.spans) for s in own)

    def sentence(self, at: int) -> int:
        return max(0, bisect_right(self._sentence_starts, at) - 1)

    def pairs(self) -> Iterator[tuple[int, int, Span, Span]]:
        """Ordered pairs of entities within reach, with the mentions where they come nearest."""
        for i, own in enumerate(self.spans):
            for j in range(i + 1, len(self.spans)):
                gap, a, b = min(
                    ((max(x.start, y.start) - min(x.end, y.end), x, y) for x in own for y in self.spans[j]),
                    key=lambda found: found[0],
                )
                if gap <= REACH and abs(self.sentence(a.start) - self.sentence(b.start)) <= 2:
                    yield i, j, a, b
                    yield j, i, b, a

    def features(self, subject: int, object_: int, a: Span, b: Span) -> list[int]:
        """The features of the ordered pair whose nearest mentions are `a` and `b`."""
        return [crc32(text.encode()) % SIZE for text in self._texts(subject, object_, a, b)]

    def _texts(self, subject: int, object_: int, a: Span, b: Span) -> Iterator[str]:
        one, two = self.classes[subject], self.classes[object_]
        forward = a.start <= b.start
        way = ">" if forward else "<"
        first, second = (a, b) if forward else (b, a)
        kinds = f"{one}{way}{two}"
        yield from ("bias", f"s{one}", f"o{two}", f"k{kinds}", f"w{way}")
        gap = self.sentence(second.start) - self.sentence(first.start)
        within = [m for m in self._inside(first.end, second.start) if m[0] >= first.end and m[1] <= second.start]
        apart = f"{min(gap, 2)}{min(len(within), 4)}"
        yield from (f"g{apart}", f"g{apart}{way}", f"g{apart}{kinds}", f"n{second.start <= first.end}{kinds}")
        yield f"t{self.sentence(first.start) == 0}{self.sentence(second.start) == 0}{one}{two}"
        left, between, right = self._around(first, second)
        if gap == 0 and len(between) <= _BETWEEN:
            skeleton = self._skeleton(first.end, second.start, within)
            yield from (f"x{way}{skeleton}", f"x{kinds}{skeleton}")
        shown = between if len(between) <= _BETWEEN else [*between[:4], *between[-4:]]
        yield from self._bag("b", way, kinds, shown)
        yield from (f"f{way}{shown[0]}", f"l{way}{shown[-1]}") if shown else (f"e{way}",)
        yield from (f"{p}{q}" for p, q in zip(["i2" + way, "i1" + way], left, strict=False))
        yield from (f"{p}{q}" for p, q in zip(["j1" + way, "j2" + way, "j3" + way], right, strict=False))
        yield from (f"r{way}{word}{one}" for word in right[:3])
        inner, outer = self.folded[first.start : first.end], self.folded[second.start : second.end]
        yield from (
            f"h{way}{inner[-2:]}",
            f"d{way}{outer[-2:]}",
            f"h{way}{inner[-2:]}{two}",
            f"d{way}{outer[-2:]}{one}",
        )

    @staticmethod
    def _bag(mark: str, way: str, kinds: str, words: Sequence[str]) -> Iterator[str]:
        for word in dict.fromkeys(words):
            yield f"{mark}{way}{word}"
            yield f"{mark}{kinds}{word}"
        for pair in pairwise(words):
            yield f"{mark}{way}{pair[0]}_{pair[1]}"

    def _around(self, first: Span, second: Span) -> tuple[list[str], list[str], list[str]]:
        def texts(low: int, high: int) -> list[str]:
            return [self.folded[s:e] for s, e, _ in self.words[max(0, low) : high]]

        begin, end = bisect_left(self._starts, first.start), bisect_left(self._starts, first.end)
        start, stop = bisect_left(self._starts, second.start), bisect_left(self._starts, second.end)
        return texts(begin - 2, begin), texts(end, start), texts(stop, stop + 3)

    def _inside(self, low: int, high: int) -> list[tuple[int, int, int]]:
        return self._mentions[bisect_left(self._mentions, (low, 0, 0)) : bisect_left(self._mentions, (high, 0, 0))]

    def _skeleton(self, low: int, high: int, within: Sequence[tuple[int, int, int]]) -> str:
        """The text between two mentions, other mentions in it by their class."""
        parts, at = [], low
        for start, end, entity in within:
            if start >= at:
                parts += [self.folded[at:start], f"[{self.classes[entity]}]"]
                at = end
        return "".join([*parts, self.folded[at:high]])

"""An article laid out for reading its figures: quantities, times and mentions, each in its sentence and clause."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from kg import quantities, times
from kg.model import Article, Entity, Mention, Span
from kg.quantities import Quantity
from kg.text import clauses, fold, sentences
from kg.times import Time


@dataclass(frozen=True, slots=True)
class Place:
    """Where a span stands: ordinal of its line, sentence and clause in the article, clauses counted throughout."""

    line: int
    sentence: int
    clause: int


@dataclass(frozen=True, slots=True)
class Scene:
    article: Article
    folded: str
    sentences: tuple[Span, ...]
    clauses: tuple[Span, ...]
    quantities: tuple[Quantity, ...]
    quantity_places: tuple[Place, ...]
    times: tuple[Time, ...]
    time_places: tuple[Place, ...]
    mentions: tuple[Mention, ...]
    mention_places: tuple[Place, ...]
    order: Mapping[str, int]
    """Entities by first mention."""
    counts: Mapping[str, int]
    entities: Mapping[str, Entity]
    today: str | None


def survey(article: Article, today: str | None, mentions: Sequence[Mention], entities: Mapping[str, Entity]) -> Scene:
    """The scene of one article; `today` is the document's date."""
    folded = fold(article.text)
    linked = tuple(m for m in mentions if m.entity is not None and m.entity in entities)
    found_times = tuple(_with_same(times.find(folded, today)))
    found = tuple(_figures(quantities.find(folded), found_times, linked))
    marks = _Marks(article.text, folded)
    order: dict[str, int] = {}
    for mention in linked:
        order.setdefault(mention.entity or "", len(order))
    return Scene(
        article=article,
        folded=folded,
        sentences=tuple(marks.sentences),
        clauses=tuple(marks.clauses),
        quantities=found,
        quantity_places=tuple(marks.place(q.span.start) for q in found),
        times=found_times,
        time_places=tuple(marks.place(t.span.start) for t in found_times),
        mentions=linked,
        mention_places=tuple(marks.place(m.span.start) for m in linked),
        order=order,
        counts=Counter(m.entity or "" for m in linked),
        entities=entities,
        today=today,
    )


def _with_same(found: Sequence[Time]) -> list[Time]:
    """同期, 去年同期 and the like take the stretch that stands before them, of their own year."""
    result: list[Time] = []
    last: Time | None = None
    for time in found:
        if time.kind == times.SAME and last is not None and last.start and last.end:
            start, end = (f"{int(x[:4]) + time.shift}{x[4:]}" for x in (last.start, last.end))
            time = replace(time, start=start, end=end)
        elif time.kind in (times.AT, times.SINCE):
            last = time
        result.append(time)
    return result


class _Marks:
    """Where lines, sentences and clauses begin."""

    def __init__(self, text: str, folded: str) -> None:
        self.sentences = sentences(text)
        self.clauses: list[Span] = []
        self._owner: list[int] = []
        for i, sentence in enumerate(self.sentences):
            parts = clauses(folded, sentence)
            self.clauses += parts
            self._owner += [i] * len(parts)
        self._starts = [c.start for c in self.clauses]
        self._lines = [i for i, c in enumerate(text) if c == "\n"]

    def place(self, offset: int) -> Place:
        clause = max(bisect_right(self._starts, offset) - 1, 0)
        return Place(bisect_right(self._lines, offset), self._owner[clause] if self._owner else 0, clause)


def _figures(found: Sequence[Quantity], when: Sequence[Time], mentions: Sequence[Mention]) -> list[Quantity]:
    """Quantities that are no dates and no part of a name."""
    closed = [t.span for t in when if t.kind in (times.AT, times.SINCE)]
    names = [m.span for m in mentions if len(m.span) > 1]
    starts_t, starts_m = [s.start for s in closed], [s.start for s in names]
    kept = []
    for quantity in found:
        span = quantity.span
        if _overlaps(span, closed, starts_t) or _within(span, names, starts_m):
            continue
        kept.append(quantity)
    return kept


def _overlaps(span: Span, others: Sequence[Span], starts: Sequence[int]) -> bool:
    i = bisect_right(starts, span.end - 1) - 1
    return i >= 0 and others[i].end > span.start


def _within(span: Span, names: Sequence[Span], starts: Sequence[int]) -> bool:
    """Whether the number stands inside a name, other than at its head."""
    i = bisect_right(starts, span.start) - 1
    return i >= 0 and names[i].end > span.start and (names[i].start < span.start or names[i] == span)

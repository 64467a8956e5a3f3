"""What relation extractors read: one article with its linked mentions."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from kg.model import Article, Entity, Mention, Span
from kg.reader import Reading
from kg.text import clauses, sentences


@dataclass(frozen=True)
class Passage:
    """One article: linked mentions (sorted, `entity` set), entities by id, what the learned reader read if it ran."""

    article: Article
    mentions: Sequence[Mention]
    entities: Mapping[str, Entity]
    readings: Sequence[Reading] = ()
    words: Sequence[tuple[int, int, str]] = ()
    """LAC's words of the article: (start, end, tag)."""
    authors: Sequence[str] = ()
    """Entities of those who give their opinion in it."""


def statement(text: str, first: Span, second: Span, longest: int = 240) -> Span:
    """The clauses of `text` that hold both spans, or the nearer end where they are farther apart than `longest`."""
    low, high = min(first, second), max(first, second)
    whole = Span(low.start, max(first.end, second.end))
    if len(whole) > longest:
        whole = high
    parts = _clauses(text)
    i, j = (bisect_right(parts, at, key=lambda c: c.start) - 1 for at in (whole.start, whole.end - 1))
    start = parts[i].start if i >= 0 and whole.start < parts[i].end else whole.start
    end = parts[j].end if j >= 0 and whole.end <= parts[j].end else whole.end
    return Span(start, end)


@lru_cache(maxsize=4)
def _clauses(text: str) -> tuple[Span, ...]:
    return tuple(clause for sentence in sentences(text) for clause in clauses(text, sentence))

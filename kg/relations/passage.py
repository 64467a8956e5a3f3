"""What relation extractors read: one article with its linked mentions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kg.model import Article, Entity, Mention, Span
from kg.reader import Window
from kg.text import clauses, sentences


@dataclass(frozen=True)
class Passage:
    """One article: linked mentions (sorted, `entity` set), entities by id, the reader's windows if it ran."""

    article: Article
    mentions: Sequence[Mention]
    entities: Mapping[str, Entity]
    windows: Sequence[Window] | None = None
    words: Sequence[tuple[int, int, str]] = ()
    """LAC's words of the article: (start, end, tag)."""
    models: Path | None = None
    """Where the linear reader's weights lie; None: seeds/models."""


def statement(text: str, first: Span, second: Span, longest: int = 240) -> Span:
    """The clauses of `text` that hold both spans, or the nearer end where they are farther apart than `longest`."""
    low, high = min(first, second), max(first, second)
    whole = Span(low.start, max(first.end, second.end))
    if len(whole) > longest:
        whole = high
    start, end = whole.start, whole.end
    for sentence in sentences(text, text.rfind("\n", 0, start) + 1, _line_end(text, end)):
        for clause in clauses(text, sentence):
            if clause.start <= start < clause.end:
                start = clause.start
            if clause.start < end <= clause.end:
                end = clause.end
    return Span(start, end)


def _line_end(text: str, at: int) -> int:
    found = text.find("\n", at)
    return len(text) if found < 0 else found

"""Names that stand in the gazetteer."""

from __future__ import annotations

from collections.abc import Sequence

from kg.lexicon import Lexicon
from kg.model import Mention, Span
from kg.text import fold

STRONG, BESIDE_READER, WEAK = 0.85, 0.6, 0.2
"""Confidence of a safe form alone, of one where the learned reader has its say too, and of a weak form."""


def find(text: str, words: Sequence[tuple[int, int, str]], lexicon: Lexicon, strong: float = STRONG) -> list[Mention]:
    """Leftmost-longest forms that do not run from inside one of LAC's `words` into the inside of another.

    Safe forms have the confidence `strong`, a weak one has one that only another finder can lift.
    """
    starts, ends = {start for start, _, _ in words}, {end for _, end, _ in words}
    return [
        Mention(
            Span(m.start, m.end),
            text[m.start : m.end],
            lexicon.entries[m.ids[0]].cls,
            "gazetteer",
            WEAK if m.weak else strong,
            m.ids,
        )
        for m in lexicon.scan(fold(text))
        if m.start in starts or m.end in ends
    ]

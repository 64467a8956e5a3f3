"""What the learned reader reads: windows of a text, and the features of their characters.

The encoder is the first layers of multilingual-e5-small (MIT), its vocabulary cut to single characters,
fine-tuned by `kg train`, as ONNX int8 in seeds/models. Beside its character, each position is told what
the gazetteer and LAC-small see there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from kg import resources
from kg.lexicon import Lexicon
from kg.model import Span
from kg.text import fold, sentences, simplify

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]

WINDOW = 344
"""Characters a window holds at most; longer sentences are cut."""
GAZETTEER_CLASSES = (
    "Company", "GovernmentBody", "AcademicInstitution", "Association", "Organization", "Person", "Place", "Country",
    "Region", "City", "District", "Market", "Index", "Policy", "Event", "Product", "Technology", "Industry",
    "FinancialInstrument", "Currency", "Commodity", "Indicator", "Concept",
)  # fmt: skip
GAZETTEER_STATES = 3 * len(GAZETTEER_CLASSES) * 2 + 1
"""0 is none; then begin, inside and end of each class, for safe and for weak forms."""
BEGIN, END, UNKNOWN = 0, 2, 3
"""Ids of XLM-R's marks <s>, </s> and <unk>."""


@dataclass(frozen=True, slots=True)
class Features:
    """What the network reads of a text, one row a character (no marks of begin and end)."""

    characters: Ints
    longest: Ints
    nested: Ints
    tags: Ints


@cache
def vocabulary() -> dict[str, int]:
    """Characters to ids, in the order of seeds/models/characters.txt (four marks, then one character a line)."""
    lines = (resources.seeds() / "models" / "characters.txt").read_text(encoding="utf-8").split("\n")
    return {char: number for number, char in enumerate(lines) if char}


def features(texts: Sequence[str], tagged: Sequence[npt.NDArray[np.int16]], lexicon: Lexicon) -> list[Features]:
    """The features of each text; `tagged` are LAC's tags of its characters (`kg.lac.Tagger.read`)."""
    known = vocabulary()
    result = []
    for text, path in zip(texts, tagged, strict=True):
        characters = np.array([known.get(c, UNKNOWN) for c in simplify(text)], np.int64)
        longest, nested = _gazetteer(text, lexicon)
        result.append(Features(characters, longest, nested, path.astype(np.int64) + 1))
    return result


def _gazetteer(text: str, lexicon: Lexicon) -> tuple[Ints, Ints]:
    folded = fold(text)
    layers = (np.zeros(len(text), np.int64), np.zeros(len(text), np.int64))
    outer = {(m.start, m.end) for m in lexicon.scan(folded)}
    for match in sorted(lexicon.scan_all(folded), key=lambda m: m.start - m.end):
        layer = layers[(match.start, match.end) not in outer]
        if layer[match.start : match.end].any():
            continue
        cls = GAZETTEER_CLASSES.index(lexicon.entries[match.ids[0]].cls)
        base = 1 + 3 * (2 * cls + match.weak)
        layer[match.start : match.end] = base + 1
        layer[match.end - 1] = base + 2
        layer[match.start] = base
    return layers


def windows(text: str, size: int = WINDOW) -> list[Span]:
    """Runs of whole sentences, at most `size` characters; each begins with the last sentences of the one before."""
    spans = [part for s in sentences(text) for part in _cut(s, size)]
    result: list[Span] = []
    first = 0
    while first < len(spans):
        last = first
        while last + 1 < len(spans) and spans[last + 1].end - spans[first].start <= size:
            last += 1
        result.append(Span(spans[first].start, spans[last].end))
        if last + 1 == len(spans):
            break
        following = last + 1
        while following - 1 > first and spans[last].end - spans[following - 1].start <= size // 4:
            following -= 1
        first = following
    return result


def _cut(span: Span, size: int) -> list[Span]:
    return [Span(a, min(a + size, span.end)) for a in range(span.start, span.end, size)]

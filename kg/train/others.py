"""What a fitted reader takes for names and the annotation does not hold, as examples of what has no relation.

The graph will hold some such names too; a pair classifier that has only ever seen right ones relates them all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import torch

from kg.text import fold
from kg.train.corpus import Example
from kg.train.network import Reader
from kg.train.prepare import CLASSES, Prepared

SHARE = 0.3
"""So many at most for each name of the annotation."""
LEAST = -3.0
"""The score from which on a span counts as nearly taken for a name."""
_FIRST = 1_000_000
"""Numbers of such entities, above all those of annotations."""


def found(model: Reader, examples: Sequence[Example], prepared: Sequence[Prepared]) -> list[Example]:
    """The examples, each with the likeliest of such names that overlap none of its own."""
    model.eval()
    result = []
    with torch.no_grad():
        for example, tensors in zip(examples, prepared, strict=True):
            ids = tensors.inputs[None]
            mask = torch.ones(ids.shape[0], ids.shape[2])
            scores = model.names(model.encoder(ids[:, 0], ids[:, 1], ids[:, 2], ids[:, 3], mask, torch.bfloat16))[0]
            result.append(replace(example, others=_likeliest(example, scores)))
    return result


def _likeliest(example: Example, scores: torch.Tensor) -> list[tuple[int, int, str, int]]:
    """Of (steps, length, classes) scores; rows begin with the mark of the text's beginning."""
    best, kinds = scores.max(-1)
    taken = [(start, end) for start, end, *_ in example.spans] + sorted(example.ignored)
    room = int(SHARE * len(example.spans))
    numbers: dict[str, int] = {}
    result: list[tuple[int, int, str, int]] = []
    for row, length in sorted((best > LEAST).nonzero().tolist(), key=lambda at: -float(best[at[0], at[1]])):
        start, end = row - 1, row + length
        if len(result) == room:
            break
        if start < 0 or end > len(example.text) or any(start < b and a < end for a, b in taken):
            continue
        number = numbers.setdefault(fold(example.text[start:end]), _FIRST + len(numbers))
        known = next((cls for *_, cls, entity in result if entity == number), CLASSES[int(kinds[row, length])])
        result.append((start, end, known, number))
        taken.append((start, end))
    return sorted(result)

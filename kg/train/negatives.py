"""Hard negatives: what a fitted reader takes for names and the annotation does not hold, as having no relation.

The second reading will be told of some such names too: it is to tell them from what the text is about, and not to
relate them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import torch
from torch import Tensor

from kg.text import fold
from kg.train.corpus import Example
from kg.train.network import Reader
from kg.train.prepare import CLASSES

SHARE = 0.7
"""So many at most for each name of the annotation."""
LEAST = -2.5
"""The score from which on a span counts as taken for a name."""
_FIRST = 1_000_000
"""Numbers of such entities, above all those of annotations."""


def found(model: Reader, examples: Sequence[Example], inputs: Sequence[Tensor]) -> list[Example]:
    """The examples, whose `inputs` are given, each with the likeliest of such names.

    They may nest, also with the annotation's own, as names do where the reader is at work, but not cross.
    """
    model.eval()
    result = []
    with torch.no_grad():
        for example, ids in zip(examples, inputs, strict=True):
            hidden = model.encoder(*ids[:, None], torch.ones(1, ids.shape[1]), torch.bfloat16)
            result.append(replace(example, negatives=_likeliest(example, model.names(hidden)[0])))
    return result


def _likeliest(example: Example, scores: Tensor) -> list[tuple[int, int, str, int]]:
    """Of (steps, length, classes) scores; rows begin with the mark of the text's beginning."""
    best, kinds = scores.max(-1)
    taken = [(start, end) for start, end, *_ in example.spans]
    held = {fold(example.text[start:end]) for start, end in taken}
    room = int(SHARE * len(example.spans))
    entities: dict[str, tuple[str, int]] = {}
    result: list[tuple[int, int, str, int]] = []
    for row, length in sorted((best > LEAST).nonzero().tolist(), key=lambda at: -float(best[at[0], at[1]])):
        start, end = row - 1, row + length
        if len(result) == room:
            break
        if start < 0 or end > len(example.text) or fold(example.text[start:end]) in held:
            continue
        if any(start < b and a < end for a, b in example.ignored) or any(_cross(start, end, *own) for own in taken):
            continue
        new = CLASSES[int(kinds[row, length])], _FIRST + len(entities)
        result.append((start, end, *entities.setdefault(fold(example.text[start:end]), new)))
        taken.append((start, end))
    return sorted(result)


def _cross(start: int, end: int, other: int, until: int) -> bool:
    return start < other < end < until or other < start < until < end

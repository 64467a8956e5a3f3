"""Names put in the place of others of their class and length, lest a reader learn by heart who stands in which text."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

import torch

from kg.train.prepare import CLASSES, Prepared

_CLASSES = frozenset(
    CLASSES.index(cls)
    for cls in (
        *("AcademicInstitution", "Association", "Company", "GovernmentBody"),
        *("Index", "Person", "Place", "Product"),
    )
)
"""Classes of proper names: what an indicator or an industry is called says what it is."""
_AS_IT_IS = 0.25
"""The share of examples left as they are."""
Characters = tuple[int, ...]


class Names:
    """The annotated names of examples by class and length."""

    def __init__(self, examples: Sequence[Prepared]) -> None:
        pool: dict[tuple[int, int], dict[tuple[int, Characters, int], None]] = defaultdict(dict)
        for number, example in enumerate(examples):
            for (start, end), owner in zip(example.mentions.tolist(), example.owners.tolist(), strict=True):
                cls = int(example.kinds[owner])
                if cls in _CLASSES and example.worth[owner] > 0:
                    pool[cls, end - start][number, tuple(example.inputs[0, start:end].tolist()), owner] = None
        self._pool = {key: [name for _, name, _ in found] for key, found in pool.items()}

    def swapped(self, example: Prepared, share: float, rng: random.Random) -> Prepared:
        """The example with a share of its names called otherwise, each at all its places; nested ones stay."""
        if rng.random() < _AS_IT_IS:
            return example
        places: dict[Characters, list[int]] = defaultdict(list)
        depth = torch.zeros(example.inputs.shape[1] + 1, dtype=torch.long)
        for number, (start, end) in enumerate(example.mentions.tolist()):
            places[tuple(example.inputs[0, start:end].tolist())].append(number)
            depth[start:end] += 1
        inputs = example.inputs.clone()
        for name, numbers in places.items():
            cls = int(example.kinds[example.owners[numbers[0]]])
            spans = [example.mentions[n].tolist() for n in numbers]
            if cls not in _CLASSES or rng.random() > share or any(depth[a:b].max() > 1 for a, b in spans):
                continue
            other = torch.tensor(rng.choice(self._pool.get((cls, len(name)), [name])))
            for start, end in spans:
                inputs[0, start:end] = other
        return replace(example, inputs=inputs)

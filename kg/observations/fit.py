"""Training of a chooser from examples of choices. Needs torch (the extra `train`)."""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch

from kg.observations.chooser import Chooser


@dataclass(frozen=True, slots=True)
class Choice:
    """Bags of features of a quantity and of each candidate (its own and the pair's, in one), and the right ones."""

    quantity: tuple[str, ...]
    candidates: tuple[tuple[str, ...], ...]
    right: frozenset[int]


@dataclass(frozen=True, slots=True)
class _Encoded:
    """Indices of the features of the quantity and of each candidate, and 1 where a candidate is right."""

    bags: list[npt.NDArray[np.int64]]
    right: npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Recipe:
    hidden: int = 32
    epochs: int = 8
    rate: float = 3e-3
    decay: float = 1e-2
    dropout: float = 0.5
    feature_dropout: float = 0.4
    least: int = 4
    """A feature seen in fewer examples' bags is left out."""
    batch: int = 64
    seed: int = 0


class _Network(torch.nn.Module):
    """The last column of `rows` is the linear weight."""

    def __init__(self, features: int, recipe: Recipe) -> None:
        super().__init__()
        self.rows = torch.nn.EmbeddingBag(features + 1, recipe.hidden + 1, mode="sum", padding_idx=0)
        torch.nn.init.normal_(self.rows.weight, 0, 0.1)
        with torch.no_grad():
            self.rows.weight[:, -1] = 0
            self.rows.weight[0] = 0
        self.bias = torch.nn.Parameter(torch.zeros(recipe.hidden))
        self.out = torch.nn.Parameter(torch.randn(recipe.hidden) / recipe.hidden**0.5)
        self.dropout = torch.nn.Dropout(recipe.dropout)

    def forward(self, flat: torch.Tensor, offsets: torch.Tensor, own: torch.Tensor) -> torch.Tensor:
        """Scores of the candidates; the first bags, as many as choices, are the quantities' that `own` points to."""
        bags = self.rows(flat, offsets)
        sums = bags[int(own.max()) + 1 :] + bags[own]
        hidden = self.dropout(torch.relu(sums[:, :-1] + self.bias))
        scores: torch.Tensor = hidden @ self.out + sums[:, -1]
        return scores


def fit(choices: Sequence[Choice], recipe: Recipe) -> Chooser:
    """A chooser that gives the right candidates of each choice, together, the largest share."""
    torch.manual_seed(recipe.seed)
    shuffle = random.Random(recipe.seed)
    index = _index(choices, recipe.least)
    encoded = [_encode(choice, index) for choice in choices]
    network = _Network(len(index), recipe)
    optimizer = torch.optim.AdamW(network.parameters(), lr=recipe.rate, weight_decay=recipe.decay)
    steps = recipe.epochs * ((len(encoded) + recipe.batch - 1) // recipe.batch)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, recipe.rate, total_steps=steps)
    network.train()
    order = list(range(len(encoded)))
    for _ in range(recipe.epochs):
        shuffle.shuffle(order)
        for at in range(0, len(order), recipe.batch):
            loss = _loss(network, [encoded[i] for i in order[at : at + recipe.batch]], recipe)
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            schedule.step()
    return _chooser(network, index)


def _index(choices: Sequence[Choice], least: int) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for choice in choices:
        counts.update(choice.quantity)
        for bag in choice.candidates:
            counts.update(bag)
    return {name: i + 1 for i, name in enumerate(sorted(n for n, count in counts.items() if count >= least))}


def _encode(choice: Choice, index: dict[str, int]) -> _Encoded:
    bags = [[index[f] for f in bag if f in index] for bag in (choice.quantity, *choice.candidates)]
    return _Encoded(
        [np.array(bag, np.int64) for bag in bags],
        np.array([j in choice.right for j in range(len(bags) - 1)], np.float32),
    )


def _loss(network: _Network, batch: Sequence[_Encoded], recipe: Recipe) -> torch.Tensor:
    bags = [e.bags[0] for e in batch] + [bag for e in batch for bag in e.bags[1:]]
    sizes = np.array([len(bag) for bag in bags])
    features, offsets = torch.from_numpy(np.concatenate(bags)), torch.from_numpy(np.cumsum(sizes) - sizes)
    owners = torch.from_numpy(np.repeat(np.arange(len(batch)), [len(e.right) for e in batch]))
    hits = torch.from_numpy(np.concatenate([e.right for e in batch]))
    kept = torch.rand(len(features)) >= recipe.feature_dropout
    scores = network(features * kept, offsets, owners)
    top = torch.full((len(batch),), -1e9).scatter_reduce(0, owners, scores.detach(), "amax")
    powers = torch.exp(scores - top[owners])
    whole = torch.zeros(len(batch)).index_add(0, owners, powers)
    part = torch.zeros(len(batch)).index_add(0, owners, powers * hits)
    return (torch.log(whole) - torch.log(part + 1e-9)).mean()


def _chooser(network: _Network, index: dict[str, int]) -> Chooser:
    weights = network.rows.weight.detach().numpy().astype(np.float32)
    rows = np.vstack([weights[1:], np.zeros_like(weights[:1])])
    bias, out = network.bias.detach().numpy().copy(), network.out.detach().numpy().copy()
    return Chooser({name: i - 1 for name, i in index.items()}, rows, bias, out)

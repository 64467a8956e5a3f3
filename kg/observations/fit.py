"""Training of a chooser from examples of choices. Needs torch (the extra `train`)."""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch

from kg.observations.chooser import Chooser


@dataclass(frozen=True, slots=True)
class Choice:
    """Bags of features of a quantity and of each candidate (its own and the pair's, in one), and the right ones."""

    quantity: tuple[str, ...]
    candidates: tuple[tuple[str, ...], ...]
    right: frozenset[int]


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
    def __init__(self, features: int, recipe: Recipe) -> None:
        super().__init__()
        self.rows = torch.nn.EmbeddingBag(features + 1, recipe.hidden, mode="sum", padding_idx=0)
        torch.nn.init.normal_(self.rows.weight, 0, 0.1)
        self.linear = torch.nn.EmbeddingBag(features + 1, 1, mode="sum", padding_idx=0)
        torch.nn.init.zeros_(self.linear.weight)
        self.bias = torch.nn.Parameter(torch.zeros(recipe.hidden))
        self.out = torch.nn.Linear(recipe.hidden, 1, bias=False)
        self.dropout = torch.nn.Dropout(recipe.dropout)

    def forward(self, flat: torch.Tensor, offsets: torch.Tensor) -> torch.Tensor:
        hidden = self.dropout(torch.relu(self.rows(flat, offsets) + self.bias))
        scores: torch.Tensor = (self.out(hidden) + self.linear(flat, offsets)).squeeze(-1)
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


def _encode(choice: Choice, index: dict[str, int]) -> tuple[list[list[int]], frozenset[int]]:
    own = [index[f] for f in choice.quantity if f in index]
    return [own + [index[f] for f in bag if f in index] for bag in choice.candidates], choice.right


def _loss(network: _Network, batch: Sequence[tuple[list[list[int]], frozenset[int]]], recipe: Recipe) -> torch.Tensor:
    flat: list[int] = []
    offsets, owner, right = [], [], []
    for i, (bags, gold) in enumerate(batch):
        for j, bag in enumerate(bags):
            offsets.append(len(flat))
            flat += bag
            owner.append(i)
            right.append(j in gold)
    features = torch.tensor(flat)
    dropped = torch.rand(len(flat)) < recipe.feature_dropout
    scores = network(torch.where(dropped, torch.zeros_like(features), features), torch.tensor(offsets))
    owners, hits = torch.tensor(owner), torch.tensor(right)
    top = torch.full((len(batch),), -1e9).scatter_reduce(0, owners, scores.detach(), "amax")
    powers = torch.exp(scores - top[owners])
    whole = torch.zeros(len(batch)).index_add(0, owners, powers)
    part = torch.zeros(len(batch)).index_add(0, owners, powers * hits)
    return (torch.log(whole) - torch.log(part + 1e-9)).mean()


def _chooser(network: _Network, index: dict[str, int]) -> Chooser:
    with torch.no_grad():
        rows = torch.cat([network.rows.weight, network.linear.weight], dim=1).numpy().astype(np.float32)
        rows = np.vstack([rows[1:], np.zeros_like(rows[:1])])
        bias, out = network.bias.numpy().copy(), network.out.weight[0].numpy().copy()
    return Chooser({name: i - 1 for name, i in index.items()}, rows, bias, out)

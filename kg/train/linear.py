"""Fitting the linear reader of relations: sparse logistic regressions over hashed features, by Adagrad."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn

from kg import lac
from kg.model import Span
from kg.relations.features import SIZE, View
from kg.text import fold
from kg.train.corpus import Example

MARKS = 3


@dataclass(slots=True)
class Rows:
    """Features of pairs, targets (pairs, predicates + 3), and which targets count."""

    features: list[np.ndarray]
    targets: np.ndarray
    weights: np.ndarray


def rows(examples: Sequence[Example], predicates: Sequence[str], symmetric: set[str]) -> Rows:
    """All pairs within reach of all examples."""
    features: list[np.ndarray] = []
    targets, weights = [], []
    column = {name: number for number, name in enumerate(predicates)}
    paths = lac.load().read([e.text for e in examples])
    for example, path in zip(examples, paths, strict=True):
        order = sorted({entity for *_, entity in example.spans})
        index = {entity: number for number, entity in enumerate(order)}
        own: list[list[Span]] = [[] for _ in order]
        classes = [""] * len(order)
        for start, end, cls, entity in sorted(example.spans):
            own[index[entity]].append(Span(start, end))
            classes[index[entity]] = cls
        view = View(fold(example.text), lac.load().words(path), classes, own)
        stated: dict[tuple[int, int], list[int]] = {}
        marks: dict[tuple[int, int], list[float]] = {}
        for fact in example.facts:
            pair = (index[fact.subject], index[fact.object])
            if fact.predicate not in column:
                continue
            for way in {pair, pair[::-1]} if fact.predicate in symmetric else {pair}:
                stated.setdefault(way, []).append(column[fact.predicate])
                marks[way] = [
                    float(fact.negated),
                    float(fact.modality == "forecast"),
                    float(fact.modality == "proposal"),
                ]
        unknown = {(index[a], index[b]) for a, b in example.unknown}
        for subject, object_, a, b in view.pairs():
            target, weight = np.zeros(len(column) + MARKS, np.float32), np.ones(len(column) + MARKS, np.float32)
            pair = (subject, object_)
            weight[: len(column)] = not (pair in unknown or pair[::-1] in unknown)
            weight[len(column) :] = pair in stated
            target[stated.get(pair, [])] = weight[stated.get(pair, [])] = 1
            target[len(column) :] = marks.get(pair, [0.0] * MARKS)
            features.append(np.array(view.features(subject, object_, a, b), np.int64))
            targets.append(target)
            weights.append(weight)
    return Rows(features, np.array(targets), np.array(weights))


class Linear(nn.Module):
    def __init__(self, outputs: int) -> None:
        super().__init__()
        self.table = nn.EmbeddingBag(SIZE, outputs, mode="sum", sparse=True)
        nn.init.zeros_(self.table.weight)
        self.bias = nn.Parameter(torch.full((outputs,), -4.0))

    def forward(self, features: Sequence[np.ndarray]) -> Tensor:
        offsets = np.cumsum([0, *(len(f) for f in features[:-1])])
        result: Tensor = self.table(torch.from_numpy(np.concatenate(features)), torch.from_numpy(offsets)) + self.bias
        return result


def fit(
    data: Rows,
    *,
    epochs: int = 6,
    rate: float = 0.02,
    batch: int = 512,
    seed: int = 13,
    say: Callable[[str], None] = print,
) -> Linear:
    """Fit to all rows."""
    torch.manual_seed(seed)
    model = Linear(data.targets.shape[1])
    optimizer = torch.optim.Adagrad(model.parameters(), lr=rate)
    targets, weights = torch.from_numpy(data.targets), torch.from_numpy(data.weights)
    for epoch in range(epochs):
        order = np.random.RandomState(seed + epoch).permutation(len(data.features))
        total = 0.0
        for at in range(0, len(order), batch):
            chosen = order[at : at + batch]
            scores = model([data.features[i] for i in chosen])
            loss = F.binary_cross_entropy_with_logits(scores, targets[chosen], reduction="none") * weights[chosen]
            (loss.sum() / len(chosen)).backward()
            optimizer.step()
            optimizer.zero_grad()
            total += loss.sum().item()
        say(f"linear {epoch + 1}/{epochs} loss {total / len(order):.4f}")
    return model


def write(model: Linear, data: Rows, predicates: Sequence[str], path: Path, least: int = 2) -> None:
    """Write the rows of features met at least `least` times, in 8 bits."""
    count = np.bincount(np.concatenate(data.features), minlength=SIZE)
    kept = np.nonzero(count >= least)[0]
    table = model.table.weight.detach().numpy()[kept]
    scale = np.maximum(np.abs(table).max(0), 1e-6) / 127
    np.savez_compressed(
        path,
        features=kept.astype(np.int32),
        table=np.round(table / scale).astype(np.int8),
        scale=scale.astype(np.float32),
        bias=model.bias.detach().numpy(),
        predicates=np.array(list(predicates)),
    )

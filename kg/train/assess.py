"""How well a fitted reader does on examples it has not seen: names by span and class, relations between given names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import torch

from kg.train.fit import Prepared, collate, pair_scores
from kg.train.network import Reader


def predictions(model: Reader, examples: Sequence[Prepared]) -> Iterator[tuple[Prepared, torch.Tensor, torch.Tensor]]:
    """Each example with its span scores (steps, length, classes) and pair scores (pairs, predicates + 3)."""
    model.eval()
    with torch.no_grad():
        for example in examples:
            ids, mask = collate([example])
            hidden, q, k = model.encoder(ids[:, 0], ids[:, 1], ids[:, 2], ids[:, 3], mask)
            pairs = (
                pair_scores(model, hidden[0], q[0], k[0], mask[0], example) if len(example.pairs) else example.targets
            )
            yield example, model.names(hidden)[0], pairs


def assess(model: Reader, examples: Sequence[Prepared], predicates: Sequence[str]) -> dict[str, float]:
    """F1 of spans with class, of spans alone, of relations at their best threshold, and accuracy of the three marks."""
    names, bare = np.zeros(3), np.zeros(3)
    scores, truth, marks = [], [], []
    for example, spans, pairs in predictions(model, examples):
        found = (spans > 0) & (example.masked[:, :, None] == 0)
        wanted = example.spans > 0
        names += (int((found & wanted).sum()), int(found.sum()), int(wanted.sum()))
        found1, wanted1 = found.any(-1), wanted.any(-1)
        bare += (int((found1 & wanted1).sum()), int(found1.sum()), int(wanted1.sum()))
        n = len(predicates)
        keep = example.weights[:, :n] > 0
        scores.append(pairs[:, :n][keep].numpy())
        truth.append(example.targets[:, :n][keep].numpy())
        stated = example.weights[:, n] > 0
        marks.append(((pairs[:, n:][stated] > 0) == (example.targets[:, n:][stated] > 0)).float().numpy())
    best, at = best_f1(np.concatenate(scores), np.concatenate(truth))
    right = np.concatenate(marks).mean(0) if marks else np.zeros(3)
    return {
        "names": f1(names), "names P": names[0] / max(1, names[1]), "names R": names[0] / max(1, names[2]),
        "spans": f1(bare), "relations": best, "threshold": at,
        "polarity": float(right[0]), "forecast": float(right[1]), "proposal": float(right[2]),
    }  # fmt: skip


def f1(counts: np.ndarray) -> float:
    """From hits, found, wanted."""
    return float(2 * counts[0] / max(1, counts[1] + counts[2]))


def best_f1(scores: np.ndarray, truth: np.ndarray) -> tuple[float, float]:
    """The best F1 over all thresholds, and that threshold."""
    order = np.argsort(-scores, kind="stable")
    hits = truth[order].cumsum()
    f = 2 * hits / (np.arange(1, len(hits) + 1) + truth.sum())
    at = int(f.argmax()) if len(f) else 0
    return (float(f[at]), float(scores[order[at]])) if len(f) else (0.0, 0.0)

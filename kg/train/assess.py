"""How well a fitted reader does on examples it has not seen: names by span and class, relations between given names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch

from kg.train.fit import collate
from kg.train.network import Reader
from kg.train.prepare import Prepared
from kg.train.scores import figure_scores, marked, pair_scores


@dataclass(slots=True)
class Predicted:
    """Scores: of spans (steps, length, classes), of pairs (pairs, predicates + 3), of figures' subjects and times."""

    spans: torch.Tensor
    pairs: torch.Tensor
    figures: tuple[torch.Tensor, torch.Tensor] | None


def predictions(model: Reader, examples: Sequence[Prepared]) -> Iterator[tuple[Prepared, Predicted]]:
    """Each example with its scores."""
    model.eval()
    with torch.no_grad():
        for example in examples:
            ids, mask = collate([example])
            hidden = model.encoder(ids[:, 0], ids[:, 1], ids[:, 2], ids[:, 3], mask)
            read, q, k = model.second(hidden, marked(example, ids.shape[2])[None], mask)
            pairs = pair_scores(model, read[0], q[0], k[0], mask[0], example) if len(example.pairs) else example.targets
            figures = figure_scores(model, read[0], example) if example.figures is not None else None
            yield example, Predicted(model.names(hidden)[0], pairs, figures)


def assess(model: Reader, examples: Sequence[Prepared], predicates: Sequence[str]) -> dict[str, float]:
    """F1 of spans with class, of spans alone, of relations at their best threshold, and of figures' subjects;

    the share of right times where the right one is known, and the accuracy of the three marks.
    """
    names, bare, whose, when = np.zeros(3), np.zeros(3), np.zeros(3), np.zeros(2)
    scores, truth, marks = [], [], []
    n = len(predicates)
    for example, seen in predictions(model, examples):
        found = (seen.spans > 0) & (example.masked[:, :, None] == 0)
        wanted = example.spans > 0
        names += (int((found & wanted).sum()), int(found.sum()), int(wanted.sum()))
        found1, wanted1 = found.any(-1), wanted.any(-1)
        bare += (int((found1 & wanted1).sum()), int(found1.sum()), int(wanted1.sum()))
        keep = example.weights[:, :n] > 0
        scores.append(seen.pairs[:, :n][keep].numpy())
        truth.append(example.targets[:, :n][keep].numpy())
        stated = example.weights[:, n] > 0
        marks.append(((seen.pairs[:, n:][stated] > 0) == (example.targets[:, n:][stated] > 0)).float().numpy())
        if seen.figures is not None and example.figures is not None:
            whose += _subjects(seen.figures[0], example.figures.about)
            known = example.figures.of.sum(1) > 0
            chosen = seen.figures[1][known].argmax(1, keepdim=True)
            when += (float(example.figures.of[known].gather(1, chosen).sum()), int(known.sum()))
    best, at = best_f1(np.concatenate(scores), np.concatenate(truth))
    right = np.concatenate(marks).mean(0) if marks else np.zeros(3)
    return {
        "names": f1(names), "names P": names[0] / max(1, names[1]), "names R": names[0] / max(1, names[2]),
        "spans": f1(bare), "relations": best, "threshold": at,
        "polarity": float(right[0]), "forecast": float(right[1]), "proposal": float(right[2]),
        "figures": f1(whose), "figures P": whose[0] / max(1, whose[1]), "times": when[0] / max(1, when[1]),
    }  # fmt: skip


def _subjects(scores: torch.Tensor, about: torch.Tensor) -> tuple[int, int, int]:
    """Right, chosen and annotated figures."""
    chosen = scores.argmax(1)
    somebody = chosen < about.shape[1] - 1
    right = about.gather(1, chosen[:, None])[:, 0] > 0
    return int((right & somebody).sum()), int(somebody.sum()), int((about[:, :-1].sum(1) > 0).sum())


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

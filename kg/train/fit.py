"""Fitting the learned reader: examples → weights. Deterministic for a seed and a number of threads."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor
from torch.optim.swa_utils import AveragedModel

from kg.errors import DataError
from kg.train.network import Reader
from kg.train.prepare import Prepared, Standing
from kg.train.scores import figure_scores, marked, pair_scores, worth_scores
from kg.train.swapping import Names


@dataclass(frozen=True, slots=True)
class Plan:
    layers: int = 6
    second: int = 2
    """Layers of the second reading."""
    epochs: float = 5
    rate: float = 3e-4
    head_rate: float = 1e-3
    batch: int = 8
    seed: int = 13
    pair_weight: float = 3.0
    figure_weight: float = 0.5
    worth_weight: float = 2.0
    unseen: float = 0.15
    """The chance that an example, and that a name, is shown without what the gazetteer sees there."""
    swapped: float = 0.35
    """The share of names that a step sees called otherwise."""
    thinned: float = 0.3
    """The share of pairs without a relation that a step looks at; they weigh the more."""
    averaged: float = 0.998
    """Decay of the running average of the weights, which is what is kept."""
    device: str = "cpu"


def collate(batch: Sequence[Prepared], device: str = "cpu") -> tuple[Tensor, Tensor]:
    """(batch, 4, steps) inputs, padded, and (batch, steps) mask."""
    steps = max(p.inputs.shape[1] for p in batch)
    ids = torch.zeros(len(batch), 4, steps, dtype=torch.long)
    ids[:, 0] = 1
    mask = torch.zeros(len(batch), steps)
    for row, p in enumerate(batch):
        ids[row, :, : p.inputs.shape[1]] = p.inputs
        mask[row, : p.inputs.shape[1]] = 1
    return ids.to(device), mask.to(device)


def choice_loss(scores: Tensor, right: Tensor) -> Tensor:
    """Sum over the rows that have a right option of how unlikely the right ones together are."""
    known = right.sum(1) > 0
    chances = scores.log_softmax(1) + torch.log(right.clamp(min=1e-9))
    return -torch.logsumexp(chances[known], 1).sum()


def span_loss(scores: Tensor, targets: Tensor, skip: Tensor) -> Tensor:
    """The multi-label cross entropy of Su et al.: every true span above 0, every other below."""
    flat = scores.flatten(1, 2).transpose(1, 2)
    truth = targets.flatten(1, 2).transpose(1, 2)
    out = skip.flatten(1)[:, None] * -1e4
    negative = flat - truth * 1e4 + out
    positive = -flat - (1 - truth) * 1e4
    zero = torch.zeros_like(flat[..., :1])
    low = torch.logsumexp(torch.cat([zero, negative], -1), -1)
    high = torch.logsumexp(torch.cat([zero, positive], -1), -1)
    return (low + high).sum(-1).mean()


def fit(model: Reader, examples: list[Prepared], plan: Plan, say: Callable[[str], None] = print) -> None:
    """Train in place, on `plan.device`; the model comes back to the CPU, its weights averaged over the last steps.

    Raises DataError without examples.
    """
    if not examples:
        raise DataError("nothing to fit to: the annotations hold no text")
    torch.manual_seed(plan.seed)
    rng = random.Random(plan.seed)
    model.to(plan.device)
    average = AveragedModel(model, avg_fn=_toward(plan.averaged))
    slow, fast = _parameters(model)
    groups = [{"params": slow, "lr": plan.rate}, {"params": fast, "lr": plan.head_rate}]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01)
    base = [group["lr"] for group in optimizer.param_groups]
    total = max(1, int(plan.epochs * len(examples) / plan.batch))
    step, began = 0, time.monotonic()
    names_of = Names(examples)
    model.train()
    sums = np.zeros(5)
    while step < total:
        for batch in _batches(examples, plan.batch, rng)[: total - step]:
            factor = min(1.0, (step + 1) / 80) * max(0.01, 1 - step / total)
            for group, rate in zip(optimizer.param_groups, base, strict=True):
                group["lr"] = rate * factor
            seen = [_varied(names_of.swapped(p, plan.swapped, rng), plan, rng) for p in batch]
            names, pairs, figures, worth = losses(model, seen, plan.device)
            loss = names + plan.pair_weight * pairs + plan.figure_weight * figures + plan.worth_weight * worth
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_([*slow, *fast], 1.0)
            optimizer.step()
            optimizer.zero_grad()
            average.update_parameters(model)
            step += 1
            sums += (names.item(), pairs.item(), figures.item(), worth.item(), 1)
            if step % 50 == 0 or step == total:
                means = zip(("names", "pairs", "figures", "worth"), sums[:-1] / sums[-1], strict=True)
                told = " ".join(f"{name} {mean:.3f}" for name, mean in means)
                say(f"{step}/{total} {told} {time.monotonic() - began:.0f} s")
                sums[:] = 0
    model.load_state_dict(average.module.state_dict())
    model.to("cpu").eval()


def _toward(decay: float) -> Callable[[Tensor, Tensor, Tensor | int], Tensor]:
    """A running average that forgets its beginning: of n steps about the last n / 10 count, at most 1 / (1 - decay)."""

    def averaged(mean: Tensor, new: Tensor, seen: Tensor | int) -> Tensor:
        kept = min(decay, (1 + int(seen)) / (10 + int(seen)))
        return mean.lerp(new, 1 - kept)

    return averaged


def _varied(example: Prepared, plan: Plan, rng: random.Random) -> Prepared:
    """The example as one step sees it: with less of the gazetteer, for not all is listed, and with fewer pairs."""
    hidden = example.inputs.clone()
    if rng.random() < plan.unseen:
        hidden[1:3] = 0
    else:
        for start, end in example.mentions.tolist():
            if rng.random() < plan.unseen:
                hidden[1:3, start:end] = 0
    stated = (example.targets[:, :-3].sum(1) > 0).tolist()
    kept = torch.tensor([i for i, s in enumerate(stated) if s or rng.random() < plan.thinned], dtype=torch.long)
    weights = example.weights[kept]
    weights[example.targets[kept, :-3].sum(1) == 0] /= plan.thinned
    near = example.standing
    standing = Standing(near.places[kept], near.low[kept], near.high[kept])
    pairs, targets = example.pairs[kept], example.targets[kept]
    return replace(example, inputs=hidden, pairs=pairs, standing=standing, targets=targets, weights=weights)


def _parameters(model: Reader) -> tuple[list[torch.nn.Parameter], list[torch.nn.Parameter]]:
    """The encoder but for its new inputs, which learns slowly, and all else."""
    slow: list[torch.nn.Parameter] = []
    fast: list[torch.nn.Parameter] = []
    for name, parameter in model.named_parameters():
        if parameter.requires_grad:
            part = name.split(".")[1] if name.startswith("encoder.") else ""
            (slow if part not in ("", "longest", "nested", "tags") else fast).append(parameter)
    return slow, fast


def losses(model: Reader, batch: Sequence[Prepared], device: str = "cpu") -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """The losses of the span head, of the pair head, of the choices for figures and of entities' worth on a batch."""
    ids, mask = collate(batch, device)
    hidden = model.encoder(ids[:, 0], ids[:, 1], ids[:, 2], ids[:, 3], mask, torch.bfloat16)
    scores = model.names(model.drop(hidden))
    told = torch.stack([marked(p, ids.shape[2]) for p in batch]).to(device)
    read, q, k = model.second(hidden, told, mask, torch.bfloat16)
    dropped = model.drop(read)
    targets = torch.zeros_like(scores)
    skip = (1 - mask)[:, :, None].expand(scores.shape[:3]).clone()
    for row, p in enumerate(batch):
        targets[row, : p.spans.shape[0]] = p.spans.to(device)
        skip[row, : p.masked.shape[0]] += p.masked.to(device)
    names = span_loss(scores, targets, skip.clamp(max=1))
    pairs, entities = scores.new_zeros(()), 0
    figures, quantities = scores.new_zeros(()), 0
    worth, things = scores.new_zeros(()), 0
    for row, p in enumerate(batch):
        if len(p.kinds):
            told_worth = worth_scores(model, dropped[row], p)
            worth = worth + F.binary_cross_entropy_with_logits(told_worth, p.worth.to(device), reduction="sum")
            things += len(p.kinds)
        if len(p.pairs):
            with torch.autocast(device, torch.bfloat16):
                out = pair_scores(model, dropped[row], q[row], k[row], mask[row], p).float()
            loss = F.binary_cross_entropy_with_logits(out, p.targets.to(device), reduction="none")
            pairs = pairs + (loss * p.weights.to(device)).sum()
            entities += int(p.worth.sum())
        if p.figures is not None:
            with torch.autocast(device, torch.bfloat16):
                whose, when = (x.float() for x in figure_scores(model, dropped[row], p))
            figures = figures + choice_loss(whose, p.figures.about.to(device))
            figures = figures + 0.5 * choice_loss(when, p.figures.of.to(device))
            quantities += len(whose)
    return names, pairs / max(1, entities), figures / max(1, quantities), worth / max(1, things)


def _batches(examples: list[Prepared], size: int, rng: random.Random) -> list[list[Prepared]]:
    """Examples of like length together, in a shuffled order."""
    order = sorted(examples, key=lambda p: p.inputs.shape[1] + rng.random() * 60)
    batches = [order[i : i + size] for i in range(0, len(order), size)]
    rng.shuffle(batches)
    return batches

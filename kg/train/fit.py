"""Fitting the learned reader: examples → weights. Deterministic for a seed and a number of threads."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor

from kg import lac
from kg.encoder import BEGIN, END, Features, Ints, features
from kg.lexicon import Lexicon
from kg.reader import sentence_gaps
from kg.text import sentences
from kg.train.corpus import Example
from kg.train.network import DISTANCES, SPAN_LENGTH, Reader

CLASSES = (
    "Company", "GovernmentBody", "AcademicInstitution", "Association", "Person", "Place", "Market", "Index", "Policy",
    "Event", "Product", "Technology", "Industry", "FinancialInstrument", "Currency", "Commodity", "Indicator",
    "Concept",
)  # fmt: skip
MODALITIES = ("forecast", "proposal")


@dataclass(slots=True)
class Prepared:
    """An example as tensors: inputs with marks at both ends, span targets, entities by their spans, pair targets."""

    inputs: Tensor
    spans: Tensor
    masked: Tensor
    entities: list[Tensor]
    kinds: Tensor
    pairs: Tensor
    distance: Tensor
    targets: Tensor
    weights: Tensor


@dataclass(frozen=True, slots=True)
class Plan:
    layers: int = 6
    epochs: float = 8
    rate: float = 2e-4
    head_rate: float = 1e-3
    batch: int = 8
    seed: int = 13
    pair_weight: float = 1.0
    device: str = "cpu"


def inputs(feature: Features) -> Tensor:
    """(4, steps): characters, gazetteer's longest and nested states, tags, with marks at both ends."""
    rows = [np.pad(r, 1) for r in (feature.characters, feature.longest, feature.nested, feature.tags)]
    rows[0][0], rows[0][-1] = BEGIN, END
    return torch.tensor(np.stack(rows))


def prepare(
    examples: Sequence[Example], lexicon: Lexicon, predicates: Sequence[str], symmetric: set[str]
) -> list[Prepared]:
    texts = [e.text for e in examples]
    made = features(texts, lac.load().read(texts), lexicon)
    return [_prepare(e, f, predicates, symmetric) for e, f in zip(examples, made, strict=True)]


def distances(text: str, spans: Sequence[Sequence[tuple[int, int]]]) -> Ints:
    """(entities, entities): sentences between the nearest mentions of entities, at most DISTANCES - 1."""
    bounds = np.array([s.start for s in sentences(text)][1:], np.int64)
    return sentence_gaps(bounds, [[start for start, _ in own] for own in spans], DISTANCES - 1)


def _prepare(example: Example, feature: Features, predicates: Sequence[str], symmetric: set[str]) -> Prepared:
    steps = len(example.text) + 2
    targets = torch.zeros(steps, SPAN_LENGTH, len(CLASSES))
    masked = torch.zeros(steps, SPAN_LENGTH)
    order = sorted({entity for *_, entity in example.spans})
    own: dict[int, list[tuple[int, int]]] = {entity: [] for entity in order}
    kinds = {}
    for start, end, cls, entity in example.spans:
        own[entity].append((start, end))
        kinds[entity] = CLASSES.index(cls)
        if end - start <= SPAN_LENGTH:
            targets[start + 1, end - start - 1, CLASSES.index(cls)] = 1
    for start, end in example.ignored:
        if end - start <= SPAN_LENGTH:
            masked[start + 1, end - start - 1] = 1
    index = {entity: number for number, entity in enumerate(order)}
    pairs = [(i, j) for i in range(len(order)) for j in range(len(order)) if i != j]
    row = {pair: number for number, pair in enumerate(pairs)}
    labels = torch.zeros(len(pairs), len(predicates) + 3)
    weights = torch.ones(len(pairs), len(predicates) + 3)
    weights[:, len(predicates) :] = 0
    for a, b in example.unknown:
        for pair in ((index[a], index[b]), (index[b], index[a])):
            if pair[0] != pair[1]:
                weights[row[pair], : len(predicates)] = 0
    for fact in example.facts:
        pair = (index[fact.subject], index[fact.object])
        if pair[0] == pair[1] or fact.predicate not in predicates:
            continue
        for way in {pair, pair[::-1]} if fact.predicate in symmetric else {pair}:
            column = list(predicates).index(fact.predicate)
            labels[row[way], column] = 1
            weights[row[way], column] = 1
            extra = [fact.negated, *(fact.modality == m for m in MODALITIES)]
            labels[row[way], len(predicates) :] = torch.tensor([float(x) for x in extra])
            weights[row[way], len(predicates) :] = 1
    gap = distances(example.text, [own[e] for e in order]) if order else np.zeros((0, 0), np.int64)
    return Prepared(
        inputs(feature),
        targets,
        masked,
        [torch.tensor(own[e]) + 1 for e in order],
        torch.tensor([kinds[e] for e in order], dtype=torch.long),
        torch.tensor(pairs, dtype=torch.long).reshape(-1, 2),
        torch.tensor([gap[i, j] for i, j in pairs], dtype=torch.long),
        labels,
        weights,
    )


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


def pair_scores(model: Reader, hidden: Tensor, q: Tensor, k: Tensor, mask: Tensor, example: Prepared) -> Tensor:
    """Scores of every ordered pair of one window; hidden (steps, 384), q and k (heads, steps, 32)."""
    device = hidden.device
    starts = [e[:, 0].to(device) for e in example.entities]
    ends = [e[:, 1].to(device) - 1 for e in example.entities]
    vectors = torch.stack([torch.logsumexp((hidden[a] + hidden[b]) / 2, 0) for a, b in zip(starts, ends, strict=True)])
    vectors = vectors + model.pairs.kind(example.kinds.to(device))
    every = torch.cat(starts)
    raw = torch.einsum("hmd,htd->hmt", q[:, every], k) / q.shape[-1] ** 0.5 + (1 - mask)[None, None] * -1e4
    attention = raw.softmax(-1)
    average = torch.zeros(len(starts), len(every), device=device)
    at = 0
    for row, own in enumerate(starts):
        average[row, at : at + len(own)] = 1 / len(own)
        at += len(own)
    entity = torch.einsum("em,hmt->eht", average, attention)
    pairs = example.pairs.to(device)
    joint = (entity[pairs[:, 0]] * entity[pairs[:, 1]]).mean(1)
    joint = joint / (joint.sum(1, keepdim=True) + 1e-6)
    scores: Tensor = model.pairs(vectors, joint @ hidden, pairs, example.distance.to(device))
    return scores


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
    """Train in place, on `plan.device`; the model comes back to the CPU."""
    torch.manual_seed(plan.seed)
    rng = random.Random(plan.seed)
    model.to(plan.device)
    slow, fast = _parameters(model)
    groups = [{"params": slow, "lr": plan.rate}, {"params": fast, "lr": plan.head_rate}]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01)
    base = [group["lr"] for group in optimizer.param_groups]
    total = max(1, int(plan.epochs * len(examples) / plan.batch))
    step, began = 0, time.monotonic()
    model.train()
    sums = np.zeros(3)
    while step < total:
        for batch in _batches(examples, plan.batch, rng)[: total - step]:
            factor = min(1.0, (step + 1) / 80) * max(0.01, 1 - step / total)
            for group, rate in zip(optimizer.param_groups, base, strict=True):
                group["lr"] = rate * factor
            names, pairs = losses(model, batch, plan.device)
            (names + plan.pair_weight * pairs).backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_([*slow, *fast], 1.0)
            optimizer.step()
            optimizer.zero_grad()
            step += 1
            sums += (names.item(), pairs.item(), 1)
            if step % 50 == 0 or step == total:
                took = f"{time.monotonic() - began:.0f} s"
                say(f"{step}/{total} names {sums[0] / sums[2]:.3f} pairs {sums[1] / sums[2]:.4f} {took}")
                sums[:] = 0
    model.to("cpu").eval()


def _parameters(model: Reader) -> tuple[list[torch.nn.Parameter], list[torch.nn.Parameter]]:
    """What came pretrained and learns slowly, and what is new."""
    slow: list[torch.nn.Parameter] = []
    fast: list[torch.nn.Parameter] = []
    for name, parameter in model.named_parameters():
        if parameter.requires_grad:
            part = name.split(".")[1] if name.startswith("encoder.") else ""
            (slow if part not in ("", "longest", "nested", "tags") else fast).append(parameter)
    return slow, fast


def losses(model: Reader, batch: Sequence[Prepared], device: str = "cpu") -> tuple[Tensor, Tensor]:
    """The losses of the span head and of the pair head on a batch."""
    ids, mask = collate(batch, device)
    with torch.autocast(device, torch.bfloat16):
        hidden, q, k = model.encoder(ids[:, 0], ids[:, 1], ids[:, 2], ids[:, 3], mask)
    hidden, q, k = hidden.float(), q.float(), k.float()
    dropped = model.drop(hidden)
    scores = model.names(dropped)
    targets = torch.zeros_like(scores)
    skip = (1 - mask)[:, :, None].expand(scores.shape[:3]).clone()
    for row, p in enumerate(batch):
        targets[row, : p.spans.shape[0]] = p.spans.to(device)
        skip[row, : p.masked.shape[0]] += p.masked.to(device)
    names = span_loss(scores, targets, skip.clamp(max=1))
    total, count = scores.new_zeros(()), 0
    for row, p in enumerate(batch):
        if len(p.pairs):
            out = pair_scores(model, dropped[row], q[row], k[row], mask[row], p)
            loss = F.binary_cross_entropy_with_logits(out, p.targets.to(device), reduction="none")
            total = total + (loss * p.weights.to(device)).sum()
            count += len(p.entities)
    return names, total / max(1, count)


def _batches(examples: list[Prepared], size: int, rng: random.Random) -> list[list[Prepared]]:
    """Examples of like length together, in a shuffled order."""
    order = sorted(examples, key=lambda p: p.inputs.shape[1] + rng.random() * 60)
    batches = [order[i : i + size] for i in range(0, len(order), size)]
    rng.shuffle(batches)
    return batches

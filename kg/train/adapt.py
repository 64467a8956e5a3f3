"""Adapting the encoder to single characters and to financial news: masked characters of unlabelled text."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn

from kg.encoder import BEGIN, END, UNKNOWN, vocabulary, windows
from kg.text import simplify
from kg.train.network import HIDDEN, Encoder

_MASKED = 0.18
_RUN = (1, 1, 2, 2, 3)


def cut(texts: Sequence[str], size: int) -> list[Tensor]:
    """Texts as windows of character ids, with marks at both ends."""
    known = vocabulary()
    result = []
    for text in texts:
        for span in windows(text, size):
            if len(span) > 20:
                ids = [known.get(c, UNKNOWN) for c in simplify(text[span.start : span.end])]
                result.append(torch.tensor([BEGIN, *ids, END]))
    return result


def adapt(
    encoder: Encoder, texts: Sequence[str], *, steps: int, batch: int = 16, size: int = 200, rate: float = 4e-4,
    seed: int = 7, say: Callable[[str], None] = print,
) -> None:  # fmt: skip
    """Train the encoder's layers in place to tell masked characters from their context."""
    torch.manual_seed(seed)
    rng = random.Random(seed)
    rows = cut(texts, size)
    head = nn.Sequential(nn.Linear(HIDDEN, HIDDEN), nn.GELU(), nn.LayerNorm(HIDDEN))
    bias = nn.Parameter(torch.zeros(encoder.word.weight.shape[0]))
    scale = nn.Parameter(torch.tensor(4.0))
    table = F.normalize(encoder.word.weight, dim=1)
    trained = [p for p in (*encoder.parameters(), *head.parameters(), bias, scale) if p.requires_grad]
    optimizer = torch.optim.AdamW(trained, lr=rate, weight_decay=0.01)
    encoder.train()
    step, began, total, seen = 0, time.monotonic(), 0.0, 0
    while step < steps:
        order = sorted(range(len(rows)), key=lambda i: len(rows[i]) + rng.random() * 40)
        groups = [order[i : i + batch] for i in range(0, len(order), batch)]
        rng.shuffle(groups)
        for group in groups[: steps - step]:
            ids, mask, where = _masked([rows[i] for i in group], rng)
            factor = min(1.0, (step + 1) / 60) * max(0.02, 1 - step / steps)
            optimizer.param_groups[0]["lr"] = rate * factor
            none = torch.zeros_like(ids)
            changed = ids.masked_fill(where, UNKNOWN)
            with torch.autocast("cpu", torch.bfloat16):
                hidden, _, _ = encoder(changed, none, none, none, mask)
            guess = F.normalize(head(hidden.float()[where]), dim=1) @ table.T * scale.exp().clamp(max=100) + bias
            loss = F.cross_entropy(guess, ids[where])
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(trained, 1.0)
            optimizer.step()
            optimizer.zero_grad()
            step, total, seen = step + 1, total + loss.item(), seen + 1
            if step % 50 == 0 or step == steps:
                say(f"adapt {step}/{steps} loss {total / seen:.3f} {time.monotonic() - began:.0f} s")
                total, seen = 0.0, 0
    encoder.eval()


def _masked(rows: Sequence[Tensor], rng: random.Random) -> tuple[Tensor, Tensor, Tensor]:
    steps = max(len(r) for r in rows)
    ids = torch.ones(len(rows), steps, dtype=torch.long)
    mask = torch.zeros(len(rows), steps)
    where = torch.zeros(len(rows), steps, dtype=torch.bool)
    for number, row in enumerate(rows):
        ids[number, : len(row)] = row
        mask[number, : len(row)] = 1
        left = int(_MASKED * len(row)) + 1
        while left > 0:
            run = rng.choice(_RUN)
            at = rng.randrange(1, max(2, len(row) - run))
            where[number, at : min(at + run, len(row) - 1)] = True
            left -= run
    return ids, mask, where

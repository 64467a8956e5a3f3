"""Adapting the encoder from pieces of words to single characters, and to financial news, on unlabelled text.

Two tasks at once: to tell masked characters from their context, and to say what the whole pretrained model (twelve
layers, reading pieces, nothing masked) makes of each piece (Baevski et al., data2vec, 2022).
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812
from tokenizers import Tokenizer, models, pre_tokenizers
from torch import Tensor, nn

from kg.encoder import BEGIN, END, UNKNOWN, vocabulary, windows
from kg.text import simplify
from kg.train import pretrained
from kg.train.network import HIDDEN, Encoder, Layer

_MASKED = 0.2
_RUN = (1, 1, 2, 2, 3, 4)
_SHORTEST = 20
_ROUND = 24
"""Lengths are rounded up to this: few shapes of tensors keep the memory small."""
_UPPER = 5
"""The mean of so many last layers of the teacher is what is learned."""
_PIECES = 4.0
"""Weight of the teacher's task beside the masked characters."""
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Row:
    """A window: characters with marks at both ends, pieces with marks, and the number of each character's piece."""

    characters: Tensor
    pieces: Tensor
    piece_of: Tensor


class Teacher(nn.Module):
    """multilingual-e5-small as it is, over its own pieces."""

    def __init__(self) -> None:
        super().__init__()
        tensors = pretrained.load().tensors
        self.word, self.position, self.segment = (
            torch.tensor(tensors[f"emb.{name}"].reshape(-1, HIDDEN)) for name in ("word", "pos", "type")
        )
        self.norm = nn.LayerNorm(HIDDEN, eps=1e-12)
        self.norm.weight.data = torch.tensor(tensors["emb.ln.w"])
        self.norm.bias.data = torch.tensor(tensors["emb.ln.b"])
        self.layers = nn.ModuleList(Layer(tensors, number) for number in range(12))

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        """(batch, steps) → (batch, steps, 384): the mean of the last layers, each normalised."""
        x = self.norm(self.word[ids] + self.position[: ids.shape[1]] + self.segment[0]).bfloat16()
        weights = ((1 - mask[:, None, None, :]) * -1e4).bfloat16()
        made = []
        for layer in self.layers:
            x, _, _ = layer(x, weights)
            made.append(F.layer_norm(x.float(), (HIDDEN,)))
        return torch.stack(made[-_UPPER:]).mean(0)


def tokenizer() -> Tokenizer:
    """Text to the teacher's pieces (a unigram model), with the characters of each."""
    held = pretrained.load()
    made = Tokenizer(models.Unigram(list(zip(held.pieces, held.scores, strict=True)), unk_id=UNKNOWN))
    made.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always")
    return made


def rows(texts: Sequence[str], size: int) -> list[Row]:
    """Texts as windows of at most `size` characters."""
    known, split = vocabulary(), tokenizer()
    plain = [simplify(text).replace("\n", " ") for text in texts]
    cut = [text[s.start : s.end] for text in plain for s in windows(text, size) if len(s) > _SHORTEST]
    result = []
    for text, encoded in zip(cut, split.encode_batch(cut), strict=True):
        piece_of = torch.full((len(text) + 2,), -1)
        for number, (start, end) in enumerate(encoded.offsets):
            piece_of[start + 1 : end + 1] = number + 1
        characters = torch.tensor([BEGIN, *(known.get(c, UNKNOWN) for c in text), END])
        result.append(Row(characters, torch.tensor([BEGIN, *encoded.ids, END]), piece_of))
    return result


class _Tasks(nn.Module):
    """The heads of both tasks over an encoder."""

    def __init__(self, encoder: Encoder) -> None:
        super().__init__()
        self.encoder = encoder
        self.head = nn.Sequential(nn.Linear(HIDDEN, HIDDEN), nn.GELU(), nn.LayerNorm(HIDDEN))
        self.bias = nn.Parameter(torch.zeros(encoder.word.weight.shape[0]))
        self.scale = nn.Parameter(torch.tensor(4.0))
        self.taught = nn.Linear(HIDDEN, HIDDEN)

    def forward(self, batch: _Batch, target: Tensor) -> tuple[Tensor, Tensor]:
        """The losses of masked characters and of pieces."""
        none = torch.zeros_like(batch.characters)
        seen = batch.characters.masked_fill(batch.masked, UNKNOWN)
        hidden = self.encoder(seen, none, none, none, batch.mask, torch.bfloat16)
        table = F.normalize(self.encoder.word.weight, dim=1).bfloat16()
        guess = F.normalize(self.head(hidden[batch.masked]), dim=1).bfloat16()
        scores = (guess @ table.T).float() * self.scale.exp().clamp(max=100) + self.bias
        characters = F.cross_entropy(scores, batch.characters[batch.masked])
        count = target.shape[1]
        of = F.one_hot(batch.piece_of.clamp(min=0), count).float() * (batch.piece_of >= 0)[..., None]
        sizes = of.sum(1)
        pooled = of.transpose(1, 2) @ hidden / sizes.clamp(min=1)[..., None]
        return characters, F.mse_loss(self.taught(pooled[sizes > 0]), target[sizes > 0])


@dataclass(frozen=True, slots=True)
class _Batch:
    characters: Tensor
    mask: Tensor
    masked: Tensor
    piece_of: Tensor
    pieces: Tensor
    pieces_mask: Tensor

    def to(self, device: str) -> _Batch:
        return _Batch(*(getattr(self, name).to(device) for name in self.__slots__))


def _batch(chosen: Sequence[Row], rng: random.Random) -> _Batch:
    steps, pieces = (
        -(-max(len(getattr(row, name)) for row in chosen) // _ROUND) * _ROUND for name in ("characters", "pieces")
    )
    size = len(chosen)
    characters, mask = torch.ones(size, steps, dtype=torch.long), torch.zeros(size, steps)
    masked = torch.zeros(size, steps, dtype=torch.bool)
    piece_of = torch.full((size, steps), -1)
    ids, ids_mask = torch.ones(size, pieces, dtype=torch.long), torch.zeros(size, pieces)
    for number, row in enumerate(chosen):
        length = len(row.characters)
        characters[number, :length], mask[number, :length] = row.characters, 1
        piece_of[number, :length] = row.piece_of
        ids[number, : len(row.pieces)], ids_mask[number, : len(row.pieces)] = row.pieces, 1
        left = int(_MASKED * length) + 1
        while left > 0:
            run = rng.choice(_RUN)
            at = rng.randrange(1, max(2, length - run))
            masked[number, at : min(at + run, length - 1)] = True
            left -= run
    return _Batch(characters, mask, masked & (characters != UNKNOWN), piece_of, ids, ids_mask)


def adapt(
    encoder: Encoder, texts: Sequence[str], *, epochs: float, batch: int = 32, size: int = 220, rate: float = 6e-4,
    seed: int = 7, device: str = "cpu", say: Say = print,
) -> None:  # fmt: skip
    """Train the encoder in place, on `device`; it comes back to the CPU."""
    torch.manual_seed(seed)
    rng = random.Random(seed)
    data, teacher, tasks = rows(texts, size), Teacher().eval(), _Tasks(encoder)
    for module in (teacher, tasks):
        module.to(device)
    teacher.word, teacher.position, teacher.segment = (
        t.to(device) for t in (teacher.word, teacher.position, teacher.segment)
    )
    trained = list(tasks.parameters())
    optimizer = torch.optim.AdamW(trained, lr=rate, weight_decay=0.01, betas=(0.9, 0.98))
    tasks.train()
    steps, step, began = int(epochs * len(data) / batch), 0, time.monotonic()
    sums = np.zeros(3)
    while step < steps:
        order = sorted(range(len(data)), key=lambda i: len(data[i].characters) + rng.random() * 40)
        groups = [order[i : i + batch] for i in range(0, max(1, len(order) - batch + 1), batch)]
        rng.shuffle(groups)
        for group in groups[: steps - step]:
            optimizer.param_groups[0]["lr"] = rate * min(1.0, (step + 1) / 150) * max(0.01, 1 - step / steps)
            held = _batch([data[i] for i in group], rng).to(device)
            with torch.no_grad():
                target = teacher(held.pieces, held.pieces_mask)
            characters, pieces = tasks(held, target)
            (characters + _PIECES * pieces).backward()
            nn.utils.clip_grad_norm_(trained, 1.0)
            optimizer.step()
            optimizer.zero_grad()
            step += 1
            sums += (characters.item(), pieces.item(), 1)
            if step % 50 == 0 or step == steps:
                took = f"{time.monotonic() - began:.0f} s"
                say(f"adapt {step}/{steps} characters {sums[0] / sums[2]:.3f} pieces {sums[1] / sums[2]:.3f} {took}")
                sums[:] = 0
    encoder.to("cpu").eval()

"""The network of the learned reader in torch: encoder, span scorer, second reading, pair classifier, figures.

Spans: a start-end score with rotary positions and class scores of both ends (Su et al., Global Pointer, 2022).
Second reading: further layers over typed markers of all names (Zhong and Chen, PURE, 2021, at once).
Pairs: pooled mentions, the context both attend to, what stands between them, and a grouped bilinear form
(Zhou et al., ATLOP, 2021). Figures: whose a quantity is and of which time, chosen among mentions and times.
"""

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn

from kg.encoder import GAZETTEER_STATES, WINDOW
from kg.reader import HEADS, PLACES, SPAN_LENGTH
from kg.train import pretrained

HIDDEN, INNER = 384, 1536
SPAN_SIZE = 64
PAIR_SIZE, GROUP = 256, 16
TAG_STATES = 58
CHOICE_SIZE = 128


class Block(nn.Module):
    """Attention and feed-forward network of a layer, from pretrained weights."""

    def __init__(self, tensors: dict[str, Any], number: int) -> None:
        super().__init__()

        def linear(name: str, rows: int, columns: int) -> nn.Linear:
            module = nn.Linear(columns, rows)
            module.weight.data = torch.tensor(tensors[f"l{number}.{name}.w"].reshape(rows, columns))
            module.bias.data = torch.tensor(tensors[f"l{number}.{name}.b"])
            return module

        self.q, self.k, self.v, self.ao = (linear(n, HIDDEN, HIDDEN) for n in ("q", "k", "v", "ao"))
        self.fi, self.fo = linear("fi", INNER, HIDDEN), linear("fo", HIDDEN, INNER)

    def attend(self, x: Tensor, mask: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """What each position draws from the others, and queries and keys by head.

        In the type of `x`, whatever that of the weights: half the memory traffic of autocast on a CPU.
        """
        batch, steps, _ = x.shape
        joined = [torch.cat([getattr(part, name) for part in (self.q, self.k, self.v)]) for name in ("weight", "bias")]
        parts = F.linear(x, *(tensor.to(x.dtype) for tensor in joined))
        q, k, v = parts.view(batch, steps, 3, HEADS, HIDDEN // HEADS).permute(2, 0, 3, 1, 4)
        # Written out: on a CPU in bfloat16 faster than scaled_dot_product_attention, above all backwards.
        raw = (q * (HIDDEN // HEADS) ** -0.5) @ k.transpose(-1, -2) + mask
        context = (raw.softmax(-1) @ v).transpose(1, 2).reshape(batch, steps, HIDDEN)
        return _linear(self.ao, context), q, k

    def transform(self, x: Tensor) -> Tensor:
        return _linear(self.fo, F.gelu(_linear(self.fi, x)))


def _norm(tensors: dict[str, Any], name: str) -> nn.LayerNorm:
    module = nn.LayerNorm(HIDDEN, eps=1e-12)
    module.weight.data, module.bias.data = (torch.tensor(tensors[f"{name}.{part}"]) for part in ("w", "b"))
    return module


class Layer(Block):
    """One layer of the encoder."""

    def __init__(self, tensors: dict[str, Any], number: int) -> None:
        super().__init__(tensors, number)
        self.aln, self.oln = (_norm(tensors, f"l{number}.{name}") for name in ("aln", "oln"))

    def forward(self, x: Tensor, mask: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        drawn, q, k = self.attend(x, mask)
        x = _normal(self.aln, x + drawn)
        return _normal(self.oln, x + self.transform(x)), q, k


class PreNormLayer(Block):
    """A layer over a fitted encoder: normalised before its parts, and at first changing nothing."""

    def __init__(self, tensors: dict[str, Any], number: int) -> None:
        super().__init__(tensors, number)
        self.before, self.between = _norm(tensors, f"l{number - 1}.oln"), _norm(tensors, f"l{number}.aln")
        for last in (self.ao, self.fo):
            nn.init.zeros_(last.weight)
            nn.init.zeros_(last.bias)

    def forward(self, x: Tensor, mask: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        drawn, q, k = self.attend(_normal(self.before, x), mask)
        x = x + drawn
        return x + self.transform(_normal(self.between, x)), q, k


def _linear(module: nn.Linear, x: Tensor) -> Tensor:
    return F.linear(x, module.weight.to(x.dtype), module.bias.to(x.dtype))


def _normal(module: nn.LayerNorm, x: Tensor) -> Tensor:
    return F.layer_norm(x, (HIDDEN,), module.weight.to(x.dtype), module.bias.to(x.dtype), module.eps)


class Encoder(nn.Module):
    """Characters and what the gazetteer and LAC-small see there → hidden states."""

    def __init__(self, layers: int) -> None:
        super().__init__()
        held = pretrained.load()
        tensors, chars = held.tensors, pretrained.characters(held.pieces)
        rows = torch.tensor(tensors["emb.word"].reshape(-1, HIDDEN))
        self.word = nn.Embedding.from_pretrained(rows[[0, 1, 2, 3, *chars.values()]].clone(), freeze=False)
        self.position = nn.Parameter(torch.tensor(tensors["emb.pos"].reshape(-1, HIDDEN)[: WINDOW + 2]))
        self.segment = nn.Parameter(torch.tensor(tensors["emb.type"].reshape(-1, HIDDEN)[0]))
        self.norm = nn.LayerNorm(HIDDEN, eps=1e-12)
        self.norm.weight.data = torch.tensor(tensors["emb.ln.w"])
        self.norm.bias.data = torch.tensor(tensors["emb.ln.b"])
        self.longest = nn.Embedding(GAZETTEER_STATES, HIDDEN)
        self.nested = nn.Embedding(GAZETTEER_STATES, HIDDEN)
        self.tags = nn.Embedding(TAG_STATES, HIDDEN)
        for table in (self.longest, self.nested, self.tags):
            nn.init.zeros_(table.weight)
        self.layers = nn.ModuleList(Layer(tensors, number) for number in range(layers))
        self.drop = nn.Dropout(0.1)

    def forward(
        self, ids: Tensor, longest: Tensor, nested: Tensor, tags: Tensor, mask: Tensor,
        kind: torch.dtype = torch.float32,
    ) -> Tensor:  # fmt: skip
        """All inputs (batch, steps) → (batch, steps, 384); `mask` is 1 where there is text; computed in `kind`."""
        plain = self.word(ids) + self.position[: ids.shape[1]] + self.segment
        x = self.norm(plain + self.longest(longest) + self.nested(nested) + self.tags(tags))
        return run(self.layers, self.drop(x).to(kind), mask)[0]


def run(layers: nn.ModuleList, x: Tensor, mask: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Hidden states after all layers and the last one's queries and keys, in single precision."""
    weights = ((1.0 - mask[:, None, None, :]) * -1e4).to(x.dtype)
    q = k = x
    for layer in layers:
        x, q, k = layer(x, weights)
    return x.float(), q.float(), k.float()


class SecondReading(nn.Module):
    """Reads a text again that knows which of its characters are names: what pairs and figures are read from."""

    def __init__(self, first: int, layers: int, classes: int) -> None:
        """`first` is the number of the first layer among those pretrained."""
        super().__init__()
        tensors = pretrained.load().tensors
        self.markers = nn.Linear(2 * classes, HIDDEN, bias=False)
        nn.init.zeros_(self.markers.weight)
        self.layers = nn.ModuleList(PreNormLayer(tensors, min(first + number, 11)) for number in range(layers))
        self.worth = nn.Linear(HIDDEN, 1)
        """Of a mention's states: whether the text is about what it names."""

    def forward(
        self, hidden: Tensor, markers: Tensor, mask: Tensor, kind: torch.dtype = torch.float32
    ) -> tuple[Tensor, Tensor, Tensor]:
        """`hidden` (batch, steps, 384), `markers` (batch, steps, 2 × classes: names that begin here, that hold this).

        Hidden states, and queries and keys by head, all three in single precision.
        """
        return run(self.layers, (hidden + self.markers(markers)).to(kind), mask)


class SpanHead(nn.Module):
    """Scores of every span up to SPAN_LENGTH characters, for every class."""

    def __init__(self, classes: int) -> None:
        super().__init__()
        self.project = nn.Linear(HIDDEN, 2 * SPAN_SIZE)
        self.classes = nn.Linear(HIDDEN, 2 * classes)

    def forward(self, hidden: Tensor) -> Tensor:
        """(batch, steps, SPAN_LENGTH, classes): [b, i, n, c] scores the span from i to i + n + 1."""
        scores: Tensor = spans(self.project(hidden), self.classes(hidden))
        return scores


def rotary(x: Tensor) -> Tensor:
    """Rotary positions along the second to last axis."""
    steps, size = x.shape[-2], x.shape[-1]
    rate = 10000 ** (-torch.arange(0, size, 2, dtype=torch.float32, device=x.device) / size)
    angle = torch.arange(steps, dtype=torch.float32, device=x.device)[:, None] * rate
    sine, cosine = angle.sin().repeat_interleave(2, -1), angle.cos().repeat_interleave(2, -1)
    turned = torch.stack([-x[..., 1::2], x[..., ::2]], -1).reshape(x.shape)
    return x * cosine + turned * sine


def spans(projected: Tensor, by_class: Tensor) -> Tensor:
    query, key = rotary(projected[..., :SPAN_SIZE]), rotary(projected[..., SPAN_SIZE:])
    starts, ends = by_class.chunk(2, -1)
    keys = F.pad(key, (0, 0, 0, SPAN_LENGTH - 1)).unfold(1, SPAN_LENGTH, 1)
    last = F.pad(ends, (0, 0, 0, SPAN_LENGTH - 1)).unfold(1, SPAN_LENGTH, 1)
    both = torch.einsum("bid,bidn->bin", query, keys) / SPAN_SIZE**0.5
    return both[..., None] + starts[:, :, None] + last.transpose(2, 3)


class PairHead(nn.Module):
    """Scores of ordered pairs of entities: predicates, then negated, forecast, proposal."""

    def __init__(self, predicates: int, classes: int) -> None:
        super().__init__()
        self.kind = nn.Embedding(classes, HIDDEN)
        nn.init.normal_(self.kind.weight, std=0.02)
        self.subject = nn.Linear(3 * HIDDEN, PAIR_SIZE)
        self.object = nn.Linear(3 * HIDDEN, PAIR_SIZE)
        self.place = nn.Embedding(PLACES, 2 * PAIR_SIZE)
        self.bias = nn.Embedding(PLACES, predicates + 3)
        nn.init.zeros_(self.place.weight)
        nn.init.zeros_(self.bias.weight)
        self.out = nn.Linear(PAIR_SIZE * GROUP, predicates + 3)
        nn.init.constant_(self.out.bias, -4.0)
        self.drop = nn.Dropout(0.1)

    def forward(self, entities: Tensor, around: Tensor, pairs: Tensor, places: Tensor) -> Tensor:
        """entities (n, 384), around (pairs, 768: context and what is between), pairs (pairs, 2) → (pairs, outputs)."""
        one, two = self.place(places).chunk(2, -1)
        subject = torch.tanh(self.subject(torch.cat([entities[pairs[:, 0]], around], 1)) + one)
        object_ = torch.tanh(self.object(torch.cat([entities[pairs[:, 1]], around], 1)) + two)
        a, b = (self.drop(z).view(-1, PAIR_SIZE // GROUP, GROUP) for z in (subject, object_))
        products = (a[..., :, None] * b[..., None, :]).reshape(len(pairs), PAIR_SIZE * GROUP)
        scores: Tensor = self.out(products) + self.bias(places)
        return scores


class Choice(nn.Module):
    """Scores of options for quantities: mentions that a figure may be about, or times that it may be of, or none."""

    def __init__(self) -> None:
        super().__init__()
        self.quantity = nn.Linear(HIDDEN, CHOICE_SIZE)
        self.option = nn.Linear(HIDDEN, CHOICE_SIZE)
        self.between = nn.Linear(HIDDEN, CHOICE_SIZE)
        self.place = nn.Embedding(PLACES, CHOICE_SIZE)
        nn.init.zeros_(self.place.weight)
        self.out = nn.Linear(CHOICE_SIZE, 1)
        self.none = nn.Linear(CHOICE_SIZE, 1)

    def forward(self, quantities: Tensor, options: Tensor, between: Tensor, places: Tensor) -> tuple[Tensor, Tensor]:
        """quantities (q, 384), options (o, 384), between (q, o, 384), places (q, o) → (q, o), and (q,) of none."""
        own = self.quantity(quantities)
        mixed = own[:, None] + self.option(options)[None] + self.between(between) + self.place(places)
        return self.out(F.gelu(mixed, approximate="tanh"))[..., 0], self.none(F.gelu(own, approximate="tanh"))[:, 0]


class Reader(nn.Module):
    def __init__(self, layers: int, second: int, classes: int, predicates: int) -> None:
        super().__init__()
        self.encoder = Encoder(layers)
        self.names = SpanHead(classes)
        self.second = SecondReading(layers, second, classes)
        self.pairs = PairHead(predicates, classes)
        self.subject = Choice()
        self.time = Choice()
        self.drop = nn.Dropout(0.1)

"""A fitted reader as the files that kg.reader loads: both readings as ONNX int8, heads as npz, card as JSON."""

from __future__ import annotations

import copy
import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast

import numpy as np
import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn

from kg.reader import HEADS
from kg.train.network import HIDDEN, Block, Reader
from kg.train.prepare import CLASSES, Prepared
from kg.train.scores import marked

_MIGRATED = 0.75
"""How much of the range of a channel goes over into the weights (Xiao et al., SmoothQuant, 2023)."""
_SAMPLES = 64
"""Examples on which the ranges of channels are measured."""


class _Attention(torch.autograd.Function):
    """Attention of one window without padding, as the one operator that onnxruntime has for it."""

    @staticmethod
    def forward(ctx: Any, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
        batch, steps, _ = q.shape
        parts = (x.view(batch, steps, HEADS, HIDDEN // HEADS).transpose(1, 2) for x in (q, k, v))
        mixed = nn.functional.scaled_dot_product_attention(*parts)
        return mixed.transpose(1, 2).reshape(batch, steps, HIDDEN)

    @staticmethod
    def symbolic(graph: Any, q: Any, k: Any, v: Any) -> Any:
        made = graph.op("com.microsoft::MultiHeadAttention", q, k, v, num_heads_i=HEADS)
        made.setType(q.type())
        return made


class _Smoothed(nn.Module):
    """The last product of a layer, which can make its input smaller by what it makes its weights larger.

    A few channels of the input are far larger than all others, and eight bits would be spent on them alone.
    """

    def __init__(self, last: nn.Linear) -> None:
        super().__init__()
        self.product = copy.deepcopy(last)
        self.shrink = nn.Parameter(torch.ones(last.in_features))

    def smooth(self, largest: Tensor) -> None:
        """`largest` are the largest inputs by channel."""
        weight = self.product.weight.data
        by = largest.clamp(min=1e-3) ** _MIGRATED / weight.abs().amax(0).clamp(min=1e-4) ** (1 - _MIGRATED)
        by = by / by.median()
        self.shrink.data, self.product.weight.data = 1 / by, weight * by

    def forward(self, x: Tensor) -> Tensor:
        return cast(Tensor, self.product(x * self.shrink))


class _First(nn.Module):
    """The encoder with plain matrix products (which dynamic quantisation knows) and the span head's projections."""

    def __init__(self, model: Reader) -> None:
        super().__init__()
        self.model = model
        self.last = _last(model.encoder.layers)

    def forward(self, ids: Tensor, longest: Tensor, nested: Tensor, tags: Tensor) -> tuple[Tensor, ...]:
        """All (1, steps) → hidden, projected spans, scores by class."""
        encoder = self.model.encoder
        plain = encoder.word(ids) + (encoder.position[: ids.shape[1]] + encoder.segment)
        x = encoder.norm(plain + encoder.longest(longest) + encoder.nested(nested) + encoder.tags(tags))
        for layer, last in zip(encoder.layers, self.last, strict=True):
            q, k, v = layer.q(x), layer.k(x), layer.v(x)
            x = layer.aln(x + layer.ao(_Attention.apply(q, k, v)))
            x = layer.oln(x + last(nn.functional.gelu(layer.fi(x))))
        return x, self.model.names.project(x), self.model.names.classes(x)


class _Second(nn.Module):
    """The second reading."""

    def __init__(self, model: Reader) -> None:
        super().__init__()
        self.second = model.second
        self.last = _last(model.second.layers)

    def forward(self, hidden: Tensor, markers: Tensor) -> tuple[Tensor, ...]:
        """hidden (1, steps, 384), markers (1, steps, 2 × classes) → hidden, the last layer's queries and keys."""
        x = hidden + self.second.markers(markers)
        q = k = x
        for layer, last in zip(self.second.layers, self.last, strict=True):
            seen = layer.before(x)
            q, k, v = layer.q(seen), layer.k(seen), layer.v(seen)
            x = x + layer.ao(_Attention.apply(q, k, v))
            x = x + last(nn.functional.gelu(layer.fi(layer.between(x))))
        return x, q, k


def _last(layers: nn.ModuleList) -> nn.ModuleList:
    return nn.ModuleList(_Smoothed(cast(Block, layer).fo) for layer in layers)


def smooth(first: _First, second: _Second, examples: Sequence[Prepared]) -> None:
    """Smooth the last products of all layers, by what they are given over examples."""
    parts = [cast(_Smoothed, part) for part in (*first.last, *second.last)]
    largest: dict[nn.Module, Tensor] = {part: torch.zeros_like(part.shrink) for part in parts}

    def watch(part: nn.Module, given: tuple[Tensor, ...]) -> None:
        largest[part] = torch.maximum(largest[part], given[0].abs().amax((0, 1)))

    hooks = [part.register_forward_pre_hook(watch) for part in parts]
    with torch.no_grad():
        for example in examples[:_SAMPLES]:
            hidden, *_ = first(*example.inputs[:, None])
            second(hidden, marked(example, hidden.shape[1])[None])
    for hook, part in zip(hooks, parts, strict=True):
        hook.remove()
        part.smooth(largest[part])


def write(model: Reader, folder: Path, card: Mapping[str, Any], examples: Sequence[Prepared]) -> None:
    """Write reader.onnx, reader.second.onnx, reader.npz and reader.json; `examples` show what the model reads."""
    model.eval()
    first, second = _First(model).eval(), _Second(model).eval()
    smooth(first, second, examples)
    ids = tuple(torch.ones(1, 20, dtype=torch.long) for _ in range(4))
    outputs = ("hidden", "projected", "by_class")
    _network(first, ids, ("ids", "longest", "nested", "tags"), outputs, folder / "reader.onnx")
    floats = torch.ones(1, 20, HIDDEN), torch.ones(1, 20, 2 * len(CLASSES))
    _network(second, floats, ("hidden", "markers"), ("read", "queries", "keys"), folder / "reader.second.onnx")
    _heads(model, folder / "reader.npz")
    text = json.dumps(card, ensure_ascii=False, indent=1, sort_keys=True)
    (folder / "reader.json").write_text(text + "\n", encoding="utf-8")


def _network(
    module: nn.Module, sample: tuple[Tensor, ...], inputs: Sequence[str], outputs: Sequence[str], path: Path
) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        plain = Path(temporary) / path.name
        torch.onnx.export(
            module, sample, str(plain), input_names=list(inputs), output_names=list(outputs),
            dynamic_axes={name: {1: "T"} for name in (*inputs, *outputs)}, opset_version=17, dynamo=False,
            custom_opsets={"com.microsoft": 1},
        )  # fmt: skip
        quantize_dynamic(str(plain), str(path), weight_type=QuantType.QInt8, per_channel=True)
    quantized = onnx.load(str(path))
    for field in ("producer_version", "doc_string"):
        quantized.ClearField(field)
    onnx.save(quantized, str(path))


def _heads(model: Reader, path: Path) -> None:
    pairs = model.pairs
    weights = {
        "kind": pairs.kind.weight, "place": pairs.place.weight, "bias": pairs.bias.weight,
        "subject_w": pairs.subject.weight.T, "subject_b": pairs.subject.bias,
        "object_w": pairs.object.weight.T, "object_b": pairs.object.bias,
        "out_w": pairs.out.weight.T, "out_b": pairs.out.bias,
        "worth_w": model.second.worth.weight[0], "worth_b": model.second.worth.bias,
    }  # fmt: skip
    for name, choice in (("subject", model.subject), ("time", model.time)):
        for part, value in choice.state_dict().items():
            turned = value.T if part.endswith("weight") and not part.startswith("place") else value
            weights[f"figure.{name}.{part}"] = turned
    np.savez_compressed(path, **{name: value.detach().numpy().astype(np.float16) for name, value in weights.items()})

"""A fitted reader as the files that kg.reader loads: encoder as ONNX int8, heads as npz, card as JSON."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

import numpy as np
import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn

from kg.reader import HEADS
from kg.train.network import HIDDEN, Layer, Reader
from kg.train.prepare import Prepared

_SMOOTHED = 0.75
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


class _Exported(nn.Module):
    """The encoder with plain matrix products (which dynamic quantisation knows) and the span head's projections.

    `ranges` are the largest inputs of the layers' last products, a row a layer: a few channels are far larger than
    all others, and eight bits would be spent on them alone.
    """

    def __init__(self, model: Reader, ranges: Sequence[Tensor]) -> None:
        super().__init__()
        self.model = model
        self.shrink = nn.ParameterList()
        self.last = nn.ModuleList()
        for layer, largest in zip(_layers(model), ranges, strict=True):
            weight = layer.fo.weight.detach()
            by = largest.clamp(min=1e-3) ** _SMOOTHED / weight.abs().amax(0).clamp(min=1e-4) ** (1 - _SMOOTHED)
            by = by / by.median()
            self.shrink.append(nn.Parameter(1 / by))
            self.last.append(_linear(weight * by, layer.fo.bias.detach()))

    def forward(self, ids: Tensor, longest: Tensor, nested: Tensor, tags: Tensor) -> tuple[Tensor, ...]:
        """All (1, steps) → hidden, the last layer's queries and keys, projected spans, scores by class."""
        encoder = self.model.encoder
        plain = encoder.word(ids) + (encoder.position[: ids.shape[1]] + encoder.segment)
        x = encoder.norm(plain + encoder.longest(longest) + encoder.nested(nested) + encoder.tags(tags))
        q = k = x
        for layer, shrink, last in zip(encoder.layers, self.shrink, self.last, strict=True):
            q, k = layer.q(x), layer.k(x)
            x = layer.aln(x + layer.ao(_Attention.apply(q, k, layer.v(x))))
            x = layer.oln(x + last(nn.functional.gelu(layer.fi(x)) * shrink))
        return x, q, k, self.model.names.project(x), self.model.names.classes(x)


def _layers(model: Reader) -> list[Layer]:
    return [cast(Layer, layer) for layer in model.encoder.layers]


def _linear(weight: Tensor, bias: Tensor) -> nn.Linear:
    made = nn.Linear(weight.shape[1], weight.shape[0])
    made.weight.data, made.bias.data = weight, bias
    return made


def ranges(model: Reader, examples: Sequence[Prepared]) -> list[Tensor]:
    """The largest input of each layer's last product, by channel, over examples."""
    largest = [torch.zeros(layer.fo.in_features) for layer in _layers(model)]

    def watch(number: int) -> Callable[[nn.Module, tuple[Tensor, ...]], None]:
        def seen(_: nn.Module, given: tuple[Tensor, ...]) -> None:
            largest[number] = torch.maximum(largest[number], given[0].float().abs().amax((0, 1)))

        return seen

    plain = _Exported(model, [torch.ones_like(x) for x in largest]).eval()
    hooks = [layer.register_forward_pre_hook(watch(i)) for i, layer in enumerate(plain.last)]
    with torch.no_grad():
        for example in examples[:_SAMPLES]:
            plain(*example.inputs[:, None])
    for hook in hooks:
        hook.remove()
    return largest


def write(model: Reader, folder: Path, card: Mapping[str, Any], examples: Sequence[Prepared]) -> None:
    """Write reader.onnx, reader.npz and reader.json into `folder`; `examples` show what the model reads."""
    model.eval()
    names = ["ids", "longest", "nested", "tags"]
    outputs = ["hidden", "queries", "keys", "projected", "by_class"]
    sample = tuple(torch.ones(1, 20, dtype=torch.long) for _ in names)
    axes = {name: {1: "T"} for name in [*names, *outputs]}
    with tempfile.TemporaryDirectory() as temporary:
        plain = Path(temporary) / "reader.onnx"
        torch.onnx.export(
            _Exported(model, ranges(model, examples)).eval(), sample, str(plain), input_names=names,
            output_names=outputs, dynamic_axes=axes, opset_version=17, dynamo=False,
            custom_opsets={"com.microsoft": 1},
        )  # fmt: skip
        quantize_dynamic(str(plain), str(folder / "reader.onnx"), weight_type=QuantType.QInt8, per_channel=True)
    quantized = onnx.load(str(folder / "reader.onnx"))
    for field in ("producer_version", "doc_string"):
        quantized.ClearField(field)
    onnx.save(quantized, str(folder / "reader.onnx"))
    pairs = model.pairs
    weights = {
        "kind": pairs.kind.weight, "place": pairs.place.weight, "bias": pairs.bias.weight,
        "subject_w": pairs.subject.weight.T, "subject_b": pairs.subject.bias,
        "object_w": pairs.object.weight.T, "object_b": pairs.object.bias,
        "out_w": pairs.out.weight.T, "out_b": pairs.out.bias,
    }  # fmt: skip
    for name, choice in (("subject", model.subject), ("time", model.time)):
        for part, value in choice.state_dict().items():
            turned = value.T if part.endswith("weight") and not part.startswith("place") else value
            weights[f"figure.{name}.{part}"] = turned
    np.savez_compressed(
        folder / "reader.npz", **{name: value.detach().numpy().astype(np.float16) for name, value in weights.items()}
    )
    text = json.dumps(card, ensure_ascii=False, indent=1, sort_keys=True)
    (folder / "reader.json").write_text(text + "\n", encoding="utf-8")

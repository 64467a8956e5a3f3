"""A fitted reader as the files that kg.reader loads: encoder as ONNX int8, pair head as npz, card as JSON."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn

from kg.train.network import HEADS, HIDDEN, Reader


class _Exported(nn.Module):
    """The encoder with plain matrix products (which dynamic quantisation knows) and the span head's projections."""

    def __init__(self, model: Reader) -> None:
        super().__init__()
        self.model = model

    def forward(self, ids: Tensor, longest: Tensor, nested: Tensor, tags: Tensor, mask: Tensor) -> tuple[Tensor, ...]:
        encoder = self.model.encoder
        steps = ids.shape[1]
        plain = encoder.word(ids) + encoder.position[:steps] + encoder.segment
        x = encoder.norm(plain + encoder.longest(longest) + encoder.nested(nested) + encoder.tags(tags))
        weights = (1.0 - mask[:, None, None, :]) * -1e4
        q = k = x
        for layer in encoder.layers:
            batch = x.shape[0]
            q, k, v = (
                part(x).view(batch, -1, HEADS, HIDDEN // HEADS).transpose(1, 2) for part in (layer.q, layer.k, layer.v)
            )
            attention = torch.softmax(q @ k.transpose(-1, -2) * (HIDDEN // HEADS) ** -0.5 + weights, -1)
            x = layer.aln(x + layer.ao((attention @ v).transpose(1, 2).reshape(batch, -1, HIDDEN)))
            x = layer.oln(x + layer.fo(nn.functional.gelu(layer.fi(x))))
        return x, q, k, self.model.names.project(x), self.model.names.classes(x)


def write(model: Reader, folder: Path, card: Mapping[str, Any]) -> None:
    """Write reader.onnx, reader.npz and reader.json into `folder`."""
    model.eval()
    names = ["ids", "longest", "nested", "tags", "mask"]
    outputs = ["hidden", "queries", "keys", "projected", "by_class"]
    sample = (*(torch.ones(2, 20, dtype=torch.long) for _ in range(4)), torch.ones(2, 20))
    axes = {name: {0: "B", 1: "T"} for name in [*names, "hidden", "projected", "by_class"]}
    axes |= {name: {0: "B", 2: "T"} for name in ("queries", "keys")}
    with tempfile.TemporaryDirectory() as temporary:
        plain = Path(temporary) / "reader.onnx"
        torch.onnx.export(
            _Exported(model), sample, str(plain), input_names=names, output_names=outputs, dynamic_axes=axes,
            opset_version=17, dynamo=False,
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
        weights |= {f"figure.{name}.{part}": value.T for part, value in choice.state_dict().items()}
        weights[f"figure.{name}.place.weight"] = choice.place.weight
    np.savez_compressed(
        folder / "reader.npz", **{name: value.detach().numpy().astype(np.float16) for name, value in weights.items()}
    )
    text = json.dumps(card, ensure_ascii=False, indent=1, sort_keys=True)
    (folder / "reader.json").write_text(text + "\n", encoding="utf-8")

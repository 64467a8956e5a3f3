"""LAC-small, Baidu's tagger of words, parts of speech and names (GRU-CRF), from the files inside jieba 0.42.1.

The network runs in onnxruntime: the graph is seeds/models/lac.onnx, the weights are jieba's own.
Source: Jiao et al., Chinese Lexical Analysis with Deep Bi-GRU-CRF Network, 2018.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from kg import resources
from kg.errors import DataError
from kg.text import fold, sentences

Floats = npt.NDArray[np.float32]
_BATCH_CHARACTERS = 4096


@cache
def _folder() -> Path:
    spec = find_spec("jieba")
    if spec is None or spec.origin is None:
        raise DataError("jieba: not installed; install jieba==0.42.1")
    return Path(spec.origin).parent / "lac_small"


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value, at


def _tensor(name: str) -> Floats:
    """A tensor of Paddle's file format: LoD header, a protobuf with type and dims, raw little-endian floats."""
    data = (_folder() / "model_baseline" / name).read_bytes()
    at = 4
    (levels,) = struct.unpack_from("<Q", data, at)
    at += 8
    for _ in range(levels):
        (size,) = struct.unpack_from("<Q", data, at)
        at += 8 + size
    at += 4
    (size,) = struct.unpack_from("<i", data, at)
    at += 4
    description, at = data[at : at + size], at + size
    dims, i = [], 0
    while i < size:
        key, i = _varint(description, i)
        value, i = _varint(description, i)
        if key >> 3 == 2:
            if key & 7 == 2:
                end = i + value
                while i < end:
                    dim, i = _varint(description, i)
                    dims.append(dim)
            else:
                dims.append(value)
    return np.frombuffer(data, "<f4", offset=at).reshape(dims).copy()


def weights() -> dict[str, Floats]:
    """The weights under the names of the graph, in ONNX's order of gates.

    The CRF's `first` and `last` score the first and the last tag, `into` a tag (row) behind a tag (column).
    """
    first, last, between = np.split(_tensor("crfw"), [1, 2])
    tensors = {"embedding": _tensor("word_emb"), "first": first[0], "last": last[0], "into": between.T}
    for layer in range(2):
        ws, rs, bs = [], [], []
        for direction in range(2):
            number = 2 * layer + direction
            fw, fb = _tensor(f"fc_{number}.w_0"), _tensor(f"fc_{number}.b_0").reshape(-1)
            gw, gb = _tensor(f"gru_{number}.w_0"), _tensor(f"gru_{number}.b_0").reshape(-1)
            n = gw.shape[0]
            flat = gw.reshape(-1)
            gates, candidate, bias = flat[: 2 * n * n].reshape(n, 2 * n), flat[2 * n * n :].reshape(n, n), fb + gb
            ws.append(np.concatenate([-fw[:, :n].T, fw[:, n : 2 * n].T, fw[:, 2 * n :].T]))
            rs.append(np.concatenate([-gates[:, :n].T, gates[:, n:].T, candidate.T]))
            bs.append(np.concatenate([-bias[:n], bias[n:], np.zeros(3 * n, np.float32)]))
        tensors |= {f"w{layer}": np.stack(ws), f"r{layer}": np.stack(rs), f"b{layer}": np.stack(bs)}
    tensors |= {"out_w": _tensor("fc_4.w_0"), "out_b": _tensor("fc_4.b_0").reshape(-1)}
    return tensors


def _dictionary(name: str) -> dict[str, int]:
    lines = (_folder() / name).read_text(encoding="utf-8").splitlines()
    return {word: int(number) for number, _, word in (line.partition("\t") for line in lines) if word}


class Tagger:
    """Tags every character: `ORG-B`, `ORG-I`, `n-B` …; `tags` lists them, results are indices into it."""

    def __init__(self) -> None:
        import onnxruntime

        tensors = weights()
        self._last = tensors.pop("last")
        self._ids = _dictionary("word.dic")
        self._unknown = self._ids["OOV"]
        tags = _dictionary("tag.dic")
        self.tags = tuple(sorted(tags, key=tags.__getitem__))
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._kept = {
            name: onnxruntime.OrtValue.ortvalue_from_numpy(np.ascontiguousarray(t, np.float32))
            for name, t in tensors.items()
        }
        options.add_external_initializers(list(self._kept), list(self._kept.values()))
        graph = str(resources.seeds() / "models" / "lac.onnx")
        self._session: Any = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])

    def tag(self, texts: Sequence[str]) -> list[npt.NDArray[np.int16]]:
        """The tag of each character of each text (sentences; the cost is linear in their length)."""
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        result: list[npt.NDArray[np.int16]] = [np.zeros(0, np.int16)] * len(texts)
        for batch in _batches(order, texts):
            lengths = np.array([len(texts[i]) for i in batch], np.int32)
            ids = np.zeros((int(lengths.max()), len(batch)), np.int64)
            for column, i in enumerate(batch):
                ids[: lengths[column], column] = [self._ids.get(c, self._unknown) for c in fold(texts[i])]
            steps = len(ids)
            alive = (np.arange(1, steps)[:, None] < lengths)[:, :, None]
            cut = np.array([1, steps - 1], np.int64)
            final, back = self._session.run(None, {"ids": ids, "lengths": lengths, "cut": cut, "alive": alive})
            for i, path in zip(batch, self._paths(final, back, alive[:, :, 0], lengths), strict=True):
                result[i] = path
        return result

    def read(self, texts: Sequence[str]) -> list[npt.NDArray[np.int16]]:
        """Tags of whole texts, read sentence by sentence; -1 between sentences."""
        parts = [sentences(text) for text in texts]
        flat = [text[s.start : s.end] for text, own in zip(texts, parts, strict=True) for s in own]
        tagged = iter(self.tag(flat))
        result = []
        for text, own in zip(texts, parts, strict=True):
            path = np.full(len(text), -1, np.int16)
            for span in own:
                path[span.start : span.end] = next(tagged)
            result.append(path)
        return result

    def words(self, path: npt.NDArray[np.int16]) -> list[tuple[int, int, str]]:
        """(start, end, tag) of the words that a path of tags makes."""
        words: list[tuple[int, int, str]] = []
        for at, number in enumerate(path):
            if number < 0:
                continue
            tag, _, place = self.tags[number].rpartition("-")
            if place == "I" and words and words[-1][1:] == (at, tag):
                words[-1] = (words[-1][0], at + 1, tag)
            else:
                words.append((at, at + 1, tag or "O"))
        return words

    def _paths(
        self, final: Floats, back: npt.NDArray[np.int64], alive: npt.NDArray[np.bool_], lengths: npt.NDArray[np.int32]
    ) -> Iterator[npt.NDArray[np.int16]]:
        """The best path of each row, back from its last tag."""
        current = (final + self._last).argmax(1)
        path = np.zeros((len(back) + 1, len(final)), np.int16)
        each = np.arange(len(final))
        for step in range(len(back), 0, -1):
            path[step] = current
            current = np.where(alive[step - 1], back[step - 1][each, current], current)
        path[0] = current
        return (path[: lengths[row], row] for row in range(len(final)))


def _batches(order: list[int], texts: Sequence[str]) -> Iterator[list[int]]:
    """Texts of like length together, a bounded number of characters (padding included) a batch."""
    batch: list[int] = []
    for i in order:
        if not texts[i]:
            continue
        if batch and (len(batch) + 1) * len(texts[i]) > _BATCH_CHARACTERS:
            yield batch
            batch = []
        batch.append(i)
    if batch:
        yield batch


@cache
def load() -> Tagger:
    """The tagger, loaded once a process."""
    return Tagger()

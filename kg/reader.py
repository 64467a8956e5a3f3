"""The learned reader at run time: ONNX for the encoder, numpy for the heads.

seeds/models/reader.onnx gives, for a batch of windows, hidden states, the last layer's queries and keys, and
the span head's projections; seeds/models/reader.npz holds the pair head, reader.json names and thresholds.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from kg import resources
from kg.encoder import BEGIN, END, Features, Floats, Ints, features, windows
from kg.errors import DataError
from kg.lexicon import Lexicon
from kg.model import Span

SPAN_LENGTH = 32
_BATCH_CHARACTERS = 2048


@dataclass(frozen=True, slots=True)
class Window:
    """What the encoder made of `text[span]`; rows are characters, without the marks at both ends."""

    model: Reader
    span: Span
    hidden: Floats
    queries: Floats
    keys: Floats
    projected: Floats
    by_class: Floats


@dataclass(frozen=True, slots=True)
class Card:
    """What the model was trained for, and where its scores are cut."""

    classes: tuple[str, ...]
    predicates: tuple[str, ...]
    symmetric: tuple[str, ...]
    name_threshold: float
    relation_threshold: float
    trusted: tuple[str, ...] = ()
    """Classes of which a gazetteer's name counts although the reader did not take it for one."""


class Reader:
    def __init__(self, folder: Path) -> None:
        import onnxruntime

        card = json.loads((folder / "reader.json").read_text(encoding="utf-8"))
        self.card = Card(
            tuple(card["classes"]), tuple(card["predicates"]), tuple(card["symmetric"]),
            card["name_threshold"], card["relation_threshold"],
            tuple(card.get("trusted", ())),
        )  # fmt: skip
        with np.load(folder / "reader.npz") as stored:
            self.weights: dict[str, Floats] = {name: stored[name].astype(np.float32) for name in stored.files}
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._session: Any = onnxruntime.InferenceSession(
            str(folder / "reader.onnx"), options, providers=["CPUExecutionProvider"]
        )

    def read(
        self, texts: Sequence[str], tagged: Sequence[npt.NDArray[np.int16]], lexicon: Lexicon
    ) -> list[list[Window]]:
        """The windows of each text, whose characters LAC has `tagged`. Windows of like length run together."""
        cut = [(number, span) for number, text in enumerate(texts) for span in windows(text)]
        made = features(
            [texts[number][s.start : s.end] for number, s in cut],
            [tagged[number][s.start : s.end] for number, s in cut],
            lexicon,
        )
        result: list[list[tuple[int, Window]]] = [[] for _ in texts]
        order = sorted(range(len(cut)), key=lambda i: len(cut[i][1]))
        at = 0
        while at < len(order):
            size = 1
            while at + size < len(order) and (size + 1) * (len(cut[order[at + size]][1]) + 2) <= _BATCH_CHARACTERS:
                size += 1
            batch = order[at : at + size]
            for i, outputs in zip(batch, self._run([made[i] for i in batch]), strict=True):
                result[cut[i][0]].append((i, Window(self, cut[i][1], *outputs)))
            at += size
        return [[window for _, window in sorted(own, key=lambda pair: pair[0])] for own in result]

    def _run(self, batch: list[Features]) -> list[tuple[Floats, ...]]:
        steps = max(len(f.characters) for f in batch) + 2
        ids = np.zeros((4, len(batch), steps), np.int64)
        ids[0] = 1
        mask = np.zeros((len(batch), steps), np.float32)
        for row, f in enumerate(batch):
            n = len(f.characters)
            ids[0, row, 0], ids[0, row, n + 1] = BEGIN, END
            ids[:, row, 1 : n + 1] = f.characters, f.longest, f.nested, f.tags
            mask[row, : n + 2] = 1
        names = ("ids", "longest", "nested", "tags")
        outputs = self._session.run(None, {**dict(zip(names, ids, strict=True)), "mask": mask})
        return [
            tuple(np.ascontiguousarray(o[row, ..., 1 : len(f.characters) + 1, :]) for o in outputs)
            for row, f in enumerate(batch)
        ]


@cache
def load(folder: Path | None = None) -> Reader:
    """The reader of a folder that `kg train` wrote (None: seeds/models), loaded once a process.

    Raises DataError where the folder holds no model.
    """
    folder = folder or resources.seeds() / "models"
    if not (folder / "reader.onnx").is_file():
        raise DataError(f"{folder}: no reader.onnx; name a folder that `kg train` wrote, or use --extractors patterns")
    return Reader(folder)


def sentence_gaps(bounds: Ints, starts: Sequence[Sequence[int]], most: int) -> Ints:
    """(entities, entities): sentences between the nearest mentions, at most `most`; `bounds` are sentence starts."""
    at = [np.searchsorted(bounds, own, side="right") for own in starts]
    result = np.zeros((len(at), len(at)), np.int64)
    for i, a in enumerate(at):
        for j, b in enumerate(at):
            result[i, j] = np.abs(a[:, None] - b[None]).min()
    return np.minimum(result, most)

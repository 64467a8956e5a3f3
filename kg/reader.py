"""The learned reader at run time: ONNX for the encoder, numpy for the heads.

seeds/models/reader.onnx gives, for a window, hidden states and the span head's projections; reader.second.onnx, once
the names are known, what pairs and figures are read from; reader.npz holds their heads, reader.json names, thresholds.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from kg import learned
from kg.encoder import BEGIN, END, Features, Floats, Ints, features, windows
from kg.errors import DataError
from kg.lexicon import Lexicon
from kg.model import Entity, Mention, Span
from kg.schema import load as load_schema
from kg.text import sentences

SPAN_LENGTH = 32
HEADS = 12


@dataclass(frozen=True, slots=True)
class Window:
    """What the encoder made of `text[span]`; rows are characters, of `hidden` also the marks at both ends."""

    model: Reader
    span: Span
    hidden: Floats
    projected: Floats
    by_class: Floats

    def reread(self, mentions: Sequence[Mention], entities: Mapping[str, Entity]) -> Reading:
        """Read again with those of the linked mentions known that stand in the window."""
        inside = [m for m in mentions if m.entity and len(m.span) and self.span.covers(m.span)]
        owners, ids, kinds = self.model.owned(inside, entities)
        spans = rows([m.span for m in inside], self.span)
        told = markers(len(self.hidden), spans + 1, kinds[owners], len(self.model.card.classes))
        return Reading(self.model, self.span, inside, spans, owners, ids, kinds, *self.model.reread(self.hidden, told))


def rows(spans: Sequence[Span], window: Span) -> Ints:
    """(n, 2): spans of the text as rows of a window."""
    return np.array([(s.start, s.end) for s in spans], np.int64).reshape(-1, 2) - window.start


def markers(steps: int, spans: Ints, kinds: Ints, classes: int) -> Floats:
    """(steps, 2 × classes): how many of the names (n, 2) of each class begin at a row, and how many hold it."""
    told = np.zeros((steps, 2, classes), np.float32)
    for (start, end), number in zip(spans, kinds, strict=True):
        told[start, 0, number] += 1
        told[start:end, 1, number] += 1
    return told.reshape(steps, -1)


@dataclass(frozen=True, slots=True)
class Reading:
    """What the second reading made of `text[span]`; rows are characters, without the marks at both ends.

    `mentions` are the linked ones in it, `spans` (m, 2) their rows, `owners` (m,) the numbers of their entities, whose
    ids are `entities` and the numbers of whose classes `kinds` (n,).
    """

    model: Reader
    span: Span
    mentions: Sequence[Mention]
    spans: Ints
    owners: Ints
    entities: Sequence[str]
    kinds: Ints
    hidden: Floats
    queries: Floats
    keys: Floats

    def worth(self) -> Floats:
        """(m,): scores of the text being about what each mention names."""
        worth: Floats = self.ends(self.spans) @ self.model.weights["worth_w"] + self.model.weights["worth_b"]
        return worth

    def relinked(self, mentions: Sequence[Mention], entities: Mapping[str, Entity]) -> Reading:
        """The same reading, of fewer names or of names linked otherwise: some of those that it was told of."""
        at = {m.span: row for row, m in enumerate(self.mentions)}
        inside = [m for m in mentions if m.entity and m.span in at]
        spans = self.spans[[at[m.span] for m in inside]]
        owners, ids, kinds = self.model.owned(inside, entities)
        return replace(self, mentions=inside, spans=spans, owners=owners, entities=ids, kinds=kinds)

    def ends(self, spans: Ints) -> Floats:
        """Means of the hidden states of the first and the last character of each of `spans` (n, 2)."""
        return np.asarray((self.hidden[spans[:, 0]] + self.hidden[spans[:, 1] - 1]) / 2, np.float32)

    def between(self, low: Ints, high: Ints, weight: Floats) -> Floats:
        """Means over [low, high), rows of the window, of the hidden states' products with `weight`; zero where empty.

        The product of a mean is the mean of products, and mostly there are fewer rows than stretches of them.
        """
        sums = np.concatenate([np.zeros((1, weight.shape[1]), np.float32), (self.hidden @ weight).cumsum(0)])
        means: Floats = (sums[high] - sums[low]) / np.maximum(high - low, 1)[..., None].astype(np.float32)
        return means


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


def kind(cls: str, classes: Sequence[str]) -> int:
    """The number of a class of the vocabulary among `classes`: its own, or that of the trained class above it."""
    for name in load_schema().ancestors(cls):
        if name in classes:
            return classes.index(name)
    return classes.index("Concept" if cls != "Organization" else "Company")


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
        needed = {"kind", "place", "worth_w", "figure.subject.out.weight", "figure.time.out.weight"}
        if missing := needed - self.weights.keys():
            raise KeyError(*sorted(missing))
        # Both ends' layers of the pair head side by side: of an entity itself, of its context, of what is between.
        joined = np.concatenate([self.weights.pop("subject_w"), self.weights.pop("object_w")], 1)
        self.ends: tuple[Floats, ...] = tuple(np.split(joined, 3))
        self.ends_bias = np.concatenate([self.weights.pop("subject_b"), self.weights.pop("object_b")])
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1

        def network(name: str, outputs: list[str]) -> Any:
            content = (folder / name).read_bytes()
            try:
                session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
            except Exception as error:
                raise ValueError(f"{name}: {error}") from error
            if (given := [output.name for output in session.get_outputs()]) != outputs:
                raise ValueError(f"{name}: gives {given}")
            return session

        self._first = network("reader.onnx", ["hidden", "projected", "by_class"])
        self._second = network("reader.second.onnx", ["read", "queries", "keys"])

    def owned(self, mentions: Sequence[Mention], entities: Mapping[str, Entity]) -> tuple[Ints, list[str], Ints]:
        """Of linked mentions: the numbers of their entities, whose ids these are, and the numbers of whose classes."""
        ids = list(dict.fromkeys(str(m.entity) for m in mentions))
        owners = np.array([ids.index(str(m.entity)) for m in mentions], np.int64)
        return owners, ids, np.array([self.kind(entities[id_].cls) for id_ in ids], np.int64)

    def kind(self, cls: str) -> int:
        return kind(cls, self.card.classes)

    def read(
        self, texts: Sequence[str], tagged: Sequence[npt.NDArray[np.int16]], lexicon: Lexicon
    ) -> list[list[Window]]:
        """The windows of each text, whose characters LAC has `tagged`; each is read by itself."""
        result: list[list[Window]] = []
        for text, tags in zip(texts, tagged, strict=True):
            spans = windows(text)
            made = features([text[s.start : s.end] for s in spans], [tags[s.start : s.end] for s in spans], lexicon)
            result.append([Window(self, span, *self._run(f)) for span, f in zip(spans, made, strict=True)])
        return result

    def reread(self, hidden: Floats, markers: Floats) -> tuple[Floats, Floats, Floats]:
        """Hidden states, queries and keys by head; what belongs to the marks at both ends is left out."""
        read, *rest = (x[0, 1:-1] for x in self._second.run(None, {"hidden": hidden[None], "markers": markers[None]}))
        queries, keys = (x.reshape(len(x), HEADS, -1).transpose(1, 0, 2) for x in rest)
        return read, queries, keys

    def _run(self, feature: Features) -> tuple[Floats, Floats, Floats]:
        """Hidden states with those of the marks at both ends, projections without."""
        ids = np.pad(np.stack([feature.characters, feature.longest, feature.nested, feature.tags]), ((0, 0), (1, 1)))
        ids[0, 0], ids[0, -1] = BEGIN, END
        inputs = dict(zip(("ids", "longest", "nested", "tags"), ids[:, None], strict=True))
        hidden, projected, by_class = (output[0] for output in self._first.run(None, inputs))
        return hidden, projected[1:-1], by_class[1:-1]


@cache
def load(folder: Path | None = None) -> Reader:
    """The reader of a folder that `kg train` wrote where it has one, else of seeds/models, loaded once a process.

    Raises DataError where it is damaged or of another version, or where the folder holds no model at all.
    """
    own = learned.path("reader.onnx", folder).parent
    try:
        return Reader(own)
    except (OSError, KeyError, ValueError) as error:
        raise DataError(f"{own}/reader.*: {learned.AGAIN} ({error})") from error


_STEPS = np.array([1, 4, 10, 25, 60])
"""Characters between two spans, as steps of a code."""
FAR = 3
"""Sentences between two spans that a place can tell, at most."""
PLACES = 2 * (FAR + 1) * (len(_STEPS) + 1)
"""How two spans can stand to each other: their order, sentences and characters between."""


@dataclass(frozen=True, slots=True)
class Relative:
    """How spans stand to others, each (firsts, seconds): a place's code, and the text between as [low, high)."""

    places: Ints
    low: Ints
    high: Ints

    @property
    def sentences(self) -> Ints:
        """Sentences between, at most FAR."""
        return self.places // (len(_STEPS) + 1) % (FAR + 1)


def relative(bounds: Ints, first: Ints, second: Ints) -> Relative:
    """Spans are rows (start, end); `bounds` are the starts of all sentences but the first."""
    low = np.minimum(first[:, None, 1], second[None, :, 1])
    high = np.maximum(low, np.maximum(first[:, None, 0], second[None, :, 0]))
    order = second[None, :, 0] > first[:, None, 0]
    at = [np.searchsorted(bounds, spans[:, 0], side="right") for spans in (first, second)]
    apart = np.minimum(np.abs(at[0][:, None] - at[1][None]), FAR)
    steps = len(_STEPS) + 1
    places = (order * (FAR + 1) + apart) * steps + np.searchsorted(_STEPS, high - low, side="right")
    return Relative(places, low, high)


def nearest(bounds: Ints, spans: Ints, owners: Ints, count: int) -> Relative:
    """How `count` entities stand to one another, (count, count), by those of their mentions that come nearest."""
    every = relative(bounds, spans, spans)
    order = np.argsort(-(every.high - every.low), axis=None, kind="stable")
    best = np.zeros((count, count), np.int64)
    # Of several mentions that compete for one pair the last is kept: the nearest.
    best[owners[order // len(spans)], owners[order % len(spans)]] = order
    return Relative(every.places.ravel()[best], every.low.ravel()[best], every.high.ravel()[best])


def sentence_bounds(text: str, start: int = 0, end: int | None = None) -> Ints:
    """Where the sentences of `text[start:end]` but the first begin."""
    return np.array([s.start for s in sentences(text, start, end)][1:], np.int64)

"""A small network that chooses among candidates by bags of feature names: whose figure, and of which time.

A candidate's score is a linear term and one hidden layer over the sum of the rows of its features; scores are
compared by softmax. Weights are in seeds/models/*.json, made by `kg.observations.train`.
"""

import base64
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from kg import learned
from kg.errors import DataError

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Chooser:
    """`rows[i]` are the hidden weights, and last the linear weight, of the feature with index i; the last row is 0."""

    index: dict[str, int]
    rows: Floats
    bias: Floats
    out: Floats

    def embed(self, bags: Sequence[Iterable[str]]) -> Floats:
        """One line for each bag: the sum of the rows of its known features."""
        find = self.index.get
        flat: list[int] = []
        starts: list[int] = []
        for bag in bags:
            starts.append(len(flat))
            flat += [i for i in map(find, bag) if i is not None]
            if len(flat) == starts[-1]:
                flat.append(len(self.rows) - 1)
        if not starts:
            return self.rows[:0]
        total: Floats = np.add.reduceat(self.rows[flat], starts, axis=0)
        return total

    def embed_alike(self, bags: Sequence[tuple[str, ...]]) -> Floats:
        """The same as `embed`, for bags many of which are equal."""
        places = {bag: i for i, bag in enumerate(dict.fromkeys(bags))}
        return self.embed(list(places))[[places[bag] for bag in bags]]

    def scores(self, candidates: Floats) -> Floats:
        """How well each candidate does, by the sum of its embeddings: to be compared within one choice."""
        scores: Floats = np.maximum(candidates[:, :-1] + self.bias, 0) @ self.out + candidates[:, -1]
        return scores

    def shares(self, candidates: Floats, starts: npt.NDArray[np.int64]) -> list[float]:
        """For each candidate, by the sum of its embeddings, its probability among those from a start to the next."""
        scores = self.scores(candidates)
        sizes = np.diff(np.append(starts, len(scores)))
        powers = np.exp(scores - np.repeat(np.maximum.reduceat(scores, starts), sizes))
        shares: list[float] = (powers / np.repeat(np.add.reduceat(powers, starts), sizes)).tolist()
        return shares


def dumps(chooser: Chooser) -> str:
    """As JSON, the rows in 8 bits each by a scale per column."""
    rows = chooser.rows[:-1]
    scale = np.abs(rows).max(axis=0) / 127 + 1e-9
    names = sorted(chooser.index, key=lambda name: chooser.index[name])
    whole = np.clip(np.rint(rows / scale), -127, 127).astype(np.int8)
    return json.dumps(
        {
            "features": names,
            "scale": [float(f"{x:.6g}") for x in scale],
            "bias": [float(f"{x:.6g}") for x in chooser.bias],
            "out": [float(f"{x:.6g}") for x in chooser.out],
            "rows": base64.b64encode(whole.tobytes()).decode("ascii"),
        },
        ensure_ascii=False,
        indent=0,
    )


def loads(text: str) -> Chooser:
    """The chooser that `dumps` wrote. Raises `KeyError` or `ValueError` where the form differs."""
    model = json.loads(text)
    scale = np.array(model["scale"], np.float32)
    whole = np.frombuffer(base64.b64decode(model["rows"]), np.int8).reshape(-1, len(scale))
    names = model["features"]
    return Chooser(
        index={name: i for i, name in enumerate(names)},
        rows=np.vstack([whole.astype(np.float32) * scale, np.zeros((1, len(scale)), np.float32)]),
        bias=np.array(model["bias"], np.float32),
        out=np.array(model["out"], np.float32),
    )


@cache
def load(name: str, folder: Path | None = None) -> Chooser:
    """The chooser `name`.json of `folder` where it has one, else of seeds/models; DataError where that is damaged."""
    path = learned.path(f"{name}.json", folder)
    try:
        return loads(path.read_text(encoding="utf-8"))
    except (OSError, KeyError, ValueError) as error:
        raise DataError(f"{path}: {learned.AGAIN} ({error!r})") from error

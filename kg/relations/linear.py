"""Relations by a linear reader: weights of words between and around two entities, of their classes and places.

seeds/models/pairs.npz holds, for the features that training met, one row of weights for every predicate and
for negated, forecast and proposal.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from kg import learned, schema
from kg.encoder import Floats, Ints
from kg.errors import DataError
from kg.model import Mention, Relation
from kg.relations.features import SIZE, View
from kg.relations.passage import Passage, statement
from kg.text import fold

FLOOR = 0.05
"""Readings less likely than this are not handed on."""


@dataclass(frozen=True, slots=True)
class Weights:
    """`row[feature]` is the feature's row in `table`, 0 (all zero) for one that training did not meet."""

    row: Ints
    table: Floats
    bias: Floats
    predicates: tuple[str, ...]


@cache
def load(folder: Path | None = None) -> Weights:
    """The weights of a folder where it has them, else of seeds/models. Raises DataError where they are damaged."""
    path = learned.path("pairs.npz", folder)
    try:
        with np.load(path) as stored:
            row = np.zeros(SIZE, np.int64)
            row[stored["features"]] = np.arange(1, len(stored["features"]) + 1)
            table = stored["table"].astype(np.float32) * stored["scale"].astype(np.float32)
            table = np.concatenate([np.zeros((1, table.shape[1]), np.float32), table])
            return Weights(row, table, stored["bias"].astype(np.float32), tuple(str(p) for p in stored["predicates"]))
    except (OSError, KeyError, ValueError) as error:
        raise DataError(f"{path}: {learned.AGAIN} ({error!r})") from error


def extract(passage: Passage) -> list[Relation]:
    """Relations of pairs within reach, from FLOOR on."""
    weights = load(passage.models)
    by_entity: dict[str, list[Mention]] = defaultdict(list)
    for mention in passage.mentions:
        if mention.entity:
            by_entity[mention.entity].append(mention)
    ids = sorted(by_entity, key=lambda i: by_entity[i][0].span)
    kinds = [schema.broad(passage.entities[i].cls) for i in ids]
    owned = [[m.span for m in by_entity[i]] for i in ids]
    seen = View(fold(passage.article.text), passage.words, kinds, owned)
    hinted = passage.hinted
    pairs = [pair for pair in seen.pairs() if hinted is None or (ids[pair[0]], ids[pair[1]]) in hinted]
    if not pairs:
        return []
    chances = 1 / (1 + np.exp(-scores([seen.features(*pair) for pair in pairs], weights)))
    symmetric = schema.symmetric()
    found = []
    for number, column in zip(*np.nonzero(chances[:, : len(weights.predicates)] > FLOOR), strict=True):
        i, j, a, b = pairs[number]
        predicate = weights.predicates[column]
        if predicate in symmetric and ids[i] > ids[j]:
            continue
        span = statement(passage.article.text, a, b)
        negated, forecast, proposal = (float(x) for x in chances[number, len(weights.predicates) :])
        chance = float(chances[number, column])
        found.append(Relation(ids[i], predicate, ids[j], span, chance, "linear", negated, forecast, proposal))
    return found


def scores(features: list[list[int]], weights: Weights) -> Floats:
    """(pairs, predicates + 3) sums of weights."""
    lengths = np.array([len(f) for f in features])
    rows = weights.row[np.concatenate([np.array(f, np.int64) for f in features])]
    starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
    return np.asarray(np.add.reduceat(weights.table[rows], starts, axis=0) + weights.bias, np.float32)

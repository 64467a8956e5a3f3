"""Examples as tensors: inputs, targets, and how mentions, quantities and times stand to one another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from kg import lac, schema
from kg.encoder import BEGIN, END, Features, Ints, features
from kg.errors import DataError
from kg.lexicon import Lexicon
from kg.reader import SPAN_LENGTH, kind, nearest, relative, sentence_bounds
from kg.train.corpus import BY_DEFAULT, Example

CLASSES = (
    "Company", "GovernmentBody", "AcademicInstitution", "Association", "Person", "Place", "Market", "Index", "Policy",
    "Event", "Product", "Technology", "Industry", "FinancialInstrument", "Currency", "Commodity", "Indicator",
    "Concept",
)  # fmt: skip
MODALITIES = ("forecast", "proposal")


@dataclass(slots=True)
class Standing:
    """How spans stand to others: places, and the text between as low and high (offsets in the inputs)."""

    places: Tensor
    low: Tensor
    high: Tensor

    def to(self, device: str) -> Standing:
        return Standing(self.places.to(device), self.low.to(device), self.high.to(device))


@dataclass(slots=True)
class Figures:
    """Quantities (q, 2) and times (t, 2), how mentions and times stand to them, and what is right.

    `about` (q, entities + 1): the last column is nobody; a row of zeros is not known. `of` (q, t + 1): the last is
    the document's date.
    """

    quantities: Tensor
    times: Tensor
    to_mentions: Standing
    to_times: Standing
    about: Tensor
    of: Tensor


@dataclass(slots=True)
class Prepared:
    """An example as tensors, all offsets those of the inputs: inputs with marks at both ends, span targets, mentions

    (m, 2) with the entity of each, entities' classes and whether they are annotated, ordered pairs of entities, of
    which one is, with their standing and targets.
    """

    inputs: Tensor
    spans: Tensor
    masked: Tensor
    mentions: Tensor
    owners: Tensor
    kinds: Tensor
    worth: Tensor
    pairs: Tensor
    standing: Standing
    targets: Tensor
    weights: Tensor
    figures: Figures | None


def inputs(feature: Features) -> Tensor:
    """(4, steps): characters, gazetteer's longest and nested states, tags, with marks at both ends."""
    rows = [np.pad(r, 1) for r in (feature.characters, feature.longest, feature.nested, feature.tags)]
    rows[0][0], rows[0][-1] = BEGIN, END
    return torch.tensor(np.stack(rows))


def prepare(
    examples: Sequence[Example], lexicon: Lexicon, predicates: Sequence[str], symmetric: set[str]
) -> list[Prepared]:
    texts = [e.text for e in examples]
    made = features(texts, lac.load().read(texts), lexicon)
    return [_prepare(e, f, predicates, symmetric) for e, f in zip(examples, made, strict=True)]


def _kind(cls: str) -> int:
    """The number of a class. Raises DataError for one that the vocabulary lacks."""
    if cls not in schema.load().classes:
        raise DataError(f"the annotations name the class {cls}, which the vocabulary does not have")
    return kind(cls, CLASSES)


def _prepare(example: Example, feature: Features, predicates: Sequence[str], symmetric: set[str]) -> Prepared:
    steps = len(example.text) + 2
    targets = torch.zeros(steps, SPAN_LENGTH, len(CLASSES))
    masked = torch.zeros(steps, SPAN_LENGTH)
    named = [*example.spans, *example.negatives]
    order = sorted({entity for *_, entity in named})
    index = {entity: number for number, entity in enumerate(order)}
    for start, end, cls, _ in example.spans:
        if end - start <= SPAN_LENGTH:
            targets[start + 1, end - start - 1, _kind(cls)] = 1
    for start, end in example.ignored:
        if end - start <= SPAN_LENGTH:
            masked[start + 1, end - start - 1] = 1
    classes = {entity: _kind(cls) for *_, cls, entity in named}
    mentions = np.array([(s, e) for s, e, *_ in named], np.int64).reshape(-1, 2)
    owners = np.array([index[entity] for *_, entity in named], np.int64)
    bounds = sentence_bounds(example.text)
    worth = np.isin(order, [entity for *_, entity in example.spans])
    pairs = np.argwhere(~np.eye(len(order), dtype=bool) & (worth[:, None] | worth))
    labels, weights = _pair_targets(example, index, pairs, predicates, symmetric)
    figures = None
    if len(mentions):
        near = nearest(bounds, mentions, owners, len(order))
        one, two = pairs.T
        standing = _standing(near.places[one, two], near.low[one, two], near.high[one, two])
        figures = _figures(example, index, bounds, mentions)
    else:
        standing = _standing(*(np.zeros(0, np.int64) for _ in range(3)))
    return Prepared(
        inputs(feature), targets, masked, torch.from_numpy(mentions + 1), torch.from_numpy(owners),
        torch.tensor([classes[e] for e in order], dtype=torch.long), torch.tensor(worth, dtype=torch.float32),
        torch.from_numpy(pairs), standing, labels, weights, figures,
    )  # fmt: skip


def _standing(places: Ints, low: Ints, high: Ints) -> Standing:
    return Standing(torch.from_numpy(places), torch.from_numpy(low + 1), torch.from_numpy(high + 1))


def _pair_targets(
    example: Example, index: Mapping[int, int], pairs: Ints, predicates: Sequence[str], symmetric: set[str]
) -> tuple[Tensor, Tensor]:
    row = {(int(i), int(j)): number for number, (i, j) in enumerate(pairs)}
    labels = torch.zeros(len(pairs), len(predicates) + 3)
    weights = torch.ones(len(pairs), len(predicates) + 3)
    weights[:, len(predicates) :] = 0
    for a, b in example.unknown:
        for pair in ((index[a], index[b]), (index[b], index[a])):
            if pair[0] != pair[1]:
                weights[row[pair], : len(predicates)] = 0
    for fact in example.facts:
        pair = (index[fact.subject], index[fact.object])
        if pair[0] == pair[1] or fact.predicate not in predicates:
            continue
        for way in {pair, pair[::-1]} if fact.predicate in symmetric else {pair}:
            column = list(predicates).index(fact.predicate)
            labels[row[way], column] = 1
            weights[row[way], column] = 1
            extra = [fact.negated, *(fact.modality == m for m in MODALITIES)]
            labels[row[way], len(predicates) :] = torch.tensor([float(x) for x in extra])
            weights[row[way], len(predicates) :] = 1
    return labels, weights


def _figures(example: Example, index: Mapping[int, int], bounds: Ints, mentions: Ints) -> Figures | None:
    if not example.figures:
        return None
    quantities = np.array([f.span for f in example.figures], np.int64)
    times = np.array(example.times, np.int64).reshape(-1, 2)
    about = torch.zeros(len(quantities), len(index) + 1)
    of = torch.zeros(len(quantities), len(times) + 1)
    for number, figure in enumerate(example.figures):
        for entity in figure.about & index.keys():
            about[number, index[entity]] = 1
        if not figure.about:
            about[number, -1] = 1
        for right in figure.times:
            if right == BY_DEFAULT or right in example.times:
                of[number, -1 if right == BY_DEFAULT else example.times.index(right)] = 1
    to_mentions, to_times = relative(bounds, quantities, mentions), relative(bounds, quantities, times)
    return Figures(
        torch.from_numpy(quantities + 1), torch.from_numpy(times + 1),
        _standing(to_mentions.places, to_mentions.low, to_mentions.high),
        _standing(to_times.places, to_times.low, to_times.high), about, of,
    )  # fmt: skip

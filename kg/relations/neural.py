"""Relations by the learned reader: every ordered pair of entities in a window, scored for every predicate."""

from __future__ import annotations

from functools import cache

import numpy as np

from kg.encoder import Floats, Ints
from kg.model import Mention, Relation, Span
from kg.reader import Reading, Relative, nearest, sentence_bounds
from kg.relations.passage import Passage, statement

_CHUNK = 64
"""Pairs scored at once: small enough for the processor's cache."""
REACH = 2
"""Sentences between the nearest mentions of two entities, beyond which they are not a pair."""


def extract(passage: Passage) -> list[Relation]:
    """Relations above the model's floor; where windows overlap, the surest reading of a pair counts."""
    best: dict[tuple[str, str, str], Relation] = {}
    for reading in passage.readings:
        for relation in _read(passage, reading):
            key = (relation.subject, relation.predicate, relation.object)
            if key not in best or relation.confidence > best[key].confidence:
                best[key] = relation
    return list(best.values())


def _read(passage: Passage, reading: Reading) -> list[Relation]:
    model = reading.model
    ids = reading.entities
    if len(ids) < 2:
        return []
    bounds = sentence_bounds(passage.article.text, reading.span.start, reading.span.end) - reading.span.start
    near = nearest(bounds, reading.spans, reading.owners, len(ids))
    pairs = np.argwhere((near.sentences <= REACH) & ~np.eye(len(ids), dtype=bool))
    if not len(pairs):
        return []
    names = model.card.predicates
    chances = 1 / (1 + np.exp(-pair_scores(reading, pairs, near)))
    owned = [[m for m in reading.mentions if m.entity == i] for i in ids]
    stated = cache(lambda one, two: _nearest(passage.article.text, owned[one], owned[two]))
    found = []
    for row, column in zip(*np.nonzero(chances[:, : len(names)] > model.card.relation_threshold), strict=True):
        subject, object_ = pairs[row]
        predicate = names[column]
        if predicate in model.card.symmetric and ids[subject] > ids[object_]:
            continue
        span = stated(*sorted((int(subject), int(object_))))
        negated, forecast, proposal = (float(x) for x in chances[row, len(names) :])
        chance = float(chances[row, column])
        fact = (ids[subject], predicate, ids[object_])
        found.append(Relation(*fact, span, chance, "neural", negated, forecast, proposal))
    return found


def pair_scores(reading: Reading, pairs: Ints, near: Relative) -> Floats:
    """(pairs, predicates + 3) for pairs of numbers of entities: the pair head of kg.train.network in numpy."""
    w, hidden = reading.model.weights, reading.hidden
    both = reading.ends(reading.spans)
    of = [reading.owners == entity for entity in range(len(reading.kinds))]
    vectors = np.stack([_logsumexp(both[own]) for own in of]) + w["kind"][reading.kinds]
    raw = reading.queries[:, reading.spans[:, 0]] @ reading.keys.transpose(0, 2, 1) / reading.queries.shape[-1] ** 0.5
    raw = np.exp(raw - raw.max(-1, keepdims=True))
    attention = raw / raw.sum(-1, keepdims=True)
    entity = np.stack([attention[:, own].mean(1) for own in of])
    own, context, amid = reading.model.ends
    subjects, objects = np.split(vectors @ own + reading.model.ends_bias, 2, axis=1)
    seen = hidden @ context
    one, two = pairs.T
    between = reading.between(near.low[one, two], near.high[one, two], amid)
    flat = entity.reshape(len(of), -1)
    parts = []
    for at in range(0, len(pairs), _CHUNK):
        one, two = pairs[at : at + _CHUNK].T
        joint = (flat[one] * flat[two]).reshape(len(one), entity.shape[1], -1).sum(1)
        joint /= joint.sum(1, keepdims=True) + 1e-6 * entity.shape[1]
        places = near.places[one, two]
        around = joint @ seen + between[at : at + _CHUNK] + w["place"][places]
        first, second = np.split(around, 2, axis=1)
        subject, object_ = np.tanh(subjects[one] + first), np.tanh(objects[two] + second)
        group = w["out_w"].shape[0] // subject.shape[1]
        a, b = (z.reshape(len(one), -1, group) for z in (subject, object_))
        products = (a[..., :, None] * b[..., None, :]).reshape(len(one), -1)
        parts.append(products @ w["out_w"] + w["out_b"] + w["bias"][places])
    return np.asarray(np.concatenate(parts), np.float32)


def _logsumexp(rows: Floats) -> Floats:
    top = rows.max(0)
    return np.asarray(top + np.log(np.exp(rows - top).sum(0)), np.float32)


def _nearest(text: str, subjects: list[Mention], objects: list[Mention]) -> Span:
    """Where the two come nearest, widened to the clauses they stand in."""
    pairs = ((a.span, b.span) for a in subjects for b in objects)
    first, second = min(pairs, key=lambda p: (max(p[0].start, p[1].start) - min(p[0].end, p[1].end), p))
    return statement(text, first, second)

"""Relations by the learned reader: every ordered pair of entities in a window, scored for every predicate."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise

import numpy as np

from kg.encoder import Floats, Ints
from kg.model import Mention, Relation, Span
from kg.reader import Reader, Window, sentence_gaps
from kg.relations.passage import Passage, statement
from kg.schema import load as load_schema
from kg.text import sentences

_CHUNK = 64
"""Pairs scored at once: small enough for the processor's cache."""
REACH = 2
"""Sentences between the nearest mentions of two entities, beyond which they are not a pair."""


def extract(passage: Passage) -> list[Relation]:
    """Relations above the model's floor; where windows overlap, the surest reading of a pair counts."""
    if not passage.windows:
        return []
    best: dict[tuple[str, str, str], Relation] = {}
    for window in passage.windows:
        for relation in _read(passage, window):
            key = (relation.subject, relation.predicate, relation.object)
            if key not in best or relation.confidence > best[key].confidence:
                best[key] = relation
    return list(best.values())


def _read(passage: Passage, window: Window) -> list[Relation]:
    model = window.model
    inside = [m for m in passage.mentions if window.span.covers(m.span) and len(m.span)]
    by_entity: dict[str, list[Mention]] = defaultdict(list)
    for mention in inside:
        if mention.entity:
            by_entity[mention.entity].append(mention)
    ids = sorted(by_entity, key=lambda i: by_entity[i][0].span)
    if len(ids) < 2:
        return []
    owned = [by_entity[i] for i in ids]
    kinds = np.array([_kind(passage.entities[i].cls, model) for i in ids])
    gaps = _gaps(passage.article.text, window, owned)
    pairs = np.argwhere((gaps <= REACH) & ~np.eye(len(ids), dtype=bool))
    if not len(pairs):
        return []
    scores = pair_scores(window, owned, kinds, pairs, gaps)
    names = model.card.predicates
    chances = 1 / (1 + np.exp(-scores))
    found = []
    for row, column in zip(*np.nonzero(chances[:, : len(names)] > model.card.relation_threshold), strict=True):
        subject, object_ = pairs[row]
        predicate = names[column]
        if predicate in model.card.symmetric and subject > object_:
            continue
        span = _nearest(passage.article.text, owned[subject], owned[object_])
        negated, forecast, proposal = (float(x) for x in chances[row, len(names) :])
        found.append(
            Relation(
                ids[subject],
                predicate,
                ids[object_],
                span,
                float(chances[row, column]),
                "neural",
                negated,
                forecast,
                proposal,
            )
        )
    return found


def _kind(cls: str, model: Reader) -> int:
    """The number of the class, or of the trained class above it."""
    for name in load_schema().ancestors(cls):
        if name in model.card.classes:
            return model.card.classes.index(name)
    return model.card.classes.index("Concept" if cls != "Organization" else "Company")


def _gaps(text: str, window: Window, owned: list[list[Mention]]) -> Ints:
    starts = np.array([s.start for s in sentences(text, window.span.start, window.span.end)][1:], np.int64)
    most = window.model.weights["distance"].shape[0] - 1
    return sentence_gaps(starts, [[m.span.start for m in own] for own in owned], most)


def pair_scores(window: Window, owned: list[list[Mention]], kinds: Ints, pairs: Ints, gaps: Ints) -> Floats:
    """(pairs, predicates + 3): the pair head of kg.train.network in numpy."""
    w, base = window.model.weights, window.span.start
    starts = [np.array([m.span.start - base for m in own]) for own in owned]
    lasts = [np.array([m.span.end - base - 1 for m in own]) for own in owned]
    vectors = (
        np.stack([_logsumexp((window.hidden[a] + window.hidden[b]) / 2) for a, b in zip(starts, lasts, strict=True)])
        + w["kind"][kinds]
    )
    every = np.concatenate(starts)
    raw = window.queries[:, every] @ window.keys.transpose(0, 2, 1) / window.queries.shape[-1] ** 0.5
    raw = np.exp(raw - raw.max(-1, keepdims=True))
    attention = raw / raw.sum(-1, keepdims=True)
    bounds = np.cumsum([0, *(len(s) for s in starts)])
    entity = np.stack([attention[:, a:b].mean(1) for a, b in pairwise(bounds)])
    gap = gaps[pairs[:, 0], pairs[:, 1]]
    size = vectors.shape[1]
    subjects, objects = vectors @ w["subject_w"][:size], vectors @ w["object_w"][:size]
    flat = entity.reshape(len(owned), -1)
    parts = []
    for at in range(0, len(pairs), _CHUNK):
        one, two = pairs[at : at + _CHUNK].T
        joint = (flat[one] * flat[two]).reshape(len(one), entity.shape[1], -1).sum(1)
        joint /= joint.sum(1, keepdims=True) + 1e-6 * entity.shape[1]
        context = joint @ window.hidden
        subject = np.tanh(subjects[one] + context @ w["subject_w"][size:] + w["subject_b"])
        object_ = np.tanh(objects[two] + context @ w["object_w"][size:] + w["object_b"])
        group = w["out_w"].shape[0] // subject.shape[1]
        a, b = (z.reshape(len(one), -1, group) for z in (subject, object_))
        products = (a[..., :, None] * b[..., None, :]).reshape(len(one), -1)
        parts.append(products @ w["out_w"] + w["out_b"] + w["distance"][gap[at : at + _CHUNK]])
    return np.asarray(np.concatenate(parts), np.float32)


def _logsumexp(rows: Floats) -> Floats:
    top = rows.max(0)
    return np.asarray(top + np.log(np.exp(rows - top).sum(0)), np.float32)


def _nearest(text: str, subjects: list[Mention], objects: list[Mention]) -> Span:
    """Where the two come nearest, widened to the clauses they stand in."""
    pairs = ((a.span, b.span) for a in subjects for b in objects)
    first, second = min(pairs, key=lambda p: (max(p[0].start, p[1].start) - min(p[0].end, p[1].end), p))
    return statement(text, first, second)

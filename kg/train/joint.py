"""`kg train --joint`: the chances of entities and one calibrated confidence of claims, from documents not learned from.

Both are logistic regressions: of entities over what a document shows of them (kg.linking.chances), of claims over
what the extractors say and the chances of their ends (kg.relations.confidence).
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from kg import pipeline, read
from kg.claims import manner
from kg.errors import DataError
from kg.evaluate import forms
from kg.evaluate.gold import Fact, Gold, GoldEntity, GoldFile, GoldRelation, ordered
from kg.linking import chances, sameness
from kg.model import AFFIRMED, NEGATED, Document, Relation
from kg.observations import corpus
from kg.odds import log_odds
from kg.relations import EXTRACTORS, background
from kg.relations.confidence import LEAST, best_by_extractor
from kg.settings import Settings
from kg.train.run import Say, Sources, documents

_PENALTY = 4.0
_STEPS = 30
_GOLD = 4.0
"""How much a document counts by which thresholds are chosen: gold is annotated more sparely than short items."""
_NEARLY = 0.003
"""F1 of entities is nearly the same over a wide stretch of thresholds: of those that lose less than this the lowest is

taken, for a relation needs both its ends.
"""
_ENOUGH = 20
"""Readings of a predicate that it takes to give it a weight of its own."""
Rows = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Reading:
    """A fact that some extractors read, with the chance that each gave it; `means` is the fact of the annotation

    that it would be, None where an end stands for nothing annotated.
    """

    subject: str
    predicate: str
    object: str
    chances: dict[str, float]
    known: list[float]
    """What is known of it beforehand (kg.relations.background)."""
    means: Fact | None
    right: bool


@dataclass(slots=True)
class Compared:
    """One document: what was read, and which annotated things its entities stand for."""

    name: str
    gold: Gold
    seen: dict[str, chances.Seen]
    things: dict[str, list[int]]
    trace: pipeline.Trace | None = None
    readings: list[Reading] = field(default_factory=list)


def scored(found: Sequence[Compared], sources: Sources) -> list[Compared]:
    """Those by which thresholds are chosen: the gold documents where there are some, else all."""
    named = {path.name for _, path in documents(sources)}
    return [c for c in found if Path(c.name).name in named] or list(found)


def annotated(sources: Sources) -> Iterator[tuple[Document, GoldFile]]:
    """Each document of `sources` with what is annotated there."""
    for gold, path in documents(sources):
        own = msgspec.json.decode(gold.read_bytes(), type=GoldFile)
        yield from ((document, own) for document in read.read(path, Settings()))
    for path in sorted(sources.compact.glob("*.jsonl")) if sources.compact else ():
        blocks = corpus.blocks(path.with_suffix(".ann"))
        for document in read.read(path, Settings()):
            item = document.name.rsplit("#", 1)[-1]
            if item in blocks:
                yield document, compact(blocks[item])


def compact(rows: Sequence[Sequence[str]]) -> GoldFile:
    """The rows of a compact item in the form of gold."""
    own = GoldFile([])
    for cells in rows:
        if cells[0] == "E" and all(e.id != cells[1] for e in own.entities):
            aliases = [alias for alias in cells[3].split("|") if alias]
            own.entities.append(GoldEntity(id=cells[1], cls=cells[2], name=cells[1], aliases=aliases))
        elif cells[0] == "R" and {cells[1], cells[3]} <= {e.id for e in own.entities}:
            polarity = NEGATED if "neg" in cells[4] else AFFIRMED
            own.relations.append(GoldRelation(s=cells[1], p=cells[2], o=cells[3], polarity=polarity))
    return own


def compared(
    known: Sequence[tuple[Document, GoldFile]], settings: Settings, likely: chances.Chances | None, say: Say
) -> list[Compared]:
    """What is read in documents, of the entities that are `likely` (None: of all), beside what is annotated there."""
    found = []
    for number, (document, own) in enumerate(known, 1):
        gold = Gold()
        gold.add(own)
        found.append(_beside(document, gold, settings, likely))
        if number % 50 == 0:
            say(f"read {number} documents")
    return found


def _beside(document: Document, gold: Gold, settings: Settings, likely: chances.Chances | None) -> Compared:
    trace = pipeline.run(document, settings, everything=True, likely=likely)
    things = {}
    for entity in trace.entities.values():
        if hits := gold.meant({forms.name(name) for _, name in (*entity.labels, *entity.aliases)}):
            things[entity.id] = hits
    facts = background.load(settings.models)
    result = Compared(document.name, gold, trace.seen, things, None if likely else trace)
    by_fact: dict[tuple[str, str, str], list[Relation]] = {}
    for relation in (r for own in trace.relations for r in own):
        by_fact.setdefault((relation.subject, relation.predicate, relation.object), []).append(relation)
    for (subject, predicate, object_), own in sorted(by_fact.items()):
        polarity, _ = manner(max(own, key=lambda r: (r.confidence, r.source)))
        means = None
        if subject in things and object_ in things:
            means = ordered(things[subject][0], predicate, things[object_][0], polarity)
        told = best_by_extractor([(r.source, r.confidence) for r in own])
        known = facts.row(subject, predicate, object_)
        result.readings.append(Reading(subject, predicate, object_, told, known, means, means in gold.facts))
    return result


def train(sources: Sources, out: Path, *, models: Path | None, say: Say = print) -> dict[str, float]:
    """Fit entities and every set of extractors; write OUT/entities.json and OUT/confidence.json.

    Thresholds are those of the best F1 over the gold documents where there are some, else over all. Raises DataError
    without any documents.
    """
    settings = replace(Settings(), models=models)
    known = list(annotated(sources))
    if not known:
        raise DataError("nothing to fit to: name a folder of gold (with its documents) or of compact annotations")
    things = compared(known, replace(settings, extractors=("neural",)), None, say)
    model, entities = fit_entities(things, scored(things, sources))
    model = fit_sameness(things, model)
    found = compared(known, settings, model, say)
    bare = compared(known, replace(settings, extractors=("patterns",)), None, say)
    made: dict[str, Any] = {}
    names = sorted(EXTRACTORS)
    figures: dict[str, float] = {}
    for size in range(1, len(names) + 1):
        for chosen in combinations(names, size):
            own, likely = (found, model) if "neural" in chosen else (bare, None)
            made["+".join(chosen)], figures = fit_claims(own, scored(own, sources), chosen, likely)
    out.mkdir(parents=True, exist_ok=True)
    raw = {"weights": model.weights, "classes": model.classes, "threshold": model.threshold, "same": model.same}
    for name, value in (("entities", raw), ("confidence", made)):
        (out / f"{name}.json").write_text(json.dumps(value, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return {**entities, **figures}


def fit_entities(found: Sequence[Compared], whole: Sequence[Compared]) -> tuple[chances.Chances, dict[str, float]]:
    """The chances of entities, and how they do on `whole`."""
    seen = [(own, bool(c.things.get(id_))) for c in found for id_, own in c.seen.items()]
    classes = sorted({own.cls for own, _ in seen})
    rows = np.array([[*own.row(), *(float(own.cls == cls) for cls in classes)] for own, _ in seen])
    truth = np.array([right for _, right in seen], np.float64)
    shares = _shares([c for c in found for _ in c.seen], whole)
    weights = regression(rows, truth, shares).round(4).tolist()
    size = len(weights) - len(classes)
    plain = chances.Chances(tuple(weights[:size]), dict(zip(classes, weights[size:], strict=True)), 0.0, ())
    told = sorted(((plain.of(own), n, id_) for n, c in enumerate(whole) for id_, own in c.seen.items()), reverse=True)
    wanted = sum(len(c.gold.names) for c in whole)
    covered: set[tuple[int, int]] = set()
    spare = 0
    tried = [(0.0, 0.5)]
    for chance, number, id_ in told:
        hits = whole[number].things.get(id_, [])
        covered |= {(number, hit) for hit in hits}
        spare += not hits
        tried.append((2 * len(covered) / (len(covered) + spare + wanted), chance))
    most = max(tried)[0]
    best, at = min((pair for pair in tried if pair[0] >= most - _NEARLY), key=lambda pair: pair[1])
    return replace(plain, threshold=round(at, 4)), {"entities": best, "threshold of entities": at}


def fit_sameness(found: Sequence[Compared], model: chances.Chances) -> chances.Chances:
    """The chances with what tells that two likely entities are one: of those that both stand for annotated things."""
    rows, truth = [], []
    for own in found:
        assert own.trace is not None
        dropped = {id_ for id_, seen in own.seen.items() if model.of(seen) < model.threshold}
        linked = chances.without(own.trace.linked, dropped)
        for pair in sameness.pairs(own.trace.articles, linked, own.trace.entities):
            if pair.short in own.things and pair.long in own.things:
                rows.append(pair.row)
                truth.append(float(bool({*own.things[pair.short]} & {*own.things[pair.long]})))
    weights = regression(np.array(rows).reshape(-1, sameness.FEATURES), np.array(truth))
    return replace(model, same=tuple(weights.round(4).tolist()))


def fit_claims(
    found: Sequence[Compared], whole: Sequence[Compared], chosen: Sequence[str], model: chances.Chances | None
) -> tuple[dict[str, Any], dict[str, float]]:
    """The joint of these extractors in the form of confidence.json, and how it does on `whole`."""
    seen = [(c, r) for c in found for r in c.readings if r.chances.keys() & set(chosen)]
    counted = Counter(r.predicate for _, r in seen)
    predicates = sorted(p for p, times in counted.items() if times >= _ENOUGH)
    rows = np.array([_row(c, r, chosen, predicates, model) for c, r in seen])
    truth = np.array([r.right for _, r in seen], np.float64)
    shares = _shares([c for c, _ in seen], whole)
    weights = regression(rows, truth, shares)
    at_whole = np.flatnonzero(shares == _GOLD)
    told = 1 / (1 + np.exp(-rows[at_whole] @ weights))
    error = calibration_error(1 / (1 + np.exp(-rows @ weights)), truth)
    best, at = _best([seen[i] for i in at_whole], told, sum(len(c.gold.facts) for c in whole))
    size = len(chosen)
    told_by, known = weights[: -background.FEATURES], weights[-background.FEATURES :]
    joint = {
        "bias": round(float(weights[0]), 4),
        "ends": round(float(weights[1]), 4),
        "surest": round(float(weights[2]), 4),
        "known": known.round(4).tolist(),
        "weights": {n: round(float(w), 4) for n, w in zip(chosen, weights[3 : 3 + size], strict=True)},
        "absent": {n: round(float(w), 4) for n, w in zip(chosen, weights[3 + size : 3 + 2 * size], strict=True)},
        "predicates": {p: round(float(w), 4) for p, w in zip(predicates, told_by[3 + 2 * size :], strict=True)},
        "threshold": round(at, 3),
    }
    return joint, {"relations": best, "threshold of relations": at, "calibration error": error}


def _row(
    document: Compared,
    reading: Reading,
    chosen: Sequence[str],
    predicates: Sequence[str],
    model: chances.Chances | None,
) -> list[float]:
    told = [log_odds(reading.chances[n]) if n in reading.chances else 0.0 for n in chosen]
    absent = [float(n not in reading.chances) for n in chosen]
    both = 1.0
    for end in (reading.subject, reading.object):
        both *= model.of(document.seen[end]) if model and end in document.seen else 1.0
    ends = math.log(max(both, LEAST))
    surest = max(log_odds(reading.chances[n]) for n in chosen if n in reading.chances)
    of = [float(p == reading.predicate) for p in predicates]
    return [1.0, ends, surest, *told, *absent, *of, *reading.known]


def _shares(documents: Sequence[Compared], whole: Sequence[Compared]) -> Rows:
    """How much each row counts, by the document it is from."""
    wholes = {id(c) for c in whole}
    return np.array([_GOLD if id(c) in wholes else 1.0 for c in documents])


def regression(rows: Rows, truth: Rows, shares: Rows | None = None) -> Rows:
    """Weights of a logistic regression by Newton's method, with a penalty on all but the first.

    `shares` tells how much each row counts: all alike where it is None.
    """
    counted = np.ones(len(rows)) if shares is None else shares
    weights = np.zeros(rows.shape[1])
    penalty = np.full(rows.shape[1], _PENALTY)
    penalty[0] = 1e-3
    for _ in range(_STEPS):
        told = 1 / (1 + np.exp(-np.clip(rows @ weights, -30, 30)))
        slope = rows.T @ ((told - truth) * counted) + penalty * weights
        curve = (rows * (told * (1 - told) * counted)[:, None]).T @ rows + np.diag(penalty)
        step = np.linalg.solve(curve, slope)
        weights -= step
        if np.abs(step).max() < 1e-6:
            break
    return weights


def _best(seen: Sequence[tuple[Compared, Reading]], told: Rows, wanted: int) -> tuple[float, float]:
    """The best F1 over thresholds as a graph is scored, a fact read of two nodes counting once; and that threshold."""
    facts: set[tuple[int, Fact]] = set()
    hits = others = 0
    best, at = 0.0, 0.5
    for i in np.argsort(-told, kind="stable"):
        document, reading = seen[i]
        if reading.means is None:
            others += 1
        elif (id(document), reading.means) not in facts:
            facts.add((id(document), reading.means))
            hits += reading.right
        if (f1 := 2 * hits / (len(facts) + others + wanted)) > best:
            best, at = f1, float(told[i])
    return best, at


def calibration_error(told: Rows, truth: Rows, bands: int = 10) -> float:
    """The mean distance of chance said and share right, over bands of equal width, weighted by their size."""
    band = np.minimum((told * bands).astype(int), bands - 1)
    gaps = [abs(float(told[band == b].sum() - truth[band == b].sum())) for b in range(bands)]
    return sum(gaps) / max(1, len(told))

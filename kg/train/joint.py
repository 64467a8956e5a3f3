"""`kg train --joint`: one calibrated confidence of all extractors, fitted on documents that they have not seen."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
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
from kg.evaluate.gold import Gold, GoldEntity, GoldFile, GoldRelation, ordered
from kg.model import AFFIRMED, NEGATED, Document, Relation
from kg.relations import EXTRACTORS
from kg.relations.confidence import best_by_extractor, log_odds
from kg.settings import Settings
from kg.train.run import Say, Sources, documents

_PENALTY = 4.0
_STEPS = 30
_LEAST = 20
"""Readings of a predicate that it takes to give it a weight of its own."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A fact that some extractors read, with the chance that each gave it, and whether it is right."""

    predicate: str
    chances: dict[str, float]
    right: bool


def readings(sources: Sources, settings: Settings, say: Say = print) -> tuple[list[Reading], int]:
    """All that the extractors read in the documents of `sources`, and how many facts are stated there."""
    found: list[Reading] = []
    stated = 0
    for number, (document, gold) in enumerate(_annotated(sources), 1):
        made = Gold()
        made.add(gold)
        stated += len(made.facts)
        found += _compared(document, made, settings)
        if number % 50 == 0:
            say(f"read {number} documents, {len(found)} readings")
    if not found:
        raise DataError("nothing to fit to: name a folder of gold (with its documents) or of compact annotations")
    return found, stated


def _annotated(sources: Sources) -> Iterator[tuple[Document, GoldFile]]:
    for gold, path in documents(sources):
        own = msgspec.json.decode(gold.read_bytes(), type=GoldFile)
        yield from ((document, own) for document in read.read(path, Settings()))
    for path in sorted(sources.compact.glob("*.jsonl")) if sources.compact else ():
        blocks = compact(path.with_suffix(".ann"))
        for document in read.read(path, Settings()):
            item = document.name.rsplit("#", 1)[-1]
            if item in blocks:
                yield document, blocks[item]


def compact(path: Path) -> dict[str, GoldFile]:
    """The blocks of a compact annotation file in the form of gold, by item."""
    blocks: dict[str, GoldFile] = {}
    own = GoldFile([])
    for line in path.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.split("\t")] + [""] * 4
        if line.startswith("# "):
            own = blocks.setdefault(line[2:].strip(), GoldFile([]))
        elif cells[0] == "E" and all(e.id != cells[1] for e in own.entities):
            aliases = [alias for alias in cells[3].split("|") if alias]
            own.entities.append(GoldEntity(id=cells[1], cls=cells[2], name=cells[1], aliases=aliases))
        elif cells[0] == "R" and {cells[1], cells[3]} <= {e.id for e in own.entities}:
            polarity = NEGATED if "neg" in cells[4] else AFFIRMED
            own.relations.append(GoldRelation(s=cells[1], p=cells[2], o=cells[3], polarity=polarity))
    return blocks


def _compared(document: Document, gold: Gold, settings: Settings) -> Iterator[Reading]:
    trace = pipeline.run(document, settings)
    meant: dict[str, int] = {}
    for entity in trace.entities.values():
        hits = gold.meant({forms.name(name) for _, name in (*entity.labels, *entity.aliases)})
        if hits:
            meant[entity.id] = hits[0]
    by_fact: dict[tuple[str, str, str], list[Relation]] = {}
    for relation in (r for own in trace.relations for r in own):
        by_fact.setdefault((relation.subject, relation.predicate, relation.object), []).append(relation)
    for (subject, predicate, object_), own in sorted(by_fact.items()):
        polarity, _ = manner(max(own, key=lambda r: (r.confidence, r.source)))
        known = subject in meant and object_ in meant
        right = known and ordered(meant[subject], predicate, meant[object_], polarity) in gold.facts
        yield Reading(predicate, best_by_extractor([(r.source, r.confidence) for r in own]), right)


def train(sources: Sources, out: Path, *, models: Path | None, say: Say = print) -> dict[str, float]:
    """Fit every set of extractors and write OUT/confidence.json; figures of the full set on what it was fitted to."""
    found, stated = readings(sources, replace(Settings(), threshold=0.0, models=models), say)
    made: dict[str, Any] = {}
    names = sorted(EXTRACTORS)
    figures: dict[str, float] = {}
    for size in range(1, len(names) + 1):
        for chosen in combinations(names, size):
            seen = [r for r in found if r.chances.keys() & set(chosen)]
            made["+".join(chosen)], figures = fit(seen, chosen, stated)
    out.mkdir(parents=True, exist_ok=True)
    text = json.dumps(made, indent=1, sort_keys=True)
    (out / "confidence.json").write_text(text + "\n", encoding="utf-8")
    return figures


def fit(seen: Sequence[Reading], chosen: Sequence[str], stated: int) -> tuple[dict[str, Any], dict[str, float]]:
    """The joint of these extractors in the form of confidence.json, and how it does on `seen`."""
    counted = Counter(r.predicate for r in seen)
    predicates = sorted(p for p, times in counted.items() if times >= _LEAST)
    rows = np.array([_row(r, chosen, predicates) for r in seen])
    truth = np.array([r.right for r in seen], np.float64)
    weights = regression(rows, truth)
    chances = 1 / (1 + np.exp(-rows @ weights))
    best, at = best_threshold(chances, truth, stated)
    size = len(chosen)
    joint = {
        "bias": round(float(weights[0]), 4),
        "weights": {n: round(float(w), 4) for n, w in zip(chosen, weights[1 : 1 + size], strict=True)},
        "absent": {n: round(float(w), 4) for n, w in zip(chosen, weights[1 + size : 1 + 2 * size], strict=True)},
        "predicates": {p: round(float(w), 4) for p, w in zip(predicates, weights[1 + 2 * size :], strict=True)},
        "threshold": round(at, 3),
    }
    return joint, {"relations": best, "threshold": at, "calibration error": calibration_error(chances, truth)}


def _row(reading: Reading, chosen: Sequence[str], predicates: Sequence[str]) -> list[float]:
    told = [log_odds(reading.chances[n]) if n in reading.chances else 0.0 for n in chosen]
    absent = [float(n not in reading.chances) for n in chosen]
    return [1.0, *told, *absent, *(float(p == reading.predicate) for p in predicates)]


def regression(rows: npt.NDArray[np.float64], truth: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Weights of a logistic regression by Newton's method, with a penalty on all but the first."""
    weights = np.zeros(rows.shape[1])
    penalty = np.full(rows.shape[1], _PENALTY)
    penalty[0] = 1e-3
    for _ in range(_STEPS):
        chances = 1 / (1 + np.exp(-np.clip(rows @ weights, -30, 30)))
        slope = rows.T @ (chances - truth) + penalty * weights
        curve = (rows * (chances * (1 - chances))[:, None]).T @ rows + np.diag(penalty)
        step = np.linalg.solve(curve, slope)
        weights -= step
        if np.abs(step).max() < 1e-6:
            break
    return weights


def best_threshold(
    chances: npt.NDArray[np.float64], truth: npt.NDArray[np.float64], stated: int
) -> tuple[float, float]:
    """The best F1 against `stated` facts, and the threshold that gives it."""
    order = np.argsort(-chances, kind="stable")
    hits = truth[order].cumsum()
    scores = 2 * hits / (np.arange(1, len(hits) + 1) + stated)
    at = int(scores.argmax())
    return float(scores[at]), float(chances[order[at]])


def calibration_error(chances: npt.NDArray[np.float64], truth: npt.NDArray[np.float64], bands: int = 10) -> float:
    """The mean distance of chance said and share right, over bands of equal width, weighted by their size."""
    band = np.minimum((chances * bands).astype(int), bands - 1)
    gaps = [abs(float(chances[band == b].sum() - truth[band == b].sum())) for b in range(bands)]
    return sum(gaps) / max(1, len(chances))

"""`kg train --figures`: the choosers of figures from annotations, beside the learned reader."""

from __future__ import annotations

from pathlib import Path

from kg import read
from kg.errors import DataError
from kg.layout import lay_out
from kg.observations import corpus
from kg.observations.fit import Recipe
from kg.observations.train import train as fit_choosers
from kg.settings import Settings
from kg.train.run import Sources, documents

WEIGHT = 2
"""Gold counts so many times as much as compact annotations."""


def train(sources: Sources, out: Path, *, seed: int = 0) -> dict[str, float]:
    """Write the choosers into `out`; the numbers of choices learned from. Raises DataError without annotations."""
    annotated = [corpus.of_item(item) for item in corpus.items(sources.compact)] if sources.compact else []
    for gold, path in documents(sources):
        read_documents = list(read.read(path, Settings()))
        articles = [article for document in read_documents for article in lay_out(document).articles]
        today = next((document.date for document in read_documents if document.date), None)
        annotated += [corpus.read_gold(gold, today, articles)] * WEIGHT
    if not annotated:
        raise DataError("nothing to train on: name a folder of gold (with its documents) or of compact annotations")
    out.mkdir(parents=True, exist_ok=True)
    subjects, periods = fit_choosers(annotated, out, Recipe(seed=seed))
    return {"subjects": subjects, "periods": periods}

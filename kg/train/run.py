"""`kg train`: annotations in, the files of seeds/models out.

Stages: adapt the encoder to unlabelled text; fit it to the compact annotations, then further with the names that it
wrongly takes beside theirs; fit it to gold, with as many compact examples again; export. Beside the model
goes what is known of listed things, with what the compact annotations state of them.
"""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch

from kg import read, schema
from kg.errors import DataError
from kg.evaluate.gold import source_of
from kg.layout import lay_out
from kg.lexicon import Lexicon
from kg.lexicon import load as load_lexicon
from kg.linking import keyphraseness
from kg.observations import corpus as figures
from kg.relations import background
from kg.settings import Settings
from kg.train import corpus, export, knowledge, negatives
from kg.train.adapt import adapt
from kg.train.assess import assess
from kg.train.fit import Plan, fit
from kg.train.network import Reader
from kg.train.prepare import CLASSES, Prepared, prepare

Say = Callable[[str], None]
TRUSTED = (
    "AcademicInstitution", "Association", "City", "Company", "Country", "Currency", "District", "GovernmentBody",
    "Index", "Market", "Person", "Region",
)  # fmt: skip
"""Classes whose gazetteer names count although the reader did not take them for names."""


_SHOWN = 500
"""Windows of compact annotations that stand for all where there is no gold."""


@dataclass(frozen=True, slots=True)
class Sources:
    """Folders of annotations: gold JSON with its documents, compact sets, and JSON Lines of plain text."""

    gold: Path | None = None
    documents: Path | None = None
    compact: Path | None = None
    unlabelled: Path | None = None


def documents(sources: Sources) -> list[tuple[Path, Path]]:
    """(gold, document) pairs. Raises DataError where one of the two lacks."""
    if (sources.gold is None) != (sources.documents is None):
        raise DataError("gold goes with its documents: name the folders of both")
    if sources.gold is None or sources.documents is None:
        return []
    return [(gold, source_of(gold, sources.documents)) for gold in sorted(sources.gold.glob("*.json"))]


def relations() -> tuple[list[str], set[str]]:
    """The predicates of the vocabulary, sorted, and those that are symmetric."""
    return sorted(schema.load().relations), set(schema.symmetric())


def gold_windows(pair: tuple[Path, Path]) -> list[corpus.Example]:
    """One gold document as windows, article by article as layout reads them."""
    gold, path = pair
    documents = list(read.read(path, Settings()))
    articles = tuple(a for d in documents for a in lay_out(d).articles)
    today = next((d.date for d in documents if d.date), None)
    return [e for item in corpus.read_gold(gold, articles, today) for e in corpus.examples(item)]


def compact_windows(folder: Path) -> list[corpus.Example]:
    """All compact annotations of a folder as windows."""
    return [e for item in corpus.read_compact(folder) for e in corpus.examples(item)]


def examples(windows: Sequence[corpus.Example], lexicon: Lexicon) -> list[Prepared]:
    return prepare(windows, lexicon, *relations())


def with_negatives(
    model: Reader, windows: Sequence[corpus.Example], prepared: Sequence[Prepared], lexicon: Lexicon
) -> list[Prepared]:
    """The windows, already `prepared` as they are, with what `model` wrongly takes for names."""
    return examples(negatives.found(model, windows, [e.inputs for e in prepared]), lexicon)


def unlabelled_texts(folder: Path) -> list[str]:
    """Titles and texts of every `*.jsonl` of a folder."""
    texts = []
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            item = json.loads(line)
            texts.append("\n".join(part for part in (item.get("title"), item.get("text")) if part))
    return texts


def first_fit(sources: Sources, plan: Plan, *, adapt_epochs: float, say: Say = print) -> Reader:
    """The encoder adapted and fitted to the compact annotations: the common base of all folds."""
    lexicon = load_lexicon()
    torch.manual_seed(plan.seed)
    model = Reader(plan.layers, plan.second, len(CLASSES), len(relations()[0]))
    if sources.unlabelled and adapt_epochs:
        adapt(
            model.encoder,
            unlabelled_texts(sources.unlabelled),
            epochs=adapt_epochs,
            seed=plan.seed,
            device=plan.device,
            say=say,
        )
    if sources.compact:
        windows = compact_windows(sources.compact)
        prepared = examples(windows, lexicon)
        fit(model, prepared, plan, say)
        prepared = with_negatives(model, windows, prepared, lexicon)
        slower = replace(plan, epochs=plan.epochs / 4, rate=plan.rate / 2, head_rate=plan.head_rate / 2)
        fit(model, prepared, slower, say)
    return model


def further(
    base: Reader, gold: Sequence[corpus.Example], compact: Sequence[corpus.Example], plan: Plan, say: Say = print
) -> Reader:
    """A copy of `base` fitted to windows of gold, mixed with as many compact ones."""
    model, lexicon = copy.deepcopy(base), load_lexicon()
    windows = [*gold, *random.Random(plan.seed).sample(list(compact), min(len(compact), len(gold)))]
    prepared = with_negatives(base, windows, examples(windows, lexicon), lexicon)
    fit(model, prepared, replace(plan, epochs=3, rate=plan.rate / 3, head_rate=plan.head_rate / 3), say)
    return model


def folds(pairs: Sequence[tuple[Path, Path]], count: int) -> list[list[tuple[Path, Path]]]:
    """Documents dealt out by turns, the longest first, so that folds hold like amounts of text."""
    order = sorted(pairs, key=lambda p: (-p[1].stat().st_size, p[1].name))
    return [order[i::count] for i in range(count)]


def device(wanted: str) -> str:
    """`auto` is the accelerator when there is one."""
    return wanted if wanted != "auto" else "cuda" if torch.cuda.is_available() else "cpu"


def cross_validate(
    sources: Sources, count: int, plan: Plan, *, adapt_epochs: float = 2.0, say: Say = print
) -> dict[str, float]:
    """Means over folds of documents, each read by a model that saw none of its gold. Raises DataError without gold."""
    lexicon = load_lexicon()
    pairs = documents(sources)
    if len(pairs) < count:
        raise DataError(f"{count} folds need at least {count} gold documents; there are {len(pairs)}")
    base = first_fit(sources, plan, adapt_epochs=adapt_epochs, say=say)
    compact = compact_windows(sources.compact) if sources.compact else []
    gold = {pair: gold_windows(pair) for pair in pairs}
    figures = []
    for held in folds(pairs, count):
        seen = [w for pair in pairs if pair not in held for w in gold[pair]]
        model = further(base, seen, compact, plan, say)
        unseen = examples([w for pair in held for w in gold[pair]], lexicon)
        figures.append(assess(model, unseen, relations()[0]))
        say(" ".join(f"{name} {value:.3f}" for name, value in figures[-1].items()))
    return {name: sum(f[name] for f in figures) / count for name in figures[0]}


def card(names: float = -2.5, pairs: float = 0.02) -> dict[str, Any]:
    predicates, symmetric = relations()
    return {
        "classes": list(CLASSES), "predicates": predicates, "symmetric": sorted(symmetric),
        "name_threshold": names, "relation_threshold": pairs, "trusted": list(TRUSTED),
    }  # fmt: skip


def train(sources: Sources, out: Path, plan: Plan, *, adapt_epochs: float = 2.0, say: Say = print) -> dict[str, float]:
    """Train on everything and write the model into `out`.

    Returns how it does on its own gold, or without any on some of what else it saw: no held-out figure.
    """
    if not sources.compact and not sources.gold:
        raise DataError("nothing to train on: name a folder of gold (with its documents) or of compact annotations")
    model = first_fit(sources, plan, adapt_epochs=adapt_epochs, say=say)
    gold = [w for pair in documents(sources) for w in gold_windows(pair)]
    compact = compact_windows(sources.compact) if sources.compact else []
    if gold:
        model = further(model, gold, compact, plan, say)
    out.mkdir(parents=True, exist_ok=True)
    shown = examples(gold or compact[:_SHOWN], load_lexicon())
    export.write(model, out, card(), shown)
    if sources.compact:
        items, lexicon = list(figures.items(sources.compact)), load_lexicon()
        facts = knowledge.joined(background.read(), knowledge.rows(items, lexicon))
        names = knowledge.joined_names(keyphraseness.read(), knowledge.annotated_names(items, lexicon))
        knowledge.write(facts, names, out)
    return assess(model, shown, relations()[0])

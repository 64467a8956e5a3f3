"""Precision, recall and F1 of a graph against gold."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kg.building.flow import build
from kg.errors import DataError
from kg.evaluate import forms
from kg.evaluate.facts import Facts, of_turtle
from kg.evaluate.gold import Fact, Figure, Gold, files, ordered, read, source_of
from kg.settings import Settings

__all__ = ["Scores", "Tally", "each_document", "files", "of_turtle", "read", "score", "together"]

FIGURES = (
    "entities", "relations strict", "relations family", "relations pair", "relations main", "observations plain",
    "observations dated",
)  # fmt: skip
"""What is scored. `family` forgives a close predicate, `pair` any; `main` is the recall of an article's main points
(strict); `dated` wants the period to agree too."""
_EXACT = 1e-6


@dataclass(frozen=True, slots=True)
class Tally:
    hit: int
    found: int
    gold: int

    @property
    def precision(self) -> float:
        return self.hit / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        return self.hit / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.hit + other.hit, self.found + other.found, self.gold + other.gold)


@dataclass(frozen=True, slots=True)
class Scores:
    """`figures` by the names of `FIGURES`; `predicates` is the strict one by predicate, `classes` entities by class."""

    figures: dict[str, Tally]
    predicates: dict[str, Tally]
    classes: dict[str, Tally] = field(default_factory=dict)
    duplicates: int = 0
    """Nodes beyond the first for one thing of gold."""
    melted: int = 0
    """Nodes that stand for two things of gold."""
    class_agreement: float = 0.0
    missed: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()


@dataclass
class _Matched:
    """Which thing of gold each node is, the best first."""

    gold: Gold
    facts: Facts
    things: dict[str, list[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for node, (labels, _) in self.facts.entities.items():
            if found := self.gold.meant(labels):
                self.things[node] = found

    @property
    def covered(self) -> set[int]:
        return {n for found in self.things.values() for n in found}


def score(facts: Facts, gold: Gold) -> Scores:
    """A node counts when one of its labels is a name of gold; what gold does not have costs precision."""
    matched = _Matched(gold, facts)
    strict, outside = _claims(matched)
    wanted = set(gold.facts)
    covered = len(matched.covered)
    spare = len(facts.entities) - len(matched.things)
    figures = {"entities": Tally(covered, covered + spare, len(gold.names))}
    for level, view in (("strict", _same), ("family", _family), ("pair", _pair)):
        figures[f"relations {level}"] = _tally({view(f) for f in strict}, {view(f) for f in wanted}, outside)
    main = len(strict & gold.main)
    figures["relations main"] = Tally(main, main, len(gold.main))
    pairs = _figures(matched)
    found = len(facts.figures)
    dated = sum(agrees for _, agrees in pairs)
    figures["observations plain"] = Tally(len(pairs), found, len(gold.figures))
    figures["observations dated"] = Tally(dated, found, len(gold.figures))
    predicates = {
        p: _tally({f for f in strict if f[1] == p}, {f for f in wanted if f[1] == p}, 0)
        for p in sorted({f[1] for f in strict | wanted})
    }
    firsts = [found[0] for found in matched.things.values()]
    agree = sum(
        bool({forms.group(c) for c in gold.classes[t[0]]} & {forms.group(c) for c in facts.entities[node][1]})
        for node, t in matched.things.items()
    )
    return Scores(
        figures,
        predicates,
        _by_class(matched),
        duplicates=len(firsts) - len(set(firsts)),
        melted=sum(len(found) > 1 for found in matched.things.values()),
        class_agreement=agree / len(firsts) if firsts else 0.0,
        missed=tuple(_missed(gold, matched.covered, wanted - strict, {n for n, _ in pairs})),
        extra=tuple(_told(gold, fact) for fact in sorted(strict - wanted)),
    )


def each_document(documents: Path, gold: Path, settings: Settings) -> Iterator[tuple[str, Scores]]:
    """Builds each document alone and scores it; the gold `X.json` is that of the document `X.…` or `X_….`.

    Raises `DataError` where a gold has no document, and `ReadError` where one cannot be read.
    """
    if not documents.is_dir():
        raise DataError(f"{documents}: is no folder of documents")
    for path in files(gold):
        graph = build([source_of(path, documents)], settings=settings)
        yield path.stem, score(of_turtle(graph.turtle().encode()), read([path]))


def together(scores: Sequence[Scores]) -> Scores:
    """Counts summed."""
    figures = {name: sum((s.figures[name] for s in scores), Tally(0, 0, 0)) for name in FIGURES}
    predicates: dict[str, Tally] = defaultdict(lambda: Tally(0, 0, 0))
    classes: dict[str, Tally] = defaultdict(lambda: Tally(0, 0, 0))
    for one in scores:
        for predicate, tally in one.predicates.items():
            predicates[predicate] += tally
        for cls, tally in one.classes.items():
            classes[cls] += tally
    return Scores(
        figures,
        dict(sorted(predicates.items())),
        dict(sorted(classes.items())),
        sum(s.duplicates for s in scores),
        sum(s.melted for s in scores),
        sum(s.class_agreement for s in scores) / len(scores) if scores else 0.0,
        tuple(line for s in scores for line in s.missed),
        tuple(line for s in scores for line in s.extra),
    )


def _by_class(matched: _Matched) -> dict[str, Tally]:
    """Entities by the class that gold gives them, or, for those that gold does not have, by their own."""
    gold, covered = matched.gold, matched.covered
    known = sorted({cls for classes in gold.classes for cls in classes})
    spare = [classes for node, (_, classes) in matched.facts.entities.items() if node not in matched.things]
    tallies = {}
    for cls in known:
        hit = sum(cls in gold.classes[number] for number in covered)
        extra = sum(cls in classes for classes in spare)
        tallies[cls] = Tally(hit, hit + extra, sum(cls in classes for classes in gold.classes))
    return tallies


def _claims(matched: _Matched) -> tuple[set[Fact], int]:
    """Claims between things of gold, and how many others there are."""
    facts: set[Fact] = set()
    outside = 0
    for subject, predicate, object_, polarity in matched.facts.claims:
        ends = matched.things.get(subject), matched.things.get(object_)
        if ends[0] and ends[1]:
            facts.add(ordered(ends[0][0], predicate, ends[1][0], polarity))
        else:
            outside += 1
    return facts, outside


def _figures(matched: _Matched) -> list[tuple[int, bool]]:
    """Pairs of equal figures, each used once, the surest first: gold's number and whether the period agrees."""
    pairs = []
    for number, measured in enumerate(matched.facts.figures):
        about = matched.things.get(measured.about, ())
        kind, scale = forms.unit(measured.unit)
        value = abs(measured.value) * scale
        for wanted, figure in enumerate(matched.gold.figures):
            if figure.about in about and figure.kind in (kind, None) and _equal(figure, value):
                late = not forms.dates_agree(figure.time, measured.start, measured.end)
                pairs.append((late, not figure.time, number, wanted))
    used: set[int] = set()
    taken: dict[int, bool] = {}
    for late, _, number, wanted in sorted(pairs):
        if number not in used and wanted not in taken:
            used.add(number)
            taken[wanted] = not late
    return list(taken.items())


def _equal(figure: Figure, value: float) -> bool:
    return abs(abs(figure.value) - value) <= _EXACT * max(1.0, value)


def _same(fact: Fact) -> object:
    return fact


def _family(fact: Fact) -> object:
    return fact[0], forms.family(fact[1]), fact[2], fact[3]


def _pair(fact: Fact) -> object:
    return min(fact[0], fact[2]), max(fact[0], fact[2])


def _tally(found: set[object] | set[Fact], wanted: set[object] | set[Fact], outside: int) -> Tally:
    return Tally(len(found & wanted), len(found) + outside, len(wanted))


def _missed(gold: Gold, covered: set[int], facts: Iterable[Fact], figures: set[int]) -> Iterator[str]:
    yield from (f"entity {name}" for number, name in enumerate(gold.names) if number not in covered)
    yield from (f"relation {_told(gold, fact)} ← {gold.facts[fact]}" for fact in sorted(facts))
    for number, figure in enumerate(gold.figures):
        if number not in figures:
            yield f"figure {gold.names[figure.about]} {figure.value:g} {figure.kind} {figure.time} ← {figure.evidence}"


def _told(gold: Gold, fact: Fact) -> str:
    subject, predicate, object_, polarity = fact
    return f"{gold.names[subject]} {predicate} {gold.names[object_]} ({polarity})"

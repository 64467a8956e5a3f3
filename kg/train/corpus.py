"""Annotations become training examples: windows of text with spans, entities and relations.

Two forms are read: gold (one JSON a document, with evidence) and the compact form (`NAME.jsonl` and `NAME.ann`).
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from kg.encoder import windows
from kg.model import Article, Span
from kg.observations import corpus as figures
from kg.observations import periods
from kg.observations.labels import Labelled, label, right_times
from kg.text import fold


@dataclass(frozen=True, slots=True)
class Fact:
    """A relation between two entities (indices into `Annotated.entities`); `evidence` is folded text or empty."""

    subject: int
    predicate: str
    object: int
    negated: bool
    modality: str
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A quantity (its span), the entities it is about, and the times that are right for it (empty: not known)."""

    span: tuple[int, int]
    about: frozenset[int]
    times: frozenset[tuple[int, int]]


BY_DEFAULT = (-1, -1)
"""The time of a figure that is of the document's own date."""


@dataclass(slots=True)
class Annotated:
    """One annotated text. `forms[i]` are the folded names of entity i, the name first."""

    id: str
    text: str
    classes: list[str] = field(default_factory=list)
    forms: list[list[str]] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    times: list[tuple[int, int]] = field(default_factory=list)


@dataclass(slots=True)
class Example:
    """One window. Spans are (start, end, class, entity); pairs hold what is known of two entities in the window."""

    id: str
    text: str
    spans: list[tuple[int, int, str, int]]
    ignored: set[tuple[int, int]]
    facts: list[Fact]
    unknown: set[tuple[int, int]]
    """Pairs of entities whose relation is stated elsewhere in the document: neither right nor wrong here."""
    figures: list[Figure] = field(default_factory=list)
    times: list[tuple[int, int]] = field(default_factory=list)
    negatives: list[tuple[int, int, str, int]] = field(default_factory=list)
    """As `spans`, what a reader takes for names and the annotation does not hold: of no relation, of no figure."""


def read_compact(folder: Path) -> list[Annotated]:
    """All annotated items of `folder/*.jsonl` with their `.ann`. Raises DataError where one of the two lacks."""
    result = []
    for item in figures.items(folder):
        own = _compact(item)
        (labelled,) = label(figures.of_item(item))
        _add_figures(own, labelled, {f"e{i}": i for i in range(len(own.classes))})
        result.append(own)
    return result


def _compact(item: figures.Item) -> Annotated:
    own = Annotated(item.name, item.text)
    numbers: dict[str, int] = {}
    for cells in item.rows:
        if cells[0] == "E" and cells[1] not in numbers:
            numbers[cells[1]] = len(own.classes)
            own.classes.append(cells[2])
            own.forms.append(_forms([cells[1], *cells[3].split("|")]))
        elif cells[0] == "R" and cells[1] in numbers and cells[3] in numbers:
            modality = next((m for m in ("forecast", "proposal") if m in cells[4]), "fact")
            own.facts.append(Fact(numbers[cells[1]], cells[2], numbers[cells[3]], "neg" in cells[4], modality))
    return own


def read_gold(path: Path, articles: tuple[Article, ...], today: str | None) -> list[Annotated]:
    """One gold file against the articles of its document, of the date `today`, each article one text."""
    data = json.loads(path.read_text(encoding="utf-8"))
    numbers = {e["id"]: i for i, e in enumerate(data["entities"])}
    facts = [
        Fact(
            numbers[r["s"]],
            r["p"],
            numbers[r["o"]],
            r.get("polarity") == "negated",
            r.get("modality") or "fact",
            "".join(fold(r.get("evidence") or "").split()),
        )
        for r in data["relations"]
    ]
    classes = [e["class"] for e in data["entities"]]
    forms = [_forms([e["name"], *e.get("aliases", [])]) for e in data["entities"]]
    items = [Annotated(f"{path.stem}/{a.id}", a.text, classes, forms, facts) for a in articles]
    for own, labelled in zip(items, label(figures.read_gold(path, today, articles)), strict=True):
        _add_figures(own, labelled, numbers)
    return items


def _add_figures(item: Annotated, labelled: Labelled, numbers: Mapping[str, int]) -> None:
    scene = labelled.scene
    item.times = [(time.span.start, time.span.end) for time in scene.times]
    for index, about in enumerate(labelled.about):
        span = scene.quantities[index].span
        right = (periods.candidates(scene, index)[option] for option in right_times(labelled, index))
        times = frozenset(BY_DEFAULT if at == periods.DEFAULT else item.times[at] for at in right)
        item.figures.append(Figure((span.start, span.end), frozenset(numbers[e] for e in about), times))


def _forms(names: list[str]) -> list[str]:
    return [f for f in dict.fromkeys(fold(name).strip() for name in names) if f]


def examples(item: Annotated) -> list[Example]:
    """The windows of an item. A fact counts where its evidence stands, or where both its entities come nearest."""
    spans, ignored = _spans(item)
    result = [_window(item, window, spans, ignored) for window in windows(item.text)]
    _place_facts(item, result)
    return result


def _spans(item: Annotated) -> tuple[list[tuple[int, int, str, int]], set[tuple[int, int]]]:
    """Occurrences of every form; one inside a longer name counts only for an entity that stands nowhere else."""
    folded = fold(item.text)
    found: dict[tuple[int, int], int] = {}
    for entity, forms in enumerate(item.forms):
        for form in forms:
            at = folded.find(form)
            while at >= 0:
                span = (at, at + len(form))
                if _whole(folded, *span) and (span not in found or form == item.forms[entity][0]):
                    found[span] = entity
                at = folded.find(form, at + 1)
    ordered = sorted(found, key=lambda s: (s[0], -s[1]))
    outer: list[tuple[int, int]] = []
    nested: list[tuple[int, int]] = []
    for span in ordered:
        crossing = outer and span[0] < outer[-1][1]
        (nested if crossing else outer).append(span)
    standing = {found[s] for s in outer}
    kept, ignored = list(outer), set()
    for span in nested:
        inside = any(o[0] <= span[0] and span[1] <= o[1] for o in outer)
        same = any(o[0] <= span[0] and span[1] <= o[1] and found[o] == found[span] for o in outer)
        if inside and not same and found[span] not in standing:
            kept.append(span)
        else:
            ignored.add(span)
    return [(a, b, item.classes[found[a, b]], found[a, b]) for a, b in sorted(kept)], ignored


def _whole(folded: str, start: int, end: int) -> bool:
    def latin(at: int) -> bool:
        return 0 <= at < len(folded) and folded[at].isascii() and folded[at].isalpha()

    return not (latin(start) and latin(start - 1)) and not (latin(end - 1) and latin(end))


def _window(
    item: Annotated, window: Span, spans: list[tuple[int, int, str, int]], ignored: set[tuple[int, int]]
) -> Example:
    a, b = window.start, window.end
    inside = [(s - a, e - a, cls, entity) for s, e, cls, entity in spans if a <= s and e <= b]
    skipped = {(s - a, e - a) for s, e in ignored if a <= s and e <= b}
    times = [(s - a, e - a) for s, e in item.times if a <= s and e <= b]
    stated = [
        Figure((f.span[0] - a, f.span[1] - a), f.about, frozenset(_moved(time, a) for time in f.times))
        for f in item.figures
        if a <= f.span[0] and f.span[1] <= b
    ]
    return Example(item.id, item.text[a:b], inside, skipped, [], set(), stated, times)


def _moved(time: tuple[int, int], by: int) -> tuple[int, int]:
    return time if time == BY_DEFAULT else (time[0] - by, time[1] - by)


def _place_facts(item: Annotated, made: list[Example]) -> None:
    held = [{entity for *_, entity in example.spans} for example in made]
    sentences = ["".join(fold(example.text).split()) for example in made]
    for fact in item.facts:
        here = [i for i, entities in enumerate(held) if {fact.subject, fact.object} <= entities]
        if fact.evidence:
            stated = [i for i in here if fact.evidence in sentences[i]]
        else:
            near = {i: _distance(made[i], fact) for i in here}
            stated = [i for i in here if near[i] == min(near.values())]
        for i in stated:
            made[i].facts.append(fact)
        for i in set(here) - set(stated):
            made[i].unknown.add((fact.subject, fact.object))


def _distance(example: Example, fact: Fact) -> int:
    ends: dict[int, list[int]] = defaultdict(list)
    for start, _, _, entity in example.spans:
        ends[entity].append(start)
    return min(abs(a - b) for a in ends[fact.subject] for b in ends[fact.object]) // 40

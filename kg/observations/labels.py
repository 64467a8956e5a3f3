"""Which quantities of an annotated document its figures are: the right answers that the choosers learn from."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from kg.observations import features, periods
from kg.observations.corpus import Annotated, Stated
from kg.observations.scene import Scene, survey
from kg.quantities import BARE, COUNT, DURATION, RANK, Quantity, find
from kg.text import fold

_SMALL = 10
"""A smaller count may recur by chance: a repeat of it is not taken for the same figure."""


@dataclass(slots=True)
class Labelled:
    """A scene, and for each of its quantities the entities it is about, each with the times annotated."""

    scene: Scene
    about: list[dict[str, list[str]]]
    reach: list[set[str]] = field(default_factory=list)


Place = tuple[int, int]
"""Index of a scene and of a quantity in it."""


def label(document: Annotated) -> list[Labelled]:
    """Every annotated figure put on the quantities that state it."""
    scenes = [survey(a, document.today, m, document.entities) for a, m in document.articles]
    made = [
        Labelled(
            scene,
            [{} for _ in scene.quantities],
            [{c.entity for c in features.candidates(scene, i)} for i in range(len(scene.quantities))],
        )
        for scene in scenes
    ]
    groups: OrderedDict[tuple[str, str, str], list[Stated]] = OrderedDict()
    for figure in document.figures:
        quantity = _annotated(figure)
        if quantity is not None:
            key = quantity.unit if quantity.measure in (COUNT, DURATION) else ""
            groups.setdefault((str(abs(quantity.value).normalize()), quantity.measure, key), []).append(figure)
    for figures in groups.values():
        _put(made, figures)
    return made


@cache
def _read(value: str, unit: str) -> Quantity | None:
    for text in (f"{value}{unit}", f"{value}{unit.split('/')[0]}", value):
        found = find(fold(text))
        if found:
            return found[0]
    return None


def _annotated(figure: Stated) -> Quantity | None:
    value = abs(figure.value)
    return _read(format(value, "f"), figure.unit)


def _matches(quantity: Quantity, wanted: Quantity) -> bool:
    if abs(quantity.value) != abs(wanted.value):
        return False
    if BARE in (quantity.measure, wanted.measure):
        return quantity.measure not in (RANK, DURATION)
    if quantity.measure == wanted.measure:
        return quantity.measure not in (COUNT, DURATION) or quantity.unit == wanted.unit or wanted.measure == COUNT
    return {quantity.measure, wanted.measure} == {RANK, COUNT} and "person" in (wanted.unit, quantity.unit)


def _put(made: Sequence[Labelled], figures: Sequence[Stated]) -> None:
    wanted = _annotated(figures[0])
    assert wanted is not None
    places = [
        (s, i)
        for s, labelled in enumerate(made)
        for i, quantity in enumerate(labelled.scene.quantities)
        if _matches(quantity, wanted)
    ]
    done: set[Place] = set()
    rest: list[Stated] = []
    for figure in figures:
        stated = [p for p in places if _in_evidence(made, p, figure)]
        within = [p for p in stated if figure.about in made[p[0]].reach[p[1]]] or stated
        fresh = [p for p in within if p not in done] or within
        for place in fresh if len(figures) == 1 else fresh[:1]:
            _set(made, place, figure, done)
        if not within:
            rest.append(figure)
    left = [p for p in places if p not in done]
    body = [p for p in left if made[p[0]].scene.quantity_places[p[1]].line > 0]
    for row in (left, body):
        if (
            rest
            and len(row) == len(rest)
            and all(f.about in made[p[0]].reach[p[1]] for p, f in zip(row, rest, strict=True))
        ):
            for place, figure in zip(row, rest, strict=True):
                _set(made, place, figure, done)
            break
    else:
        for place in left if rest else ():
            for figure in _nearest(made, place, rest):
                _set(made, place, figure, done)
    if wanted.measure in (COUNT, DURATION, RANK) and abs(wanted.value) < _SMALL:
        return
    for place in places:
        if place not in done:
            again = _nearest(made, place, figures)
            if len({f.about for f in again}) == 1:
                _set(made, place, again[0], set())


def _set(made: Sequence[Labelled], place: Place, figure: Stated, done: set[Place]) -> None:
    made[place[0]].about[place[1]].setdefault(figure.about, []).append(figure.time)
    done.add(place)


def _nearest(made: Sequence[Labelled], place: Place, figures: Sequence[Stated]) -> list[Stated]:
    """Those of the figures whose subject is in the quantity's clause, else sentence, else in reach."""
    labelled = made[place[0]]
    scene, at = labelled.scene, labelled.scene.quantity_places[place[1]]
    where = list(zip(scene.mentions, scene.mention_places, strict=True))
    for near in (
        {m.entity for m, p in where if p.clause == at.clause},
        {m.entity for m, p in where if p.sentence == at.sentence},
        labelled.reach[place[1]],
    ):
        found = [f for f in figures if f.about in near]
        if found:
            return found
    return []


def _in_evidence(made: Sequence[Labelled], place: Place, figure: Stated) -> bool:
    if not figure.evidence:
        return False
    scene = made[place[0]].scene
    text, wanted = _squeezed(scene.folded), "".join(fold(figure.evidence).split())
    offset = len("".join(scene.folded[: scene.quantities[place[1]].span.start].split()))
    at = text.find(wanted)
    while at >= 0:
        if at <= offset < at + len(wanted):
            return True
        at = text.find(wanted, at + 1)
    return False


@cache
def _squeezed(text: str) -> str:
    return "".join(text.split())


def right_times(labelled: Labelled, index: int) -> frozenset[int]:
    """Which of the quantity's candidate times agree with the annotated one; empty where that is not known for sure."""
    stated = {time for times in labelled.about[index].values() for time in times if time}
    if len(stated) != 1:
        return frozenset()
    time = stated.pop()
    options = periods.candidates(labelled.scene, index)
    return frozenset(j for j, option in enumerate(options) if agrees(time, periods.period(labelled.scene, option)))


def agrees(time: str, period: periods.Period) -> bool:
    """Whether a period is the annotated time (2025-Q1, 2025-H2, a date, month, year, start/end) to the month."""
    if not period.start:
        return False
    first, _, last = time.partition("/")
    if "-Q" in first or "-H" in first:
        year, part = first.split("-")
        first = f"{year}-{(3 if part[0] == 'Q' else 6) * (int(part[1]) - 1) + 1:02d}"
    size = min(len(first), len(period.start))
    same = period.start[:size] == first[:size] and len(period.start) >= min(7, len(first))
    return same or bool(last and period.end and period.end[:7] == last[:7])

"""Of which time a quantity is: the candidates, what they look like, and how a chosen one is stated."""

from bisect import bisect_left
from dataclasses import dataclass

from kg.observations.features import bucket, nearness
from kg.observations.scene import Scene
from kg.times import Time

DEFAULT = -1
"""The document's own date."""
_BEFORE, _MOST = 2, 8


@dataclass(frozen=True, slots=True)
class Period:
    start: str | None
    end: str | None


def candidates(scene: Scene, index: int) -> list[int]:
    """Indices into `scene.times` that may hold for the quantity, and DEFAULT: the sentence's, and the last before."""
    quantity, place = scene.quantities[index], scene.quantity_places[index]
    here = bisect_left(scene.times, quantity.span.start, key=lambda t: t.span.start)
    low, outside = here, 0
    while low > 0 and outside < _BEFORE and here - low < _MOST:
        low -= 1
        outside += scene.time_places[low].sentence != place.sentence
    high = here
    while high < len(scene.times) and scene.time_places[high].sentence == place.sentence and high - here < 3:
        high += 1
    return [*range(low, high), DEFAULT]


def of_time(scene: Scene, i: int) -> list[str]:
    """A time and the words at its edges."""
    if i == DEFAULT:
        return ["default"]
    time, text, place = scene.times[i], scene.folded, scene.time_places[i]
    start, end = time.span.start, time.span.end
    return [
        f"k={time.kind}",
        f"x={len(time.start or '')}{time.start == time.end}",
        f"past={bool(time.start and scene.today and time.start <= scene.today)}",
        f"y={bool(time.start and scene.today and time.start[:4] == scene.today[:4])}",
        f"S1={text[start : start + 2]}",
        f"S2={text[end - 1 : end]}",
        f"A1={text[end : end + 1]}",
        f"A2={text[end : end + 2]}",
        f"B1={text[start - 1 : start]}",
        f"B2={text[max(start - 2, 0) : start]}",
        f"h={start == scene.clauses[place.clause].start}{start == scene.sentences[place.sentence].start}",
        f"t={place.line == 0}",
    ]


def of_previous(scene: Scene, index: int, i: int, previous: tuple[int, int] | None) -> tuple[str, ...]:
    """How a time stands to `previous`, the figure before this and the time chosen for that."""
    place = scene.quantity_places[index]
    near = "first" if previous is None else nearness(place, scene.quantity_places[previous[0]])
    same = previous is not None and previous[1] == i
    if i == DEFAULT:
        return (f"V={near}{same}d",)
    numbers = _numbers(scene, index, i)
    return f"V={near}{same}{_position(scene, index, i)}", f"Vn={near}{same}{numbers > 0}"


def _position(scene: Scene, index: int, i: int) -> str:
    place, at = scene.quantity_places[index], scene.time_places[i]
    before = scene.times[i].span.start < scene.quantities[index].span.start
    if at.clause == place.clause:
        return "cb" if before else "ca"
    if at.sentence == place.sentence:
        return "sb" if before else "sa"
    return "pb" if at.line == place.line else "ob"


def _numbers(scene: Scene, index: int, i: int) -> int:
    """How many quantities stand between a time and the one behind it."""
    span = scene.times[i].span
    if span.start >= scene.quantities[index].span.start:
        return 0
    return index - bisect_left(scene.quantities, span.end, key=lambda x: x.span.start)


def of_pair(scene: Scene, index: int, i: int) -> list[str]:
    """How a time stands to the quantity."""
    q, place = scene.quantities[index], scene.quantity_places[index]
    if i == DEFAULT:
        return [f"dm={q.measure}", f"du={q.unit}"]
    time, at, text = scene.times[i], scene.time_places[i], scene.folded
    before = time.span.start < q.span.start
    gap = text[time.span.end : q.span.start] if before else text[q.span.end : time.span.start]
    position = _position(scene, index, i)
    between = _between(scene, i, index, before)
    bag = [
        f"P={position}",
        f"Pk={position}{time.kind}",
        f"Pm={position}{q.measure}",
        f"D={position}{bucket(len(gap))}",
        f"b={position}{between}",
        f"N={position}{min(_numbers(scene, index, i), 3)}",
        f"C={before}{min(abs(at.clause - place.clause), 6)}",
        f"A={position}{text[time.span.end : time.span.end + 1]}",
        f"B={position}{text[time.span.start - 1 : time.span.start]}",
    ]
    if len(gap) <= 5:
        bag.append(f"G={before}{gap}")
    return bag


def _between(scene: Scene, i: int, index: int, before: bool) -> int:
    """How many other times stand between, up to 3."""
    start = scene.quantities[index].span.start
    step, count, j = (1, 0, i + 1) if before else (-1, 0, i - 1)
    while 0 <= j < len(scene.times) and count < 3 and (scene.times[j].span.start < start) == before:
        count += 1
        j += step
    return count


def period(scene: Scene, i: int) -> Period:
    """The ends of the time `i`, of the document's date for DEFAULT."""
    if i == DEFAULT:
        return Period(scene.today, scene.today)
    time: Time = scene.times[i]
    return Period(time.start, time.end)

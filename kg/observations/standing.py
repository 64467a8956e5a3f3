"""How an entity stands to a quantity by construction: owner of the indicator, topic, speaker, place in a list.

Features beside those of `kg.observations.features`, for the same chooser.
"""

from bisect import bisect_left
from dataclasses import dataclass

from kg.observations import wording
from kg.observations.features import Candidate
from kg.observations.scene import Scene

_OWNED, _FAR = 3, 12
"""Characters between a name and its indicator: fewer are looked at themselves, more are far."""
_LIST = 12
"""Members of a list, at most."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What all quantities of an article share."""

    rows: tuple[tuple[int, int], ...]
    """For each mention, its place in the row of names that it stands in (甲、乙和丙), and the row's length."""
    speaking: tuple[bool, ...]
    """For each mention, whether a word of reporting stands right behind it."""
    titled: frozenset[str]
    """Entities of the first line."""
    leading: str
    """The entity mentioned most, the first of several, or ""."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What all candidates of one quantity share."""

    shape: Shape

    head: str
    """The indicator's noun, the last one before the quantity in its sentence, or ""."""
    head_at: int
    near: bool
    """Whether that noun is in the quantity's own clause."""
    ordinal: int
    """Place of the quantity in its list of numbers, and that list's length; (0, 1) for one alone."""
    length: int
    topic: str
    """The entity that begins a clause of the sentence last before the quantity, or ""."""
    opener: str
    """The sentence's first entity, or ""."""
    clause_has: bool
    sentence_has: bool
    fresh: bool
    """Whether an entity is mentioned between the figure before and this one."""


def shape(scene: Scene) -> Shape:
    """The shape of an article."""
    titled = {m.entity or "" for m, p in zip(scene.mentions, scene.mention_places, strict=True) if p.line == 0}
    leading = max(scene.counts, key=lambda e: (scene.counts[e], -scene.order[e]), default="")
    speaking = tuple(wording.speaks(scene, i) for i in range(len(scene.mentions)))
    return Shape(tuple(_rows(scene)), speaking, frozenset(titled), leading)


def stand(scene: Scene, index: int, form: Shape) -> Standing:
    """The surroundings of one quantity."""
    q, place = scene.quantities[index], scene.quantity_places[index]
    sentence, clause = scene.sentences[place.sentence], scene.clauses[place.clause]
    head, at = wording.last_head(scene, sentence.start, q.span.start)
    low = bisect_left(scene.mentions, sentence.start, key=lambda m: m.span.start)
    high = bisect_left(scene.mentions, q.span.start, key=lambda m: m.span.start)
    topic = ""
    for j in range(high - 1, low - 1, -1):
        start = scene.mentions[j].span.start
        if start - scene.clauses[scene.mention_places[j].clause].start <= 1:
            topic = scene.mentions[j].entity or ""
            break
    before = scene.quantities[index - 1].span.end if index else 0
    ordinal, length = _in_list(scene, index)
    return Standing(
        shape=form,
        head=head,
        head_at=at,
        near=at >= clause.start,
        ordinal=ordinal,
        length=length,
        topic=topic,
        opener=(scene.mentions[low].entity or "") if low < high else "",
        clause_has=high > low and scene.mentions[high - 1].span.start >= clause.start,
        sentence_has=high > low,
        fresh=high > 0 and scene.mentions[high - 1].span.start >= before,
    )


def _in_list(scene: Scene, index: int) -> tuple[int, int]:
    group = scene.quantities[index].group
    if group < 0:
        return 0, 1
    first = last = index
    while first > 0 and index - first < _LIST and scene.quantities[first - 1].group == group:
        first -= 1
    while last + 1 < len(scene.quantities) and last - index < _LIST and scene.quantities[last + 1].group == group:
        last += 1
    return index - first, last - first + 1


def _rows(scene: Scene) -> list[tuple[int, int]]:
    starts = [j for j in range(len(scene.mentions)) if j == 0 or not _joined(scene, j)]
    ends = [*starts[1:], len(scene.mentions)] if starts else []
    return [(j - a, b - a) for a, b in zip(starts, ends, strict=True) for j in range(a, b)]


def _joined(scene: Scene, j: int) -> bool:
    return wording.joins(scene.folded[scene.mentions[j - 1].span.end : scene.mentions[j].span.start])


def of_pair(scene: Scene, index: int, candidate: Candidate, found: Standing) -> list[str]:
    """How a candidate stands to the quantity."""
    mention, position = candidate.mention, candidate.position
    q, m, text = scene.quantities[index], scene.mentions[mention], scene.folded
    form, cls, entity = found.shape, m.cls, m.entity or ""
    speaks = form.speaking[mention]
    bag = [
        f"cu={cls}{q.unit}",
        f"cI={cls}{found.head}",
        f"cr={cls}{text[q.span.end : q.span.end + 2]}",
        f"cl={cls}{text[max(q.span.start - 2, 0) : q.span.start]}",
        f"PX={position}{found.clause_has}{found.sentence_has}",
        f"T={position}{entity == found.topic}{entity == found.opener}",
        f"Tc={cls}{entity == found.topic}",
        f"Vf={position}{found.fresh}",
        f"R={position}{speaks}",
        f"Rc={cls}{speaks}",
        f"ti={position}{entity in form.titled}{form.leading == entity}",
        f"ld={cls}{form.leading == entity}{min(scene.counts[entity], 4)}",
    ]
    ordinal, length = form.rows[mention]
    if found.length > 1 or length > 1:
        same = "same" if length == found.length else "more" if length > found.length else "less"
        bag.append(f"L={position}{same}{ordinal == found.ordinal}{found.length > 1}{length > 1}")
        bag.append(f"Ll={min(ordinal, 3)}{min(found.ordinal, 3)}{same}")
    if found.head:
        owner = _owner(text[m.span.end : found.head_at], found.head_at - m.span.end)
        bag += [f"O={owner}{found.near}", f"Oc={cls}{owner}", f"Oh={found.head}{owner}"]
    return bag


def _owner(between: str, gap: int) -> str:
    """What stands between a name and the indicator's noun; its length in fours where that is long."""
    if gap < 0:
        return "none"
    return between if gap < _OWNED else "far" if gap > _FAR else str(gap // 4)


def of_nobody(scene: Scene, index: int, found: Standing) -> list[str]:
    """The same surroundings as reasons for nobody's."""
    q, text = scene.quantities[index], scene.folded
    start, end = q.span.start, q.span.end
    return [
        f"nX={found.clause_has}{found.sentence_has}{found.fresh}",
        f"nh={found.head}",
        f"nhm={found.near}{found.head != ''}{q.measure}",
        f"nl1={text[start - 1 : start]}",
        f"nl2={text[max(start - 2, 0) : start]}",
        f"nr1={text[end : end + 1]}",
        f"nr2={text[end : end + 2]}",
        f"nw={text[start - 1 : start]}{q.measure}{text[end : end + 1]}",
        f"ns={text[start:end]}" if q.fixed or end - start < 4 else f"ns={len(text[start:end])}",
        f"nt={scene.quantity_places[index].line == 0}",
        f"nq={q.qualifier}{q.part}",
    ]

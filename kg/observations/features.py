"""What a quantity, and each entity or time that it may belong to, look like: bags of feature names for the chooser.

A bag for the quantity, one for each candidate, one for each pair. All character windows are of the folded text.
"""

from bisect import bisect_left
from dataclasses import dataclass

from kg.model import Mention, Span
from kg.observations.scene import Place, Scene
from kg.quantities import Quantity

NOBODY = "none"
_RECENT = 4
"""Entities before the sentence that may be its subject."""
_MOST = 9
_BACK = 48
"""Mentions before the quantity that are looked at."""
_WINDOW = 10


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entity that a quantity may be about, by the mention of it that stands best; `mention` is an index."""

    entity: str
    mention: int
    position: str


def candidates(scene: Scene, index: int) -> list[Candidate]:
    """Entities of the sentence, of the text right before it, of the title, and the article's commonest."""
    quantity, place = scene.quantities[index], scene.quantity_places[index]
    best: dict[str, tuple[tuple[int, int], Candidate]] = {}
    recent: list[Candidate] = []
    seen: set[str] = set()
    here = bisect_left(scene.mentions, quantity.span.start, key=lambda m: m.span.start)
    low = here
    while low > max(here - _BACK, 0):
        if scene.mention_places[low - 1].sentence != place.sentence and len(recent) >= _RECENT:
            break
        low -= 1
        _offer(scene, low, place, quantity.span, best)
        entity = scene.mentions[low].entity or ""
        if scene.mention_places[low].sentence != place.sentence and entity not in seen:
            recent.append(best[entity][1])
        seen.add(entity)
    high = here
    while high < len(scene.mentions) and scene.mention_places[high].sentence == place.sentence:
        _offer(scene, high, place, quantity.span, best)
        high += 1
    for extra in (*range(min(3, len(scene.mentions))),):
        entity = scene.mentions[extra].entity or ""
        if entity not in best:
            _offer(scene, extra, place, quantity.span, best)
    ranked = sorted(best.values(), key=lambda pair: pair[0])
    return [candidate for _, candidate in ranked[:_MOST]]


def _offer(scene: Scene, i: int, place: Place, span: Span, best: dict[str, tuple[tuple[int, int], Candidate]]) -> None:
    mention, at = scene.mentions[i], scene.mention_places[i]
    before = mention.span.start < span.start
    distance = span.start - mention.span.end if before else mention.span.start - span.end
    if at.clause == place.clause:
        rank, position = (0, "cb") if before else (1, "ca")
    elif at.sentence == place.sentence:
        rank, position = (2, "sb") if before else (3, "sa")
    elif at.line == place.line:
        rank, position = (4, "pb") if at.sentence == place.sentence - 1 else (5, "lb")
    else:
        rank, position = (6, "pl") if at.line == place.line - 1 else (8, "t") if at.line == 0 else (7, "e")
    entity = mention.entity or ""
    key = (rank, abs(distance))
    if entity not in best or key < best[entity][0]:
        best[entity] = (key, Candidate(entity, i, position))


def of_quantity(scene: Scene, index: int) -> list[str]:
    """The quantity and the words around it."""
    q, place, text = scene.quantities[index], scene.quantity_places[index], scene.folded
    start, end = q.span.start, q.span.end
    clause, sentence = scene.clauses[place.clause], scene.sentences[place.sentence]
    left = text[max(clause.start, start - _WINDOW) : start]
    right = text[end : min(clause.end, end + _WINDOW)]
    shown = str(abs(q.value))
    bag = [
        f"Qm={q.measure}",
        f"Qu={q.unit}",
        f"Qv={shown if len(shown) < 3 else len(shown)}",
        f"Qp={q.part}",
        f"Qqq={q.qualifier}",
        f"Qs={text[start:end]}" if q.fixed else f"Qsc={q.scaled}",
        f"Qd={text[start].isdigit()}",
        f"QL1={text[start - 1 : start]}",
        f"QL2={text[max(start - 2, 0) : start]}",
        f"QL3={text[max(start - 3, 0) : start]}",
        f"QR1={text[end : end + 1]}",
        f"QR2={text[end : end + 2]}",
        f"QR3={text[end : end + 3]}",
        f"Qms={q.measure}{text[start - 1 : start]}",
        f"Qme={q.measure}{text[end : end + 1]}",
        f"Qt={place.line == 0}",
        f"Qh={start == clause.start}{start == sentence.start}",
        f"Qg={q.group >= 0}",
        f"Qper={q.per is not None}",
    ]
    bag += [f"Ql{left[i : i + 2]}" for i in range(len(left) - 1)]
    bag += [f"Qr{right[i : i + 2]}" for i in range(len(right) - 1)]
    bag += [f"Qw{text[clause.start : clause.start + 2]}"]
    return bag


def of_mention(scene: Scene, i: int) -> list[str]:
    """A mention and the words at its edges."""
    mention, place, text = scene.mentions[i], scene.mention_places[i], scene.folded
    start, end = mention.span.start, mention.span.end
    cls, name = mention.cls, text[start:end]
    first = i == 0 or scene.mention_places[i - 1].sentence != place.sentence
    count = scene.counts[mention.entity or ""]
    clause = scene.clauses[place.clause]
    return [
        f"c={cls}",
        f"A1={text[end : end + 1]}",
        f"A2={text[end : end + 2]}",
        f"A3={text[end : end + 3]}",
        f"B1={text[start - 1 : start]}",
        f"B2={text[max(start - 2, 0) : start]}",
        f"cA={cls}{text[end : end + 1]}",
        f"cB={cls}{text[start - 1 : start]}",
        f"z1={name[-1:]}",
        f"z2={name[-2:]}",
        f"f={first}{start == clause.start}{start == scene.sentences[place.sentence].start}",
        f"n={min(count, 5)}",
        f"o={min(scene.order[mention.entity or ''], 4)}",
        f"t={place.line == 0}",
        f"len={min(len(name), 8)}",
    ]


def bucket(n: int) -> int:
    """A length in characters, coarsely."""
    return n if n < 4 else 4 if n < 6 else 5 if n < 9 else 6 if n < 14 else 7 if n < 22 else 8 if n < 40 else 9


def of_pair(scene: Scene, index: int, candidate: Candidate) -> list[str]:
    """How the mention stands to the quantity."""
    q, place = scene.quantities[index], scene.quantity_places[index]
    mention, at, text = scene.mentions[candidate.mention], scene.mention_places[candidate.mention], scene.folded
    before = mention.span.start < q.span.start
    low, high = (mention.span.end, q.span.start) if before else (q.span.end, mention.span.start)
    gap = text[low:high] if low < high else ""
    between = _between(scene, candidate.mention, q, before)
    numbers = _numbers(scene, index, mention, before)
    clauses = min(abs(at.clause - place.clause), 6)
    position, cls = candidate.position, mention.cls
    bag = [
        f"P={position}",
        f"Pc={position}{cls}",
        f"Pm={position}{q.measure}",
        f"cm={cls}{q.measure}",
        f"D={position}{bucket(len(gap))}",
        f"b={position}{between}",
        f"N={position}{numbers}",
        f"C={before}{clauses}",
        f"A={position}{text[mention.span.end : mention.span.end + 1]}",
        f"B={position}{text[mention.span.start - 1 : mention.span.start]}",
        f"E={position}{text[q.span.start - 1 : q.span.start]}",
        f"F={position}{text[q.span.end : q.span.end + 1]}",
    ]
    if len(gap) <= 5:
        bag.append(f"G={before}{gap}")
    elif len(gap) <= 14:
        bag += [f"g={before}{gap[:2]}", f"k={before}{gap[-2:]}"]
    return bag


def of_previous(
    scene: Scene, index: int, candidate: Candidate, previous: tuple[int, tuple[str, ...]] | None
) -> tuple[str, ...]:
    """How the candidate stands to `previous`, the figure before this and what that is about."""
    if previous is None:
        return ("V=first",)
    then, subjects = previous
    near = nearness(scene.quantity_places[index], scene.quantity_places[then])
    same, position = candidate.entity in subjects, candidate.position
    if not same:
        return f"V={near}{same}", f"VP={near}{same}{position}"
    measures = f"Vm={near}{scene.quantities[then].measure}{scene.quantities[index].measure}"
    return f"V={near}{same}", f"VP={near}{same}{position}", measures


def nearness(place: Place, before: Place) -> str:
    """Where the figure before stands: in this clause, the next, this sentence, this line or before."""
    if before.clause == place.clause:
        return "c"
    if before.clause == place.clause - 1:
        return "n"
    if before.sentence == place.sentence:
        return "s"
    return "l" if before.line == place.line else "o"


def _between(scene: Scene, i: int, q: Quantity, before: bool) -> int:
    """How many other entities' mentions stand between, up to 3."""
    own = scene.mentions[i].entity
    others: set[str | None] = set()
    step = 1 if before else -1
    j = i + step
    while 0 <= j < len(scene.mentions) and len(others) < 3:
        span = scene.mentions[j].span
        if (before and span.start >= q.span.start) or (not before and span.end <= q.span.end):
            break
        if scene.mentions[j].entity != own:
            others.add(scene.mentions[j].entity)
        j += step
    return len(others)


def _numbers(scene: Scene, index: int, mention: Mention, before: bool) -> int:
    """How many quantities stand between, up to 3."""
    count, step = 0, -1 if before else 1
    j = index + step
    while 0 <= j < len(scene.quantities) and count < 3:
        span = scene.quantities[j].span
        if (before and span.start < mention.span.end) or (not before and span.end > mention.span.start):
            break
        count += 1
        j += step
    return count


def of_nobody(scene: Scene, index: int) -> list[str]:
    """The candidate that stands for: this is no figure, or about nothing that has a name."""
    q = scene.quantities[index]
    return [NOBODY, f"{NOBODY}m={q.measure}", f"{NOBODY}u={q.unit}", f"{NOBODY}v={min(abs(q.value), 20)}"]

"""What the words around a figure say of it: the indicator, the direction, how sure it is and who says it.

All phrases are of the folded text, so the traditional and the simplified form of a text give the same ones.
Words are in seeds/indicators.toml.
"""

import re
import tomllib
from bisect import bisect_left
from dataclasses import dataclass
from functools import cache
from typing import Any

from kg import resources
from kg.errors import DataError
from kg.model import ACTUAL, FORECAST, TARGET, Mention, Span
from kg.observations.currency import currency
from kg.observations.scene import Scene
from kg.quantities import COUNT, CURRENCY, DURATION, RANK, Quantity, strip_qualifier
from kg.text import fold

_NEAR = 8
"""Characters between a word of falling and the size of the fall, at most."""
_LONGEST = 24
"""Characters of an indicator, at most."""
_QUOTED = 120
"""Characters of a quotation, about."""
_LIST = 32
"""Figures of one list, at most."""
_PEELED = 4
"""Particles taken off one end of a phrase, at most."""
_SPEAKERS = frozenset({"Person", "Company", "GovernmentBody", "Association", "AcademicInstitution"})
_BREAK = re.compile(r"[,;。、:!?\n]")
_EDGE = " \t\n,.:;、()[]“”‘’《》<>*#|-—…!?。"

Pattern = re.Pattern[str]


@dataclass(frozen=True, slots=True)
class _Words:
    fall: Pattern
    rise: Pattern
    widths: Pattern
    """Nouns of falling (跌幅), behind which a level is the fall's size."""
    levels: Pattern
    losses: Pattern
    movement: Pattern
    comparisons: Pattern
    respectively: Pattern
    heads: Pattern
    forecast: Pattern
    target: Pattern
    no_target: Pattern
    reporting: Pattern
    money: Pattern
    leading: Pattern
    trailing: Pattern


@cache
def _words() -> _Words:
    path = resources.seeds() / "indicators.toml"
    try:
        return _compile(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, tomllib.TOMLDecodeError, KeyError) as error:
        raise DataError(f"{path}: {error}; restore the file") from error


def _compile(data: dict[str, Any]) -> _Words:
    def words(section: str, key: str = "words") -> str:
        return "|".join(sorted({re.escape(fold(w)) for w in data[section][key]}, key=lambda w: (-len(w), w)))

    def any_of(section: str, key: str = "words") -> Pattern:
        return re.compile(words(section, key))

    return _Words(
        fall=any_of("signs", "fall"),
        rise=any_of("signs", "rise"),
        widths=any_of("signs", "widths"),
        levels=any_of("signs", "levels"),
        losses=any_of("signs", "money_losses"),
        movement=any_of("movement"),
        comparisons=any_of("comparisons"),
        respectively=any_of("comparisons", "respectively"),
        heads=any_of("heads"),
        forecast=any_of("forecast"),
        target=any_of("target"),
        no_target=any_of("target", "no"),
        reporting=any_of("reporting"),
        money=any_of("money"),
        leading=re.compile(f"(?:{words('particles', 'leading')})(?=..)"),
        trailing=re.compile(f"(?:{words('particles', 'trailing')})$"),
    )


def _last(text: str, pattern: Pattern) -> tuple[int, int]:
    """Start and end of the last match; (-1, -1) where there is none."""
    best = (-1, -1)
    for match in pattern.finditer(text):
        best = match.span()
    return best


def falls(scene: Scene, index: int) -> bool:
    """Whether the quantity is the size of a fall, or a loss."""
    words, q = _words(), scene.quantities[index]
    if q.value < 0 or q.measure in (RANK, DURATION):
        return False
    head = _first_of_list(scene, index)
    left = _own_left(scene, head)
    if q.measure == CURRENCY:
        loss = _last(left, words.losses)
        if loss[1] > _last(left, words.rise)[1] and len(left) - loss[1] <= _NEAR:
            return True
    down, up = _last(left, words.fall), _last(left, words.rise)
    if down[1] <= up[1]:
        return False
    rest = left[down[1] :]
    if words.levels.search(rest):
        return words.widths.fullmatch(left, *down) is not None and q.measure != COUNT
    return len(rest) <= _NEAR and q.unit != "occasion"


def _first_of_list(scene: Scene, index: int) -> int:
    """The first quantity of the range or list that this one stands in."""
    group = scene.quantities[index].group
    first = index
    while first > max(index - _LIST, 0) and group >= 0 and scene.quantities[first - 1].group == group:
        first -= 1
    return first


def _mentions(scene: Scene, start: int, end: int) -> list[Mention]:
    """The mentions that begin and end in `start:end`."""
    low = bisect_left(scene.mentions, start, key=lambda m: m.span.start)
    high = bisect_left(scene.mentions, end, key=lambda m: m.span.start)
    return [m for m in scene.mentions[low:high] if m.span.end <= end]


def _own_left(scene: Scene, index: int) -> str:
    """The words before the quantity in its clause, behind the quantity before."""
    q, start = scene.quantities[index], scene.clauses[scene.quantity_places[index].clause].start
    if index:
        start = max(start, scene.quantities[index - 1].span.end)
    return scene.folded[start : q.span.start]


def kind(scene: Scene, index: int) -> str:
    """actual, forecast or target, by the words before the figure in its sentence."""
    words, q = _words(), scene.quantities[index]
    clause = scene.clauses[scene.quantity_places[index].clause]
    sentence = scene.sentences[scene.quantity_places[index].sentence]
    left = scene.folded[sentence.start : q.span.start]
    near = scene.folded[clause.start : min(q.span.end + 6, clause.end)]
    priced = words.no_target.search(near) is not None
    if not priced and words.target.search(near):
        return TARGET
    return FORECAST if priced or words.forecast.search(left) else ACTUAL


def indicator(scene: Scene, index: int, about: str) -> tuple[str, Span]:
    """The indicator in the text's words, and the span of the text that states the figure."""
    words, q = _words(), scene.quantities[index]
    text, clause = scene.folded, scene.clauses[scene.quantity_places[index].clause]
    head = _first_of_list(scene, index)
    start, end = clause.start, max(scene.quantities[head].span.start, clause.start)
    if head:
        start = max(start, scene.quantities[head - 1].span.end)
    first = start
    for mention in _mentions(scene, start, end):
        if mention.entity == about:
            first = mention.span.end
    phrase = _shared_out(_trimmed(_without_times(scene, first, end), words), index - head, words)
    if not phrase and first > start:
        phrase = _trimmed(_without_times(scene, start, first), words)
    if q.measure not in (COUNT, RANK) and not words.movement.sub("", phrase).strip(_EDGE):
        noun = _head(scene, head, words)
        phrase = phrase if noun in phrase else noun + phrase
    if not phrase or (q.measure in (COUNT, RANK) and len(phrase) < 3):
        phrase += _behind(scene, index)
    plain = phrase[-_LONGEST:] or text[q.span.start : q.span.end]
    return plain, Span(max(start, end - 2 * _LONGEST), q.span.end)


def _shared_out(phrase: str, place: int, words: _Words) -> str:
    """按年及按季分别升 before a list of figures: what the figure at `place` in the list is compared with."""
    found = list(words.comparisons.finditer(phrase))
    if len(found) < 2 or place >= len(found):
        return phrase
    kept = phrase[: found[0].start()] + found[place][0] + phrase[found[-1].end() :]
    return words.respectively.sub("", kept)


def _without_times(scene: Scene, start: int, end: int) -> str:
    kept, at = [], start
    for time in scene.times[bisect_left(scene.times, start, key=lambda t: t.span.start) :]:
        if time.span.start >= end:
            break
        if time.span.start >= at:
            kept.append(scene.folded[at : time.span.start])
            at = min(time.span.end, end)
    kept.append(scene.folded[at:end])
    return "".join(kept)


def _trimmed(phrase: str, words: _Words) -> str:
    phrase = _BREAK.split(phrase)[-1][-2 * _LONGEST :]
    for _ in range(_PEELED):
        before = phrase
        phrase = strip_qualifier(phrase.strip(_EDGE))
        phrase = words.trailing.sub("", phrase) or phrase
        head = words.leading.match(phrase)
        phrase = phrase[head.end() :] if head else phrase
        if phrase == before:
            break
    return phrase.strip(_EDGE)


def _head(scene: Scene, index: int, words: _Words) -> str:
    """The noun that a bare movement is of: the last indicator's head in the sentence before it."""
    sentence = scene.sentences[scene.quantity_places[index].sentence]
    left = scene.folded[sentence.start : scene.quantities[index].span.start]
    start, end = _last(left, words.heads)
    return left[start:end] if start >= 0 else ""


def _behind(scene: Scene, index: int) -> str:
    """The counted thing: the words behind the figure in its clause."""
    clause, end = scene.clauses[scene.quantity_places[index].clause], scene.quantities[index].span.end
    return _BREAK.split(scene.folded[end : max(min(clause.end, end + 12), end)])[0].strip(_EDGE)


def speaker(scene: Scene, index: int) -> str | None:
    """The entity that says so: the last one right before a word of reporting, in the sentence."""
    words, q = _words(), scene.quantities[index]
    sentence, found = scene.sentences[scene.quantity_places[index].sentence], None
    for mention in _mentions(scene, sentence.start, q.span.start):
        if mention.cls in _SPEAKERS:
            after = scene.folded[mention.span.end : mention.span.end + 6].lstrip(_EDGE)
            if words.reporting.match(after):
                found = mention.entity
    return found


def unit(scene: Scene, index: int, cls: str, document: str) -> str:
    """The `jl:unit` of the quantity, about an entity of class `cls`, in the document of this text."""
    q: Quantity = scene.quantities[index]
    if q.unit:
        return q.unit
    if q.measure == CURRENCY or (q.scaled and _words().money.search(_own_left(scene, index)[-12:])):
        sentence = scene.sentences[scene.quantity_places[index].sentence]
        return currency(scene.folded[sentence.start : sentence.end], scene.folded, document)
    return "point" if cls == "Index" and not q.scaled else "number"


def measured(scene: Scene, index: int, about: str) -> str | None:
    """The indicator that has a name of its own, where one is mentioned between subject and figure."""
    start = scene.clauses[scene.quantity_places[index].clause].start
    named = [m.entity for m in _mentions(scene, start, scene.quantities[index].span.start) if m.cls == "Indicator"]
    return named[-1] if named else about if scene.entities[about].cls == "Indicator" else None


def grounds(scene: Scene, index: int) -> Span:
    """What is quoted for the figure: its sentence, or so much of a long one as stands around it."""
    q, place = scene.quantities[index], scene.quantity_places[index]
    sentence = scene.sentences[place.sentence]
    if len(sentence) <= _QUOTED:
        return sentence
    i = place.clause
    start, end = min(q.span.start, scene.clauses[i].start), max(q.span.end, scene.clauses[i].end)
    while i > 0 and scene.clauses[i - 1].start >= sentence.start and end - scene.clauses[i - 1].start <= _QUOTED:
        i -= 1
        start = scene.clauses[i].start
    return Span(max(start, q.span.start - _QUOTED), min(end, q.span.end + _QUOTED))

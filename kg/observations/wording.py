"""What the words around a figure say of it: the indicator, the direction, how sure it is and who says it."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from kg import resources
from kg.errors import DataError
from kg.model import ACTUAL, FORECAST, TARGET, Span
from kg.observations.scene import Scene
from kg.quantities import COUNT, CURRENCY, DURATION, RANK, Quantity
from kg.text import fold

_LONGEST = 24
"""Characters of an indicator, at most."""
_QUOTED = 120
"""Characters of a quotation, about."""
_SPEAKERS = frozenset({"Person", "Company", "GovernmentBody", "Association", "AcademicInstitution"})


@dataclass(frozen=True, slots=True)
class _Words:
    fall: tuple[str, ...]
    rise: tuple[str, ...]
    levels: frozenset[str]
    losses: tuple[str, ...]
    movement: tuple[str, ...]
    heads: tuple[str, ...]
    forecast: tuple[str, ...]
    target: tuple[str, ...]
    no_target: tuple[str, ...]
    reporting: tuple[str, ...]
    money: tuple[str, ...]
    places: dict[str, tuple[str, ...]]
    default: dict[str, str]
    leading: tuple[str, ...]
    trailing: tuple[str, ...]


@cache
def _words() -> _Words:
    path = resources.seeds() / "indicators.toml"
    try:
        return _compile(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, tomllib.TOMLDecodeError, KeyError) as error:
        raise DataError(f"{path}: {error}; restore the file") from error


def _compile(data: dict[str, Any]) -> _Words:
    def words(section: str, key: str = "words") -> tuple[str, ...]:
        return tuple(sorted({fold(w) for w in data[section][key]}, key=lambda w: (-len(w), w)))

    return _Words(
        fall=words("signs", "fall"),
        rise=words("signs", "rise"),
        levels=frozenset(words("signs", "levels")),
        losses=words("signs", "money_losses"),
        movement=words("movement"),
        heads=words("heads"),
        forecast=words("forecast"),
        target=words("target"),
        no_target=words("target", "no"),
        reporting=words("reporting"),
        money=words("money"),
        places={code: words("places", code) for code in data["places"]},
        default=data["default"],
        leading=words("particles", "leading"),
        trailing=words("particles", "trailing"),
    )


def _last(text: str, words: Iterable[str]) -> tuple[int, int]:
    """Start and end of the word of `words` that ends last in `text`; (-1, -1) where there is none."""
    best = (-1, -1)
    for word in words:
        at = text.rfind(word)
        if at >= 0 and (at + len(word), len(word)) > (best[1], best[1] - best[0]):
            best = (at, at + len(word))
    return best


def falls(scene: Scene, index: int) -> bool:
    """Whether the quantity is the size of a fall, or a loss."""
    words, q = _words(), scene.quantities[index]
    if q.value < 0 or q.measure in (RANK, DURATION):
        return False
    left = _own_left(scene, index)
    if q.measure == CURRENCY:
        down = _last(left, words.losses)
        if down[1] > _last(left, words.rise)[1] and len(left) - down[1] <= 6:
            return True
    down, up = _last(left, words.fall), _last(left, words.rise)
    if down[1] <= up[1] or down[1] < 0:
        return False
    rest = left[down[1] :]
    if any(level in rest for level in words.levels) and not left[down[0] : down[1]].endswith(("幅",)[:0]):
        return left[down[1] - 1] in _widths(words) and q.measure != COUNT
    return len(rest) <= 8


def _widths(words: _Words) -> frozenset[str]:
    """Last characters that make a noun of a movement, so that a level behind it is still its size."""
    return frozenset(w[-1] for w in words.fall if len(w) == 2 and w[0] in words.fall and w[-1] not in words.fall)


def _own_left(scene: Scene, index: int) -> str:
    """The words before the quantity in its clause, behind the quantity before."""
    q, clause = scene.quantities[index], scene.clauses[scene.quantity_places[index].clause]
    start = clause.start
    if index and scene.quantities[index - 1].span.end > start:
        before = scene.quantities[index - 1]
        if before.group != q.group or q.group < 0:
            start = before.span.end
    return scene.folded[start : q.span.start]


def kind(scene: Scene, index: int) -> str:
    """actual, forecast or target, by the words before the figure in its sentence."""
    words, q = _words(), scene.quantities[index]
    clause = scene.clauses[scene.quantity_places[index].clause]
    sentence = scene.sentences[scene.quantity_places[index].sentence]
    left = scene.folded[sentence.start : q.span.start]
    near = scene.folded[clause.start : min(q.span.end + 6, clause.end)]
    if any(w in near for w in words.target) and not any(w in near for w in words.no_target):
        return TARGET
    return FORECAST if any(w in left for w in words.forecast) or any(w in near for w in words.no_target) else ACTUAL


def indicator(scene: Scene, index: int, about: str) -> tuple[str, Span]:
    """The indicator in the text's words, and the span of the text that states the figure."""
    words, q = _words(), scene.quantities[index]
    text, clause = scene.folded, scene.clauses[scene.quantity_places[index].clause]
    start = clause.start
    for other in scene.quantities[max(index - 3, 0) : index]:
        if other.span.end > start and (other.group != q.group or q.group < 0):
            start = other.span.end
    first = start
    for mention in scene.mentions:
        if start < mention.span.end <= q.span.start and mention.entity == about:
            first = mention.span.end
    phrase = _trimmed(_without_times(scene, first, q.span.start), words)
    if not phrase and first > start:
        phrase = _trimmed(_without_times(scene, start, first), words)
    if not phrase or (_bare_movement(phrase, words) and q.measure != COUNT):
        head = _head(scene, index, words)
        phrase = head + phrase
    if not phrase or (q.measure == COUNT and len(phrase) < 2):
        phrase += _trimmed(text[q.span.end : min(clause.end, q.span.end + 12)], words)
    plain = phrase[-_LONGEST:] or text[q.span.start : q.span.end]
    return plain, Span(max(start, q.span.start - 2 * _LONGEST), q.span.end)


def _without_times(scene: Scene, start: int, end: int) -> str:
    kept, at = [], start
    for time in scene.times:
        if time.span.start >= end:
            break
        if time.span.start >= at:
            kept.append(scene.folded[at : time.span.start])
            at = min(time.span.end, end)
    kept.append(scene.folded[at:end])
    return "".join(kept)


_EDGE = " \t\n,.:;、()[]“”‘’《》<>*#|-—…!?。"


def _trimmed(phrase: str, words: _Words) -> str:
    from kg.quantities import strip_qualifier

    changed = True
    while changed and phrase:
        before = phrase
        phrase = strip_qualifier(phrase.strip(_EDGE)).strip(_EDGE)
        for word in words.trailing:
            if len(phrase) > len(word) and phrase.endswith(word):
                phrase = phrase[: -len(word)]
                break
        for word in words.leading:
            if len(phrase) > len(word) + 1 and phrase.startswith(word):
                phrase = phrase[len(word) :]
                break
        changed = phrase != before
    for mark in ",;。、":
        phrase = phrase.rpartition(mark)[2]
    return phrase


def _bare_movement(phrase: str, words: _Words) -> bool:
    rest = phrase
    for word in words.movement:
        rest = rest.replace(word, "")
    return not rest.strip(_EDGE)


def _head(scene: Scene, index: int, words: _Words) -> str:
    """The noun that a bare movement is of: the last indicator's head in the sentence before it."""
    sentence = scene.sentences[scene.quantity_places[index].sentence]
    left = scene.folded[sentence.start : scene.quantities[index].span.start]
    start, end = _last(left, words.heads)
    return left[start:end] if start >= 0 else ""


def speaker(scene: Scene, index: int) -> str | None:
    """The entity that says so: the last one right before a word of reporting, in the sentence."""
    words, q = _words(), scene.quantities[index]
    place, found = scene.quantity_places[index], None
    for mention, at in zip(scene.mentions, scene.mention_places, strict=True):
        if mention.span.end > q.span.start:
            break
        if at.sentence == place.sentence and mention.cls in _SPEAKERS:
            after = scene.folded[mention.span.end : mention.span.end + 6].lstrip(_EDGE)
            if after.startswith(words.reporting):
                found = mention.entity
    return found


def currency(scene: Scene, index: int, language: str) -> str:
    """The ISO code of a bare yuan: by the words of its sentence, else by the document's language."""
    words = _words()
    sentence = scene.sentences[scene.quantity_places[index].sentence]
    text = scene.folded[sentence.start : sentence.end]
    default = words.default.get(language, words.default["zh-Hans"])
    for code, cues in words.places.items():
        if (
            code != default
            and any(c in text for c in cues)
            and not any(c in text for c in words.places.get(default, ()))
        ):
            return code
    return default


def is_money(scene: Scene, index: int) -> bool:
    """Whether a scaled number without a unit is money."""
    return _last(_own_left(scene, index)[-12:], _words().money)[1] >= 0


def unit(scene: Scene, index: int, cls: str, language: str) -> str:
    """The `jl:unit` of the quantity, about an entity of class `cls`."""
    q: Quantity = scene.quantities[index]
    if q.measure == CURRENCY:
        return q.unit or currency(scene, index, language)
    if q.unit:
        return q.unit
    if q.scaled and is_money(scene, index):
        return currency(scene, index, language)
    return "point" if cls == "Index" and not q.scaled else "number"


def measured(scene: Scene, index: int, about: str) -> str | None:
    """The indicator that has a name of its own, where one is mentioned between subject and figure."""
    q, place, found = scene.quantities[index], scene.quantity_places[index], None
    for mention, at in zip(scene.mentions, scene.mention_places, strict=True):
        if mention.span.end > q.span.start:
            break
        if at.clause == place.clause and mention.cls == "Indicator":
            found = mention.entity
    return found if found is not None else about if scene.entities[about].cls == "Indicator" else None


def grounds(scene: Scene, index: int) -> Span:
    """What is quoted for the figure: its sentence, or so much of a long one as stands around it."""
    q, place = scene.quantities[index], scene.quantity_places[index]
    sentence = scene.sentences[place.sentence]
    if len(sentence) <= _QUOTED:
        return sentence
    start, end, i = q.span.start, q.span.end, place.clause
    start, end = min(start, scene.clauses[i].start), max(end, scene.clauses[i].end)
    while i > 0 and scene.clauses[i - 1].start >= sentence.start and end - scene.clauses[i - 1].start <= _QUOTED:
        i -= 1
        start = scene.clauses[i].start
    return Span(max(start, q.span.start - _QUOTED), min(end, q.span.end + _QUOTED))

"""Numbers and what they count, from text in the folded form of `kg.text.fold`.

`find` reads Arabic and Chinese numerals with their scale, unit, bounds and ranges. It knows nothing of
what a number is about; words and units are in seeds/units.toml.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from typing import Any

from kg import resources
from kg.errors import DataError
from kg.model import Span
from kg.text import fold

PERCENT, CURRENCY, COUNT, DURATION, RANK, BARE = "percent", "currency", "count", "duration", "rank", "bare"
_RUN = 24
"""Digits that are read as one number, at most."""
_REACH = 4
"""Longest qualifier, in characters."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit. `span` takes in currency and unit, not the qualifier."""

    span: Span
    value: Decimal
    unit: str
    """`jl:unit`, or "" when the text names none."""
    measure: str
    """percent, percentage-point, basis-point, point, times, currency, count, duration, rank or bare."""
    qualifier: str | None = None
    part: str | None = None
    """low or high end of a range."""
    group: int = -1
    """Quantities that stand in one range or list of numbers with one unit share it."""
    fixed: bool = False
    """Said without a number: halved, doubled, the largest."""
    local: bool = False
    """The currency's country is the document's (a bare yuan)."""
    scaled: bool = False
    per: str | None = None
    """The words behind a stroke: a price for each of these."""


@dataclass(frozen=True, slots=True)
class _Unit:
    name: str
    measure: str
    factor: Decimal
    local: bool = False


@dataclass(frozen=True, slots=True)
class _Words:
    digits: dict[str, int]
    small: dict[str, int]
    large: dict[str, int]
    half: str
    more: str
    vague: frozenset[str]
    places: int
    units: dict[str, _Unit]
    fixed: dict[str, tuple[Decimal, str]]
    qualifiers: dict[str, str]
    ranges: frozenset[str]
    lists: frozenset[str]
    number: re.Pattern[str]
    heads: re.Pattern[str]
    """What a number can begin with: the long pattern is tried only there."""
    prefixes: frozenset[str]
    fraction: re.Pattern[str]
    fraction_mark: str
    fixed_words: re.Pattern[str]
    fixed_heads: re.Pattern[str]


@cache
def _words() -> _Words:
    path = resources.seeds() / "units.toml"
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        return _compile(data)
    except (OSError, tomllib.TOMLDecodeError, KeyError) as error:
        raise DataError(f"{path}: {error}; restore the file") from error


def _compile(data: dict[str, Any]) -> _Words:
    numerals = data["numerals"]
    units = _units(data)
    fixed = {fold(w): (Decimal(f["value"]), f["unit"]) for f in data["fixed"] for w in f["words"]}
    chinese = "".join((*numerals["digits"], *numerals["small"], numerals["half"]))
    large = "".join(numerals["large"])
    small = "".join(numerals["small"])
    more = "".join(numerals["more"])
    names = _alternatives(units)
    signs = "".join(re.escape(c) for c in numerals["minus"])
    number = (
        rf"(?P<ordinal>{numerals['ordinal']})? ?"
        rf"(?P<sign>(?<![\da-z)）%])[{signs}])?"
        rf"(?:(?<![\da-z.])(?P<arabic>\d{{1,3}}(?:,\d{{3}}){{1,{_RUN}}}(?:\.\d{{1,{_RUN}}})?|\d{{1,{_RUN}}}(?:\.\d{{1,{_RUN}}})?)|(?P<chinese>[{chinese}]{{1,{_RUN}}}))"
        rf"(?P<more>[{more}])? ?(?P<scale>[{small}]?[{large}]{{1,2}}|[{small}](?![{large}]))?(?P<more2>[{more}])? ?"
        rf"(?P<unit>{names})?(?P<half>{numerals['half']})?(?:[/](?P<per>[^\W\d_]{{1,3}}))?"
    )
    chars = rf"\d{chinese}"
    part, thousand = numerals["percent_fraction"], numerals["thousand_fraction"]
    whole = rf"{part}|{thousand}|[{chars}]{{1,{_RUN}}}{numerals['fraction']}"
    fraction = rf"(?P<whole>{whole})(?P<parts>[{chars}.]{{1,{_RUN}}})"
    qualifiers = {fold(w): name for name, words in data["qualifiers"].items() for w in words}
    return _Words(
        digits=numerals["digits"],
        small=numerals["small"],
        large=numerals["large"],
        half=numerals["half"],
        more=more,
        vague=frozenset(numerals["vague"]),
        places=numerals["fraction_digits"],
        units=units,
        fixed=fixed,
        qualifiers=qualifiers,
        ranges=frozenset(data["joints"]["range"]),
        lists=frozenset(data["joints"]["list"]),
        number=re.compile(number),
        heads=re.compile(rf"[{numerals['ordinal']}{signs}{chinese}]|\d+"),
        prefixes=frozenset(w for w, u in units.items() if u.measure == CURRENCY and not u.local),
        fraction=re.compile(fraction),
        fraction_mark=numerals["fraction"],
        fixed_words=re.compile(_alternatives(fixed)),
        fixed_heads=re.compile(f"[{''.join({w[0] for w in fixed})}]"),
    )


def _units(data: dict[str, Any]) -> dict[str, _Unit]:
    units: dict[str, _Unit] = {}
    for name in ("percent", "percentage-point", "basis-point", "point", "times"):
        for row in data[name]["words"]:
            units |= {fold(w): _Unit(name, name, Decimal(row["factor"])) for w in row["words"]}
    for kind in (COUNT, DURATION):
        for name, words in data[kind].items():
            units |= {fold(w): _Unit(name, kind, Decimal(1)) for w in words}
    for code, words in data[CURRENCY]["words"].items():
        units |= {fold(w): _Unit(code, CURRENCY, Decimal(1)) for w in words}
    units |= {fold(w): _Unit("", CURRENCY, Decimal(1), True) for w in data[CURRENCY]["local"]}
    return units


def _alternatives(words: Any) -> str:
    return "|".join(re.escape(w) for w in sorted(words, key=lambda w: (-len(w), w)))


def chinese_number(text: str) -> Decimal | None:
    """The value of Chinese digits, with or without places: 三千五, 二〇二五, 两; None where it is no number."""
    words = _words()
    if not text:
        return None
    if text == words.half:
        return Decimal("0.5")
    if text.endswith(words.half):
        whole = chinese_number(text[:-1])
        return None if whole is None else whole + Decimal("0.5")
    if all(c in words.digits for c in text):
        return Decimal("".join(str(words.digits[c]) for c in text))
    total, section, digit, place = 0, 0, -1, 1
    for c in text:
        if c in words.digits:
            digit = words.digits[c]
            place = place // 10 if digit else 1
        elif c in words.small:
            place = words.small[c]
            section += (1 if digit < 0 else digit) * place
            digit = -1
        elif c in words.large:
            total = (total + section + max(digit, 0)) * words.large[c]
            section, digit, place = 0, -1, words.large[c]
        else:
            return None
    return Decimal(total + section + max(digit, 0) * max(place, 1))


def find(text: str) -> list[Quantity]:
    """The quantities of folded `text`, sorted. Dates and names are not told apart here: the caller knows those."""
    words = _words()
    found: list[Quantity] = []
    taken = -1
    specials = sorted([*_fractions(text, words), *_fixed(text, words)], key=lambda q: q.span)
    ahead = iter([*specials, None])
    special = next(ahead)
    for head in words.heads.finditer(text):
        while special is not None and special.span.start < head.end():
            if special.span.start >= taken:
                found.append(special)
                taken = special.span.end
            special = next(ahead)
        if head.start() < taken:
            continue
        match = words.number.match(text, head.start())
        quantity = _read(text, match, words) if match is not None else None
        if match is None or quantity is None:
            continue
        if match["sign"] and match.start() == taken:
            # The stroke behind a number joins it to this one.
            span = Span(quantity.span.start + 1, quantity.span.end)
            quantity = replace(quantity, span=span, value=abs(quantity.value))
        found.append(quantity)
        taken = quantity.span.end
    while special is not None:
        if special.span.start >= taken:
            found.append(special)
        special = next(ahead)
    return _joined(text, found, words)


def _fractions(text: str, words: _Words) -> Iterator[Quantity]:
    for m in words.fraction.finditer(text) if words.fraction_mark in text else ():
        parts = _plain(m["parts"])
        whole = m["whole"]
        base = Decimal(100) if whole[:-2] == "" else None
        if base is None:
            head = chinese_number(whole[:-2]) if not whole[0].isdigit() else Decimal(whole[:-2])
            if head is None or head == 0 or parts is None:
                continue
            base = head
        if parts is None:
            continue
        value = parts if base == 100 else round(parts * 100 / base, words.places)
        if value <= 1000:
            yield _qualified(text, Quantity(Span(m.start(), m.end()), value, PERCENT, PERCENT), "", words)


def _fixed(text: str, words: _Words) -> Iterator[Quantity]:
    taken = 0
    for head in words.fixed_heads.finditer(text):
        m = words.fixed_words.match(text, head.start()) if head.start() >= taken else None
        if m is None:
            continue
        taken = m.end()
        if m[0].endswith(words.half) and text[m.end() : m.end() + 1] in words.units:
            continue
        value, unit = words.fixed[m[0]]
        measure = RANK if unit == RANK else unit
        yield _qualified(text, Quantity(Span(m.start(), m.end()), value, unit, measure, fixed=True), "", words)


def _plain(text: str) -> Decimal | None:
    if text[0].isdigit() and text.isascii():
        return Decimal(text.rstrip(".")) if text.count(".") < 2 else None
    return chinese_number(text) if text.isalpha() else None


def _read(text: str, m: re.Match[str], words: _Words) -> Quantity | None:
    start, end = m.start(), m.end()
    arabic, chinese, scale, name = m["arabic"], m["chinese"], m["scale"] or "", m["unit"]
    if text[start - 1 : start] in words.vague and start:
        return None
    if chinese is not None and not (name or scale or m["ordinal"]):
        return None
    number = Decimal(arabic.replace(",", "")) if arabic is not None else chinese_number(chinese)
    if number is None or (scale and number == 0):
        return None
    for c in scale:
        number *= words.small.get(c) or words.large[c]
    follows = text[m.end("unit") : m.end("unit") + 1] if name else text[end : end + 1]
    latin = bool(name) and name[-1].isascii() and name[-1].isalpha() and follows.isascii() and follows.isalpha()
    if latin or (not name and follows.isascii() and follows.isalpha()):
        name = None if latin else name
        if not scale:
            return None
    unit = words.units.get(name or "")
    if m["half"] and name and unit is not None:
        number += Decimal("0.5") if not scale else 0
    if unit is None or unit.local:
        begin = _prefix(text, start, words)
        if begin < start:
            unit, start = words.units[text[begin:start].strip()], begin
    if m["sign"]:
        number = -number
    if m["ordinal"]:
        span = Span(
            start, m.end("unit") if name else m.end("scale") if scale else m.end("chinese" if chinese else "arabic")
        )
        return Quantity(span, number, RANK, RANK)
    more = m["more"] or m["more2"] or ""
    if unit is None:
        if m["more2"] or m["scale"] or arabic is not None:
            cut = max(m.end("arabic"), m.end("chinese"), m.end("more"), m.end("scale"), m.end("more2"))
            quantity = Quantity(Span(start, cut), number, "", BARE, scaled=bool(scale))
            return _qualified(text, quantity, more, words)
        return None
    quantity = Quantity(
        Span(start, end),
        number * unit.factor,
        unit.name,
        unit.measure,
        local=unit.local,
        scaled=bool(scale),
        per=m["per"],
    )
    return _qualified(text, quantity, more, words)


def _prefix(text: str, start: int, words: _Words) -> int:
    """Where a currency's name before the number at `start` begins; `start` where there is none."""
    end = start - (text[start - 1 : start] == " ")
    for size in range(_REACH, 0, -1):
        word = text[end - size : end] if end >= size else ""
        if word in words.prefixes:
            before = text[end - size - 1 : end - size]
            return start if word[0].isalpha() and before.isascii() and before.isalnum() else end - size
    return start


def _qualified(text: str, quantity: Quantity, more: str, words: _Words) -> Quantity:
    if more and more in words.qualifiers:
        return replace(quantity, qualifier=words.qualifiers[more])
    start, end = quantity.span.start, quantity.span.end
    for size in range(_REACH, 0, -1):
        before = words.qualifiers.get(text[max(start - size, 0) : start])
        if before is not None and start >= size:
            return replace(quantity, qualifier=before)
    for size in range(_REACH, 0, -1):
        behind = words.qualifiers.get(text[end : end + size])
        if behind is not None and size > 1:
            return replace(quantity, qualifier=behind)
    return quantity


def _joined(text: str, found: list[Quantity], words: _Words) -> list[Quantity]:
    """Ranges marked, and units and scales handed back to numbers that share them."""
    group = 0
    for i in range(len(found) - 2, -1, -1):
        left, right = found[i], found[i + 1]
        gap = text[left.span.end : right.span.start]
        if len(gap) > _REACH + 2 or left.measure == RANK or right.measure == RANK:
            continue
        joint = _without_qualifier(gap, words)
        span_range = joint in words.ranges
        if not span_range and joint not in words.lists:
            continue
        if left.measure == BARE and right.measure != BARE:
            factor = _shared_scale(left, right) if span_range and not left.scaled else Decimal(1)
            unit = words.units
            scale10 = Decimal(1)
            if right.unit == PERCENT and right.measure == PERCENT:
                scale10 = _factor_of(text[right.span.start : right.span.end], unit)
            left = replace(
                left,
                value=left.value * factor * scale10,
                unit=right.unit,
                measure=right.measure,
                local=right.local,
                per=right.per,
            )
        elif left.measure != right.measure:
            continue
        if right.group < 0:
            group += 1
            right = replace(right, group=group)
        left = replace(left, group=right.group, part="low" if span_range else left.part)
        found[i], found[i + 1] = left, replace(right, part="high") if span_range else right
    return found


def _factor_of(surface: str, units: dict[str, _Unit]) -> Decimal:
    for size in range(min(len(surface), _REACH), 0, -1):
        unit = units.get(surface[-size:])
        if unit is not None:
            return unit.factor
    return Decimal(1)


def _shared_scale(left: Quantity, right: Quantity) -> Decimal:
    """1至2亿: the first number counts in the second's scale."""
    factor = Decimal(1)
    if right.scaled:
        for step in (Decimal(10000), Decimal(100000000), Decimal(1000000000000)):
            if abs(left.value) * step <= abs(right.value):
                factor = step
    return factor


def _without_qualifier(gap: str, words: _Words) -> str:
    gap = gap.strip()
    for size in range(min(_REACH, len(gap) - 1), 0, -1):
        if gap[-size:] in words.qualifiers:
            gap = gap[:-size]
            break
    for size in range(min(_REACH, len(gap) - 1), 0, -1):
        if gap[:size] in words.qualifiers:
            return gap[size:]
    return gap


def strip_qualifier(phrase: str) -> str:
    """`phrase` without a qualifier at its end."""
    words = _words()
    for size in range(min(_REACH, len(phrase) - 1), 0, -1):
        if phrase[-size:] in words.qualifiers:
            return phrase[:-size]
    return phrase

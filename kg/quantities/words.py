"""The words of numbers and units, from seeds/units.toml, and the value of Chinese numerals."""

import re
import tomllib
from dataclasses import dataclass
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
REACH = 4
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
class Unit:
    name: str
    measure: str
    factor: Decimal
    local: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    digits: dict[str, int]
    small: dict[str, int]
    large: dict[str, int]
    half: str
    more: str
    vague: frozenset[str]
    places: int
    units: dict[str, Unit]
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
def load() -> Words:
    path = resources.seeds() / "units.toml"
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        return _compile(data)
    except (OSError, tomllib.TOMLDecodeError, KeyError) as error:
        raise DataError(f"{path}: {error}; restore the file") from error


def _compile(data: dict[str, Any]) -> Words:
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
    return Words(
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


def _units(data: dict[str, Any]) -> dict[str, Unit]:
    units: dict[str, Unit] = {}
    for name in ("percent", "percentage-point", "basis-point", "point", "times"):
        for row in data[name]["words"]:
            units |= {fold(w): Unit(name, name, Decimal(row["factor"])) for w in row["words"]}
    for kind in (COUNT, DURATION):
        for name, words in data[kind].items():
            units |= {fold(w): Unit(name, kind, Decimal(1)) for w in words}
    for code, words in data[CURRENCY]["words"].items():
        units |= {fold(w): Unit(code, CURRENCY, Decimal(1)) for w in words}
    units |= {fold(w): Unit("", CURRENCY, Decimal(1), True) for w in data[CURRENCY]["local"]}
    return units


def _alternatives(words: Any) -> str:
    return "|".join(re.escape(w) for w in sorted(words, key=lambda w: (-len(w), w)))


def chinese_number(text: str) -> Decimal | None:
    """The value of Chinese digits, with or without places: 三千五, 二〇二五, 两; None where it is no number."""
    words = load()
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

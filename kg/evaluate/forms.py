"""How names, units and dates of gold and graph are compared."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache

import opencc

from kg import resources

_FAMILIES = (
    ("produces", "develops", "supplies", "dominates"),
    ("benefits", "supports"),
    ("harms", "restricts"),
    ("focusesOn", "adopts", "investsIn"),
    ("partOf", "locatedIn", "memberOf", "subsidiaryOf", "constituentOf", "listedOn", "tracks"),
    ("issues", "proposes", "regulates"),
    ("outperforms", "comparableTo", "competesWith"),
)
_FAMILY = {predicate: min(family) for family in _FAMILIES for predicate in family}
_GROUPS = {
    "Organization": "organization", "Company": "organization", "GovernmentBody": "organization",
    "AcademicInstitution": "organization", "Association": "organization", "Person": "person",
    "Place": "place", "Country": "place", "Region": "place", "City": "place", "District": "place",
    "Market": "market", "Index": "market", "Policy": "policy", "Event": "policy",
}  # fmt: skip
_NOISE = re.compile(r"[\s\W_]+")
_PART_OF_YEAR = re.compile(r"(\d{4})-([QH])(\d)")
_MONTHS = {"Q": 3, "H": 6}


@cache
def _simplifier() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


@cache
def name(text: str) -> str:
    """A name without script, width, case, blanks and punctuation."""
    return _NOISE.sub("", _simplifier().convert(unicodedata.normalize("NFKC", text)).casefold())


def family(predicate: str) -> str:
    """One name for predicates that lie close to each other."""
    return _FAMILY.get(predicate, predicate)


def group(cls: str) -> str:
    """One name for classes that a reader may well confuse."""
    return _GROUPS.get(cls, "thing")


@dataclass(frozen=True, slots=True)
class _Kind:
    name: str
    words: re.Pattern[str]
    factor: float


@cache
def _units() -> tuple[list[tuple[str, float]], list[_Kind]]:
    raw = tomllib.loads((resources.seeds() / "evaluation.toml").read_text(encoding="utf-8"))
    kinds = [_Kind(k["name"], re.compile(k["words"], re.IGNORECASE), k.get("factor", 1.0)) for k in raw["kind"]]
    return [(word, float(factor)) for word, factor in raw["scales"].items()], kinds


def unit(text: str) -> tuple[str, float]:
    """The kind of a unit (percent, currency, point, rank, times, count) and what its numbers are multiplied by."""
    scales, kinds = _units()
    rest, scale = unicodedata.normalize("NFKC", text), 1.0
    whole = next((kind for kind in kinds if kind.words.fullmatch(rest)), None)
    if whole:
        return whole.name, whole.factor
    for word, factor in scales:
        if word in rest:
            rest, scale = rest.replace(word, ""), factor
            break
    return next((kind.name for kind in kinds if kind.words.search(rest)), "count"), scale


def dates_agree(stated: str, start: str, end: str) -> bool:
    """Whether a figure's period is the one of gold, as exact as gold has it; a gold without a date agrees with all."""
    if not stated:
        return True
    wanted = stated.split("/")
    part = _PART_OF_YEAR.fullmatch(wanted[0])
    if part:
        wanted = [f"{part[1]}-{_MONTHS[part[2]] * (int(part[3]) - 1) + 1:02d}"]
    first, last = start[:10], (end or start)[:10]
    exact = min(len(wanted[0]), len(first))
    begins = exact >= 4 and first[:exact] == wanted[0][:exact]
    return begins or (len(wanted) > 1 and bool(last) and last[:7] == wanted[1][:7])

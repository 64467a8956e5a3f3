"""Forms of names: what is trimmed, what keys compare, and the labels an entity shows."""

from __future__ import annotations

from functools import cache, lru_cache

from opencc import OpenCC

from kg import naming
from kg.naming import NameRules
from kg.schema import load as load_schema
from kg.text import fold, simplify

_MARKS = str.maketrans("", "", " \t\n·•・-–—_.,'’\"“”‘’《》〈〉()[]")
_EDGES = " \t\n,，.。;；:：、·\"'"
_PAIRS = dict(zip("“‘《〈(（「『[【", "”’》〉)）」』]】", strict=True))
_GROUPS = ("Organization", "Person", "Place")


@cache
def group(cls: str) -> str:
    """Names are compared within a group only: organisation, person, place, thing."""
    schema = load_schema()
    return next((top for top in _GROUPS if schema.is_a(cls, top)), "Thing")


@lru_cache(maxsize=65536)
def trimmed(name: str) -> str:
    """A name without marks around it and without a bracket or quotation mark that it shares with its surroundings."""
    name = name.strip(_EDGES)
    while len(name) > 1:
        opened, closed = _PAIRS.get(name[0]), next((o for o, c in _PAIRS.items() if c == name[-1]), None)
        inner = name[1:-1]
        if opened == name[-1] and name[0] not in inner and name[-1] not in inner:
            name = inner
        elif opened and name.count(name[0]) > name.count(opened):
            name = name[1:]
        elif closed and name.count(name[-1]) > name.count(closed):
            name = name[:-1]
        else:
            return name
        name = name.strip(_EDGES)
    return name


def compact(form: str) -> str:
    """A folded form without blanks and marks."""
    return form.translate(_MARKS)


@lru_cache(maxsize=65536)
def key(surface: str, cls: str) -> str:
    """What names in no list are compared by."""
    form = fold(trimmed(surface))
    short = stripped(form, naming.load(), endings=group(cls) == "Organization")
    if cls == "Industry":
        short = industry_head(short) or short
    return compact(short) or compact(form) or form


def stripped(form: str, rules: NameRules, *, endings: bool) -> str:
    """A folded form without a determiner before it and, where asked, without 有限公司, 集团 and the like behind it."""
    for word in rules.determiners:
        if form.startswith(word) and len(form) - len(word) > 1:
            form = form[len(word) :]
            break
    changed = endings
    while changed:
        changed = False
        for word in rules.droppable:
            if form.endswith(word) and len(form) - len(word) > 1:
                form, changed = form[: -len(word)], True
    return form


def industry_head(form: str) -> str:
    """X业 for X行业, X产业, X板块: one industry; empty where the form has no such ending."""
    for ending in naming.load().industry_endings:
        if form.endswith(ending) and len(form) - len(ending) > 1:
            return form[: -len(ending)] + "业"
    return ""


@lru_cache(maxsize=65536)
def labels(name: str) -> tuple[tuple[str, str], ...]:
    """A name in both scripts, or as English where it has no Chinese character."""
    simple = simplify(name)
    if not any("\u3400" <= char <= "\u9fff" for char in simple):
        return (("en", simple),)
    return (("zh-Hans", simple), ("zh-Hant", _traditional()(simple)))


@cache
def _traditional():  # type: ignore[no-untyped-def]  # OpenCC has no types
    return OpenCC("s2hk").convert

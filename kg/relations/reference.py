"""Definite references (该公司, 该指数, 他) are names of what they look back to.

The words and what they look back to are in seeds/names.toml, section reference.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from kg import naming
from kg.relations.coordination import Name
from kg.schema import load as load_schema

_KINDS = {
    "company": ("Company",),
    "index": ("Index",),
    "body": ("GovernmentBody", "Association"),
    "project": ("Product",),
    "person": ("Person",),
}
_OPENING = "，,。；;：:\n“ 、()"
_SURE = "该"


@cache
def _words() -> tuple[re.Pattern[str], dict[str, str]]:
    kinds = {word: kind for kind, words in naming.load().references.items() for word in words if kind in _KINDS}
    longest = sorted(kinds, key=lambda w: (-len(w), w))
    return re.compile("|".join(map(re.escape, longest))), kinds


@cache
def _fits(cls: str, kind: str) -> bool:
    return any(load_schema().is_a(cls, wanted) for wanted in _KINDS[kind])


def resolve(folded: str, names: Sequence[Name]) -> list[Name]:
    """Names for the references that find what they mean: the nearest fitting name before, of the same line first.

    A word without 该 counts only where it opens a clause: 公司表示, not 上市公司.
    """
    words, kinds = _words()
    found: list[Name] = []
    at = 0
    last: dict[str, Name] = {}
    for match in words.finditer(folded):
        start, end = match.span()
        while at < len(names) and names[at].end <= start:
            for kind in _KINDS:
                if _fits(names[at].cls, kind):
                    last[kind] = names[at]
            at += 1
        if at < len(names) and names[at].start < end:
            continue
        kind = kinds[match.group()]
        opening = start == 0 or folded[start - 1] in _OPENING
        if kind in last and (opening or folded[start] == _SURE):
            found.append(Name(start, end, last[kind].entity, last[kind].cls))
    return found

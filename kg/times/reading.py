"""Words of time found in text, those that belong together made one."""

import re
from dataclasses import replace
from typing import Any

from kg.model import Span
from kg.quantities import chinese_number
from kg.times.resolving import anchor, resolved
from kg.times.words import SINCE, Said, Time, Words, load

_CUE = 2
"""Longest word before a number of days that makes it a length."""


def find(text: str, today: str | None) -> list[Time]:
    """The times of folded `text`, sorted. `today` is the document's date (ISO 8601), or None."""
    words = load()
    said: list[Said] = []
    taken = 0
    for head in words.heads.finditer(text):
        match = words.tokens.match(text, head.start()) if head.start() >= taken else None
        token = _token(match, words) if match is not None else None
        if match is None or token is None:
            continue
        taken = match.end()
        joined = _joined(said[-1], token, text, words) if said else None
        if joined is not None:
            said[-1] = joined
        elif token.slots != "e" and not _length(token, match, text, words):
            said.append(token)
    return resolved(text, said, anchor(today), words)


def _token(m: re.Match[str], words: Words) -> Said | None:
    kind, span = m.lastgroup, Span(m.start(), m.end())
    if kind == "iso":
        month, day = int(m["im"]), int(m["id"] or 0)
        if not 1 <= month <= 12 or day > 31:
            return None
        return Said(span, "ymd" if day else "ym", int(m["iy"]), months=(month, month), day=day or None)
    if kind == "year":
        last = int(m["y2"]) if m["y2"] else int(m["y1"])
        return Said(span, "y", int(m["y1"]), last_year=last + 2000 if last < 100 else last)
    if kind == "short":
        return Said(span, "y", 2000 + int(m["s1"]), last_year=2000 + int(m["s2"]))
    if kind == "spelt":
        year = int(chinese_number(m["c1"]) or 0)
        return Said(span, "y", year, last_year=year) if 1900 <= year < 2100 else None
    if kind == "month":
        first, last = _number(m["m1"]), _number(m["m2"] or m["m1"])
        return Said(span, "m", months=(first, last)) if 1 <= first <= 12 and 1 <= last <= 12 else None
    if kind == "day":
        day = _number(m["d1"])
        return Said(span, "d", day=day) if 1 <= day <= 31 else None
    if kind == "edge":
        return Said(span, "e", edge=words.edges[m[0]])
    return _word(span, *words.vocabulary[m[0]])


def _word(span: Span, kind: str, value: Any) -> Said:
    match kind:
        case "years":
            return Said(span, "y", offset=value)
        case "zodiac":
            return Said(span, "y", value, last_year=value)
        case "parts":
            return Said(span, "p", months=(value[0], value[1]))
        case "named":
            return Said(span, "n", named=(value[0], value[1]))
        case "since":
            return Said(span, "s", relative=(value, 0), kind=SINCE)
        case "weekdays":
            return Said(span, "k", weekday=value[1], relative=None if value[0] is None else ("weeks", value[0]))
        case "quarters" | "months" | "days" | "weeks":
            return Said(span, kind[0].upper(), relative=(kind, value))
    return Said(span, "x", offset=value, kind=kind)


_FOLLOWS = {"y": "mpe", "ym": "de", "ymd": "", "m": "de", "md": "", "M": "de", "d": "", "Q": "e", "p": ""}
"""Which slots may come behind which, to make one time of them."""


def _joined(last: Said, token: Said, text: str, words: Words) -> Said | None:
    gap = text[last.span.end : token.span.start]
    if gap not in words.glue or len(token.slots) != 1 or token.slots not in _FOLLOWS.get(last.slots, ""):
        return None
    return replace(
        last,
        span=Span(last.span.start, token.span.end),
        slots=last.slots + token.slots,
        months=token.months or last.months,
        day=token.day,
        edge=token.edge,
        relative=last.relative or token.relative,
    )


def _length(token: Said, m: re.Match[str], text: str, words: Words) -> bool:
    """Whether a bare number of days is a length of time, not a date."""
    if token.slots != "d":
        return False
    start = token.span.start
    if not m["d1"].isdigit() or words.behind.match(text, token.span.end):
        return True
    return any(text[start - n : start] in words.cues for n in range(1, _CUE + 1) if start >= n)


def _number(text: str) -> int:
    value = int(text) if text.isdigit() else chinese_number(text)
    return -1 if value is None else int(value)

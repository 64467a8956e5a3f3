"""Points and stretches of time in text, resolved against the document's date.

`find` reads the folded form of `kg.text.fold`; words are in seeds/times.toml. Ends are ISO 8601 dates, months
or years, as exact as the text and the document's date allow.
"""

import calendar
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from typing import Any

from kg import resources
from kg.errors import DataError
from kg.model import Span
from kg.quantities import chinese_number
from kg.text import fold

AT, SINCE, SAME, NOW = "at", "since", "same", "now"
_AHEAD = 4
"""A month without a year lies at most this many months ahead of the document, else in the year before."""
_CUE = 2
"""Longest word before a number of days that makes it a length."""


@dataclass(frozen=True, slots=True)
class Time:
    """A stretch of time at `span`. `start` and `end` are None where the text and the document's date do not tell."""

    span: Span
    start: str | None
    end: str | None
    kind: str = AT
    """at, since (up to the document's date), same (the stretch before it, `shift` years on) or now."""
    shift: int = 0


@dataclass(frozen=True, slots=True)
class _Said:
    """What the words at one place say, not yet resolved. `slots` names what is said, in order."""

    span: Span
    slots: str = ""
    year: int | None = None
    offset: int | None = None
    last_year: int | None = None
    months: tuple[int, int] | None = None
    day: int | None = None
    edge: str | None = None
    relative: tuple[str, int] | None = None
    weekday: int | None = None
    named: tuple[str, str] | None = None
    kind: str = AT


@dataclass(frozen=True, slots=True)
class _Words:
    vocabulary: dict[str, tuple[str, Any]]
    edges: dict[str, str]
    tokens: re.Pattern[str]
    heads: re.Pattern[str]
    """What a time can begin with: the long pattern is tried only there."""
    joints: frozenset[str]
    glue: frozenset[str]
    cues: frozenset[str]
    behind: re.Pattern[str]
    """Words behind a number of days that make it a length."""


@cache
def _words() -> _Words:
    path = resources.seeds() / "times.toml"
    try:
        return _compile(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, tomllib.TOMLDecodeError, KeyError) as error:
        raise DataError(f"{path}: {error}; restore the file") from error


def _any(words: Iterable[str]) -> str:
    return "|".join(re.escape(fold(w)) for w in sorted(words, key=lambda w: (-len(w), w)))


def _compile(data: dict[str, Any]) -> _Words:
    marks = data["marks"]
    vocabulary: dict[str, tuple[str, Any]] = {}
    for kind in ("years", "parts", "quarters", "months", "days", "weeks", "since", "named", "zodiac"):
        vocabulary |= {fold(w): (kind, value) for w, value in data[kind].items()}
    vocabulary |= {fold(w): (SAME, years) for w, years in data[SAME].items()}
    vocabulary |= {fold(w): (NOW, None) for w in data[NOW]["words"]}
    for name, n in data["weekdays"]["days"].items():
        vocabulary |= {fold(prefix + name): ("weekdays", (None, n)) for prefix in data["weekdays"]["prefixes"]}
        vocabulary |= {fold(week + name): ("weekdays", (offset, n)) for week, offset in data["weeks"].items()}
    year, month, day, joint, lists = (_any(marks[k]) for k in ("year", "month", "day", "joints", "lists"))
    apart = r"(?<!\d)(?<!\d[.,])"
    number, full = rf"(?:\d{{1,2}}|[{marks['chinese']}]{{1,3}})", r"(?:19|20)\d\d"
    ends = "".join(sorted({w[-1] for w in (*marks["year"], *marks["month"], *data["months"], *data["years"])}))
    tokens = (
        rf"(?P<iso>{apart}(?P<iy>{full})[-/.](?P<im>[01]?\d)(?:[-/.](?P<id>[0-3]?\d))?(?!\d))"
        rf"|(?P<edge>(?<=[{ends}])(?:{_any(data['edges'])}))"
        rf"|(?P<year>{apart}(?P<y1>{full}) ?(?:(?:{joint}|{lists}) ?(?P<y2>{full}|\d\d) ?)?(?:{year}|(?=q[1-4])))"
        rf"|(?P<short>{apart}(?P<s1>[1-4]\d) ?(?:{joint}|{lists}) ?(?P<s2>[1-4]\d) ?(?:{year}))"
        rf"|(?P<spelt>(?P<c1>[{marks['year_digits']}]{{4}})(?:{year}))"
        rf"|(?P<month>{apart}(?P<m1>{number}) ?(?:(?:{joint}|{lists}) ?(?P<m2>{number}) ?)?(?:{month}))"
        rf"|(?P<day>{apart}(?P<d1>{number}) ?(?:{day})(?![{marks['not_behind_day']}]))"
        rf"|(?P<word>{_any(vocabulary)})"
    )
    return _Words(
        vocabulary=vocabulary,
        edges={fold(w): v for w, v in data["edges"].items()},
        tokens=re.compile(tokens),
        heads=re.compile(
            f"[{''.join(sorted({w[0] for w in (*vocabulary, *data['edges'])}))}"
            f"{marks['chinese']}{marks['year_digits']}]|\\d+"
        ),
        joints=frozenset(marks["joints"]),
        glue=frozenset(["", *marks["glue"]]),
        cues=frozenset(fold(w) for w in data["duration_cues"]["words"]),
        behind=re.compile(_any(marks["length"])),
    )


def find(text: str, today: str | None) -> list[Time]:
    """The times of folded `text`, sorted. `today` is the document's date (ISO 8601), or None."""
    words = _words()
    said: list[_Said] = []
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
    return _resolved(text, said, _anchor(today), words)


def _token(m: re.Match[str], words: _Words) -> _Said | None:
    kind, span = m.lastgroup, Span(m.start(), m.end())
    if kind == "iso":
        month, day = int(m["im"]), int(m["id"] or 0)
        if not 1 <= month <= 12 or day > 31:
            return None
        return _Said(span, "ymd" if day else "ym", int(m["iy"]), months=(month, month), day=day or None)
    if kind == "year":
        last = int(m["y2"]) if m["y2"] else int(m["y1"])
        return _Said(span, "y", int(m["y1"]), last_year=last + 2000 if last < 100 else last)
    if kind == "short":
        return _Said(span, "y", 2000 + int(m["s1"]), last_year=2000 + int(m["s2"]))
    if kind == "spelt":
        year = int(chinese_number(m["c1"]) or 0)
        return _Said(span, "y", year, last_year=year) if 1900 <= year < 2100 else None
    if kind == "month":
        first, last = _number(m["m1"]), _number(m["m2"] or m["m1"])
        return _Said(span, "m", months=(first, last)) if 1 <= first <= 12 and 1 <= last <= 12 else None
    if kind == "day":
        day = _number(m["d1"])
        return _Said(span, "d", day=day) if 1 <= day <= 31 else None
    if kind == "edge":
        return _Said(span, "e", edge=words.edges[m[0]])
    return _word(span, *words.vocabulary[m[0]])


def _word(span: Span, kind: str, value: Any) -> _Said:
    match kind:
        case "years":
            return _Said(span, "y", offset=value)
        case "zodiac":
            return _Said(span, "y", value, last_year=value)
        case "parts":
            return _Said(span, "p", months=(value[0], value[1]))
        case "named":
            return _Said(span, "n", named=(value[0], value[1]))
        case "since":
            return _Said(span, "s", relative=(value, 0), kind=SINCE)
        case "weekdays":
            return _Said(span, "k", weekday=value[1], relative=None if value[0] is None else ("weeks", value[0]))
        case "quarters" | "months" | "days" | "weeks":
            return _Said(span, kind[0].upper(), relative=(kind, value))
    return _Said(span, "x", offset=value, kind=kind)


_FOLLOWS = {"y": "mpe", "ym": "de", "ymd": "", "m": "de", "md": "", "M": "de", "d": "", "Q": "e", "p": ""}
"""Which slots may come behind which, to make one time of them."""


def _joined(last: _Said, token: _Said, text: str, words: _Words) -> _Said | None:
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


def _length(token: _Said, m: re.Match[str], text: str, words: _Words) -> bool:
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


def _resolved(text: str, said: list[_Said], anchor: date | None, words: _Words) -> list[Time]:
    times: list[Time] = []
    before: _Said | None = None
    for this in said:
        gap = text[before.span.end : this.span.start].strip() if before is not None else None
        near = gap is not None and this.span.start - before.span.end <= 2  # type: ignore[union-attr]
        if before is not None and near and (gap in words.joints or not gap):
            this = _inherit(before, this)
        time = _resolve(this, anchor)
        if gap in words.joints and times and times[-1].start and time.end and times[-1].kind == AT == time.kind:
            span = Span(times[-1].span.start, this.span.end)
            times[-1] = Time(span, times[-1].start, max(time.end, times[-1].start))
            before = replace(this, span=span)
            continue
        times.append(time)
        if this.slots != "x":
            before = this
    return times


def _inherit(before: _Said, this: _Said) -> _Said:
    """The second end of a stretch takes year and month from the first: 2025年2月4日至3月18日."""
    if this.year is None and this.offset is None and this.slots[0] in "mdpe":
        this = replace(this, year=before.year, offset=before.offset)
        if this.months is None and before.months is not None:
            this = replace(this, months=before.months, slots="md")
    return this


def _anchor(today: str | None) -> date | None:
    try:
        year, month, day = ([int(x) for x in (today or "").split("T")[0].split("-")] + [1, 1])[:3]
        return date(year, month, day)
    except ValueError:
        return None


def _resolve(said: _Said, anchor: date | None) -> Time:
    if said.kind == SAME:
        return Time(said.span, None, None, SAME, said.offset or 0)
    start, end = _ends(said, anchor)
    return Time(said.span, start, end, said.kind)


def _ends(said: _Said, anchor: date | None) -> tuple[str | None, str | None]:
    if said.named is not None:
        return said.named
    if said.year is not None:
        return _in_year(said, said.year)
    if anchor is None:
        return None, None
    if said.offset is not None:
        return _in_year(said, anchor.year + said.offset)
    if said.months is not None and said.relative is None:
        year = said.year if said.year is not None else anchor.year - (said.months[0] > anchor.month + _AHEAD)
        return _in_year(said, year)
    if said.slots == "d":
        month = anchor.replace(day=1) if (said.day or 0) <= anchor.day + 1 else _months_from(anchor, -1)
        return _day(month.year, month.month, said.day or 1)
    if said.kind == NOW:
        return anchor.isoformat()[:7], anchor.isoformat()[:7]
    if said.weekday is not None or said.relative is not None:
        return _relative(said, anchor)
    return None, None


def _in_year(said: _Said, year: int) -> tuple[str, str]:
    if said.months is None:
        last = said.last_year or year
        month = {"start": 1, "middle": 6, "end": 12}.get(said.edge or "")
        if month is not None:
            return f"{last}-{month:02d}", f"{last}-{month:02d}"
        return f"{year}", f"{last}"
    first, last = said.months
    if said.day is not None:
        return _day(year, first, said.day)
    last_year = year + (last < first)
    return f"{year}-{first:02d}", f"{last_year}-{last:02d}"


def _day(year: int, month: int, day: int) -> tuple[str, str]:
    day = min(day, calendar.monthrange(year, month)[1])
    return (f"{year}-{month:02d}-{day:02d}",) * 2


def _months_from(anchor: date, months: int) -> date:
    count = anchor.year * 12 + anchor.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)


def _relative(said: _Said, anchor: date) -> tuple[str, str]:
    kind, offset = said.relative or ("weeks", 0)
    if said.kind == SINCE:
        return (f"{anchor.year}-01-01" if kind == "year" else f"{anchor:%Y-%m}-01"), anchor.isoformat()
    if kind == "days":
        return ((anchor + timedelta(days=offset)).isoformat(),) * 2
    if kind == "months":
        month = _months_from(anchor, offset)
        return _day(month.year, month.month, said.day) if said.day else (f"{month:%Y-%m}",) * 2
    if kind == "quarters":
        first = _months_from(anchor, 3 * offset - (anchor.month - 1) % 3)
        return f"{first:%Y-%m}", f"{_months_from(first, 2):%Y-%m}"
    monday = anchor - timedelta(days=anchor.weekday()) + timedelta(weeks=offset)
    if said.weekday is not None:
        day = monday + timedelta(days=said.weekday)
        if said.relative is None and day > anchor:
            day -= timedelta(weeks=1)
        return (day.isoformat(),) * 2
    return monday.isoformat(), (monday + timedelta(days=6)).isoformat()

"""What is said resolved against the document's date: ends of a stretch, as exact as text and date allow."""

import calendar
from dataclasses import replace
from datetime import date, timedelta

from kg.model import Span
from kg.times.words import AT, NOW, SAME, SINCE, Said, Time, Words

_AHEAD = 4
"""A month without a year lies at most this many months ahead of the document, else in the year before."""


def resolved(text: str, said: list[Said], anchor: date | None, words: Words) -> list[Time]:
    times: list[Time] = []
    before: Said | None = None
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


def _inherit(before: Said, this: Said) -> Said:
    """The second end of a stretch takes year and month from the first: 2025年2月4日至3月18日."""
    if this.year is None and this.offset is None and this.slots[0] in "mdpe":
        this = replace(this, year=before.year, offset=before.offset)
        if this.months is None and before.months is not None:
            this = replace(this, months=before.months, slots="md")
    return this


def anchor(today: str | None) -> date | None:
    try:
        year, month, day = ([int(x) for x in (today or "").split("T")[0].split("-")] + [1, 1])[:3]
        return date(year, month, day)
    except ValueError:
        return None


def _resolve(said: Said, anchor: date | None) -> Time:
    if said.kind == SAME:
        return Time(said.span, None, None, SAME, said.offset or 0)
    start, end = _ends(said, anchor)
    return Time(said.span, start, end, said.kind)


def _ends(said: Said, anchor: date | None) -> tuple[str | None, str | None]:
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


def _in_year(said: Said, year: int) -> tuple[str, str]:
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


def _relative(said: Said, anchor: date) -> tuple[str, str]:
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

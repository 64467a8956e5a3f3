"""The date of a document, by the first of: what its source states, a dateline, its file's name, its text.

Works on folded text (simplified, half width, lower case). A date is ISO 8601: a day, a month or a year.
"""

import re
import tomllib
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from email.utils import parsedate_to_datetime
from functools import cache
from pathlib import PurePath

from kg import resources
from kg.errors import DataError
from kg.model import Span
from kg.text import fold

_CERTAINTY = {"front-matter": 1.0, "feed": 1.0, "metadata": 0.95, "dateline": 0.9, "file-name": 0.8}
_COMPACT = re.compile(r"(?<!\d)((?:19|20)\d\d)([01]\d)([0-3]\d)(?!\d|\.\d)")
_UNDERSCORED = re.compile(r"(?<!\d)((?:19|20)\d\d)_(\d\d)_(\d\d)(?!\d)")
_STAMP = re.compile(r"^((?:19|20)\d\d)([01]\d)([0-3]\d)\d{4,6}")
_RFC = re.compile(r"^(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,? )?\d{1,2} [a-z]{3,9} \d{4}\b")
_RFC_ALONE = re.compile(r"^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,? \d{1,2} [a-z]{3} \d{4}[^\n]{0,20}$", re.MULTILINE)
_YEAR = r"(?<!\d)(?:19|20)\d\d"
_HEAD = 1500


@dataclass(frozen=True, slots=True)
class Dated:
    date: str | None = None
    source: str | None = None
    certainty: float = 0.0

    @classmethod
    def stated(cls, value: str | None, source: str) -> "Dated":
        """What a source states; nothing when `value` holds no date."""
        found = parse(value) if value else None
        return cls(found, source, _CERTAINTY.get(source, 0.9)) if found else cls()


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    """The patterns of seeds/datelines.toml. Raises `DataError`."""
    path = resources.seeds() / "datelines.toml"
    try:
        with path.open("rb") as file:
            table = tomllib.load(file)
        return {key: re.compile(value.replace("{year}", _YEAR), re.MULTILINE) for key, value in table.items()}
    except (OSError, tomllib.TOMLDecodeError, re.error) as error:
        raise DataError(f"{path}: {error}: restore the file of this release") from error


def parse(value: str) -> str | None:
    """The ISO date in a field such as `2025-02-13 22:19`, `Mon, 06 Mar 2025 20:41 +0800`, `2025年2月`; else None."""
    value = fold(value.strip())
    if match := _patterns()["day"].search(value) or _COMPACT.search(value) or _STAMP.match(value):
        return _iso(*match.groups())
    if _RFC.match(value):
        try:
            return parsedate_to_datetime(value).date().isoformat()
        except (ValueError, TypeError, OverflowError):
            return None
    if (month := _patterns()["month"].search(value)) and 1 <= int(month[2]) <= 12:
        return f"{month[1]}-{int(month[2]):02}"
    year = _patterns()["only_year"].match(value)
    return year[1] if year else None


def resolve(name: str, folded: str, body: Span, stated: Dated) -> Dated:
    """The date of a document from all that is known, the surest first."""
    if stated.date:
        return stated
    head = folded[body.start : min(body.end, body.start + _HEAD)]
    if found := _dateline(head, folded, body):
        return Dated(found, "dateline", _CERTAINTY["dateline"])
    if found := _from_name(name):
        return Dated(found, "file-name", _CERTAINTY["file-name"])
    return _from_text("".join(map(str.strip, folded[body.start : body.end].split("\n"))))


def _iso(year: str, month: str, day: str) -> str | None:
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return None


def _dateline(head: str, folded: str, body: Span) -> str | None:
    alone = [*_RFC_ALONE.finditer(head), *_patterns()["alone"].finditer(head)]
    for match in sorted(alone, key=lambda m: m.start()):
        if found := parse(match[0].strip()):
            return found
    press = _patterns()["press"].search(head)
    if press and (year := _year(folded[body.start : body.end])):
        return _iso(year, press[1], press[2])
    return None


def _from_name(name: str) -> str | None:
    stem = PurePath(name.split("#", 1)[0]).name
    match = _patterns()["day"].search(stem) or _UNDERSCORED.search(stem) or _COMPACT.search(stem)
    return _iso(*match.groups()) if match else None


def _year(text: str) -> str | None:
    """The year a text speaks from: the latest that it names at least twice, else the one it names most."""
    counts = Counter(_patterns()["year_of_text"].findall(text))
    often = [year for year, count in counts.items() if count > 1]
    return max(often) if often else max(counts, key=lambda y: (counts[y], y), default=None)


def _from_text(text: str) -> Dated:
    year = _year(text)
    if year is None:
        return Dated()
    if match := _patterns()["until"].search(text):
        found = _iso(year, match[1], match[2])
        return Dated(found, "text", 0.6) if found else Dated(year, "text", 0.4)
    if found := _near_day(text, year):
        return Dated(found, "text", 0.6)
    months = [int(m) for m in _patterns()["this_month"].findall(text) if 1 <= int(m) <= 12]
    if months:
        return Dated(f"{year}-{max(months):02}", "text", 0.4)
    return Dated(year, "text", 0.4)


def _near_day(text: str, year: str) -> str | None:
    """Yesterday (the 31st) and the like: the month is that of the month-day dates around."""
    for key, shift in (("yesterday", 1), ("today", 0)):
        if match := _patterns()[key].search(text):
            months = Counter(m for m, _ in _patterns()["month_day"].findall(text))
            for month, _ in months.most_common():
                if found := _iso(year, month, match[1]):
                    return (date.fromisoformat(found) + timedelta(days=shift)).isoformat()
    return None

"""The words of times, from seeds/times.toml, and what words at one place say."""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from kg import resources
from kg.errors import DataError
from kg.model import Span
from kg.text import fold

AT, SINCE, SAME, NOW = "at", "since", "same", "now"


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
class Said:
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
class Words:
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
def load() -> Words:
    path = resources.seeds() / "times.toml"
    try:
        return _compile(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, tomllib.TOMLDecodeError, KeyError) as error:
        raise DataError(f"{path}: {error}; restore the file") from error


def _any(words: Iterable[str]) -> str:
    return "|".join(re.escape(fold(w)) for w in sorted(words, key=lambda w: (-len(w), w)))


def _compile(data: dict[str, Any]) -> Words:
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
    return Words(
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

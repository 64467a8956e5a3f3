"""The marks of seeds/layout.toml as compiled patterns. All match folded text."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from typing import Any

from kg import resources
from kg.errors import DataError

Pattern = re.Pattern[str]
_BEFORE = 6  # words that may stand before a role


@dataclass(frozen=True, slots=True)
class Marks:
    lines: tuple[tuple[str, Pattern], ...]
    """Kind of region and what its lines look like, in order of precedence."""
    running: tuple[tuple[str, Pattern], ...]
    numbers: Pattern
    listed: Pattern
    sourced: Pattern
    story: Pattern
    sections: Pattern
    stocks: Pattern
    statement: Pattern
    named: Pattern
    group: Pattern
    handle: Pattern
    reporter: Pattern
    byline: Pattern
    dispatch: Pattern
    part: Pattern
    lead: Pattern
    portrait: Pattern
    desk: Pattern
    edited: Pattern
    source: Pattern
    owned: Pattern
    sourced_within: Pattern
    dispatched: Pattern
    between: Pattern
    organization: Pattern
    generic: Pattern
    generic_tail: Pattern
    address: Pattern
    role: Pattern
    department: Pattern
    surnames: frozenset[str]
    compound_surnames: frozenset[str]
    not_names: frozenset[str]


@cache
def load() -> Marks:
    """The marks. Raises `DataError` when the file is not as it should be."""
    path = resources.seeds() / "layout.toml"
    try:
        with path.open("rb") as file:
            return _compile(tomllib.load(file))
    except (OSError, KeyError, tomllib.TOMLDecodeError, re.error) as error:
        raise DataError(f"{path}: {error}: restore the file of this release") from error


def _compile(table: dict[str, Any]) -> Marks:
    authors = table["authors"]
    return Marks(
        lines=tuple((kind, re.compile("|".join(patterns))) for kind, patterns in table["lines"].items()),
        running=tuple((kind, re.compile(pattern)) for kind, pattern in table["running"].items()),
        **{key: re.compile(pattern) for key, pattern in table["shapes"].items()},
        sections=re.compile(f"(?:{_either(table['sections']['words'])})$"),
        stocks=re.compile(table["sections"]["stocks"]),
        **{key: re.compile(authors[key]) for key in _AUTHOR_PATTERNS},
        **{key: re.compile(pattern) for key, pattern in table["credits"].items()},
        role=re.compile(f"(?:{_either(authors['before_roles'])}){{0,{_BEFORE}}}(?:{_either(authors['roles'])})$"),
        department=re.compile(authors["departments"]),
        surnames=frozenset(authors["surnames"]),
        compound_surnames=frozenset(authors["compound_surnames"]),
        not_names=frozenset(authors["not_names"]),
    )


_AUTHOR_PATTERNS = (
    *("statement", "named", "group", "handle", "reporter", "byline", "dispatch"),
    *("part", "lead", "portrait", "desk"),
)


def _either(words: list[str]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))

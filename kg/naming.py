"""seeds/names.toml: endings, titles and other words by which names are found, classed and shortened."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache

from kg import resources
from kg.errors import DataError
from kg.text import fold
from kg.text import words as words_of

KNOWN = "known"
"""The finder of mentions whose only candidate is what they mean, by how they are built."""


@dataclass(frozen=True, slots=True)
class NameRules:
    endings: tuple[tuple[str, str], ...]
    """(ending, class), the longest first."""
    tags: dict[str, str]
    """LAC's tag → person, place or organization."""
    tag_confidence: dict[str, float]
    person_minimum: int
    joins: tuple[str, ...]
    quotes: dict[str, str]
    quoted_classes: frozenset[str]
    quoted_confidence: float
    quoted_longest: int
    stop: frozenset[str]
    introducers: tuple[str, ...]
    droppable: tuple[str, ...]
    determiners: tuple[str, ...]
    references: dict[str, tuple[str, ...]]
    titles: tuple[str, ...]
    short_by_ending: frozenset[str]
    """Classes of which the end of one longer name is its short form."""
    short_behind_place: frozenset[str]
    """Classes of which that holds where what stands before it is a place."""
    short_in_latin: frozenset[str]
    """Classes of which that holds where it is a name of Latin letters behind Chinese."""
    particle: str
    """What may stand between a place and what is there."""
    parting: tuple[str, ...]
    """What before its end makes a longer name another thing than the end."""
    never_by_name: frozenset[str]
    own_short: frozenset[str]
    """Classes of which a list's short name is no other's longer one."""
    tails: tuple[tuple[str, frozenset[str]], ...]
    """(tail, classes): X and the tail are X where X is of these classes, the longest first."""
    industry_endings: tuple[str, ...]
    sure_endings: tuple[tuple[str, str], ...]
    lists: tuple[dict[str, str], ...]
    """Names of one character in lists: the character → the full name, one dictionary a kind of list."""
    kind_of: dict[str, str]
    """Every word that looks back, with what kind of thing it means."""
    referring: frozenset[str]
    phrasing: frozenset[str]
    """What phrases hold rather than names."""
    author: re.Pattern[str]
    """The words, as group 1, by which a text speaks of its author."""
    press: tuple[str, ...]
    """What posts of a newsroom hold."""

    def sure_class_of(self, folded: str) -> str | None:
        """The class that a name's ending tells against other readings."""
        return next((cls for ending, cls in self.sure_endings if folded.endswith(ending) and folded != ending), None)

    def class_of(self, folded: str) -> str | None:
        """The class that a name's ending tells."""
        return next((cls for ending, cls in self.endings if folded.endswith(ending) and folded != ending), None)


def _folded(words: list[str]) -> tuple[str, ...]:
    return tuple(sorted({fold(w) for w in words}, key=lambda w: (-len(w), w)))


def _kinds(references: dict[str, list[str]], pointing: dict[str, list[str]]) -> dict[str, str]:
    """References, and every pointing word (该, 本, 上述) with every word for a kind of thing behind it."""
    found = {fold(word): kind for kind, words in references.items() for word in words}
    for kind, words in pointing.items():
        if kind != "words":
            found |= {fold(point + word): kind for point in pointing["words"] for word in words}
    return found


@cache
def load() -> NameRules:
    """Raises DataError where the file does not have the form it should."""
    path = resources.seeds() / "names.toml"
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        endings = [(fold(word), cls) for cls, words in raw["endings"].items() for word in words]
        sure = [(fold(word), cls) for cls, words in raw["sure_endings"].items() for word in words]
        quoted = raw["quoted"]
        kind_of = _kinds(raw["reference"], raw["looking_back"])
        return NameRules(
            endings=tuple(sorted(endings, key=lambda pair: (-len(pair[0]), pair))),
            tags={tag: kind for kind, tags in raw["tags"].items() for tag in tags},
            tag_confidence=dict(raw["tagger"]["confidence"]),
            person_minimum=raw["tagger"]["person_minimum"],
            joins=_folded(raw["joins"]["words"]),
            quotes=dict(zip(map(fold, quoted["open"]), map(fold, quoted["close"]), strict=True)),
            quoted_classes=frozenset(quoted["classes"]),
            quoted_confidence=quoted["confidence"],
            quoted_longest=quoted["longest"],
            stop=frozenset(_folded(raw["stop"]["words"])),
            introducers=_folded(raw["definition"]["introducers"]),
            droppable=_folded(raw["short"]["droppable"]),
            determiners=_folded(raw["short"]["determiners"]),
            references={kind: _folded(words) for kind, words in raw["reference"].items()},
            titles=_folded(raw["titles"]["words"]),
            particle=fold(raw["short"]["particle"]),
            short_by_ending=frozenset(raw["short"]["ending"]),
            short_behind_place=frozenset(raw["short"]["behind_place"]),
            short_in_latin=frozenset(raw["short"]["in_latin"]),
            parting=_folded(raw["short"]["parting"]),
            never_by_name=frozenset(raw["short"]["never"]),
            own_short=frozenset(raw["short"]["own"]),
            tails=tuple(
                sorted(
                    ((fold(word), frozenset(tail["classes"])) for tail in raw["tail"] for word in tail["words"]),
                    key=lambda pair: (-len(pair[0]), pair[0]),
                )
            ),
            industry_endings=_folded(raw["industry"]["endings"]),
            sure_endings=tuple(sorted(sure, key=lambda pair: (-len(pair[0]), pair))),
            lists=tuple({fold(c): name for c, name in group.items()} for group in raw["lists"].values()),
            kind_of=kind_of,
            referring=frozenset(kind_of),
            phrasing=frozenset(_folded(raw["phrasing"]["words"])),
            author=words_of(raw["author"]["words"], raw["author"]["except"]),
            press=_folded(raw["author"]["press"]),
        )
    except (OSError, tomllib.TOMLDecodeError, KeyError, ValueError) as error:
        raise DataError(f"{path}: {error!r}; see seeds/README.md for its form") from error

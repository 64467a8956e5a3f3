"""seeds/names.toml: endings, titles and other words by which names are found, classed and shortened."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache

from kg import resources
from kg.errors import DataError
from kg.text import fold


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

    def class_of(self, folded: str) -> str | None:
        """The class that a name's ending tells."""
        return next((cls for ending, cls in self.endings if folded.endswith(ending) and folded != ending), None)


def _folded(words: list[str]) -> tuple[str, ...]:
    return tuple(sorted({fold(w) for w in words}, key=lambda w: (-len(w), w)))


@cache
def load() -> NameRules:
    """Raises DataError where the file does not have the form it should."""
    path = resources.seeds() / "names.toml"
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        endings = [(fold(word), cls) for cls, words in raw["endings"].items() for word in words]
        quoted = raw["quoted"]
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
        )
    except (OSError, tomllib.TOMLDecodeError, KeyError, ValueError) as error:
        raise DataError(f"{path}: {error!r}; see seeds/README.md for its form") from error

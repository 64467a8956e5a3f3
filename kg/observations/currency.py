"""Whose yuan a bare one is: by the words around it, never by the script that the text is written in.

Words that tell of a country are in seeds/indicators.toml; text is in the folded form.
"""

import re
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache

from kg import resources
from kg.errors import DataError
from kg.text import fold


@dataclass(frozen=True, slots=True)
class _Words:
    cues: re.Pattern[str]
    codes: dict[str, str]
    """ISO code by cue."""
    default: str


@cache
def _words() -> _Words:
    path = resources.seeds() / "indicators.toml"
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))["yuan"]
        codes = {fold(word): code for code, words in data["cues"].items() for word in words}
        names = "|".join(re.escape(w) for w in sorted(codes, key=lambda w: (-len(w), w)))
        return _Words(re.compile(names), codes, data["default"])
    except (OSError, tomllib.TOMLDecodeError, KeyError) as error:
        raise DataError(f"{path}: {error}; restore the file") from error


def currency(sentence: str, article: str, document: str) -> str:
    """The ISO code of a bare yuan: that of the only country its sentence tells of, else the article's or document's.

    `document` is as it was read, the others are folded.
    """
    told = _told(sentence)
    if len(told) == 1:
        return next(iter(told))
    return _home(article) or _home(fold(document)) or _words().default


def _told(text: str) -> dict[str, int]:
    """How often each currency's country is told of."""
    words, counts = _words(), dict[str, int]()
    for cue in words.cues.findall(text):
        code = words.codes[cue]
        counts[code] = counts.get(code, 0) + 1
    return counts


@lru_cache(maxsize=8)
def _home(text: str) -> str | None:
    """The currency whose country a text tells of most; None where it tells of none, or of two as much."""
    ranked = sorted(_told(text).items(), key=lambda pair: -pair[1])
    tied = len(ranked) > 1 and ranked[0][1] == ranked[1][1]
    return None if tied or not ranked else ranked[0][0]

"""Names of one character that stand in a list: 工、農、中、建、交 are five banks, 中、美、日 three countries.

Which characters and what they mean is in seeds/names.toml, section lists.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from kg import naming
from kg.lexicon import Lexicon
from kg.model import Mention, Span
from kg.naming import KNOWN
from kg.text import fold

_CONFIDENCE = 0.8
_BETWEEN = "、"
_LEAST = 3
_LEAST_UNBROKEN = 4


def find(text: str, lexicon: Lexicon) -> list[Mention]:
    """A mention for each character of a list of three or more, or of four or more that stand unbroken in order."""
    folded = fold(text)
    found: list[Mention] = []
    taken = 0
    for pattern, names in _patterns():
        for match in pattern.finditer(folded):
            if match.start() < taken:
                continue
            taken = match.end()
            for at in range(match.start(), match.end()):
                ids = lexicon.lookup(names.get(folded[at], ""))[0]
                if ids:
                    span = Span(at, at + 1)
                    cls = lexicon.entries[ids[0]].cls
                    found.append(Mention(span, text[at : at + 1], cls, KNOWN, _CONFIDENCE, ids[:1]))
    return found


@cache
def _patterns() -> list[tuple[re.Pattern[str], Mapping[str, str]]]:
    made: list[tuple[re.Pattern[str], Mapping[str, str]]] = []
    for names in naming.load().lists:
        one = f"[{''.join(names)}]"
        separated = rf"(?<![\w{_BETWEEN}]){one}(?:{_BETWEEN}{one}){{{_LEAST - 1},}}(?![{_BETWEEN}])"
        unbroken = "".join(f"{c}?" for c in names)
        made.append((re.compile(separated), names))
        made.append((re.compile(rf"(?={one}{{{_LEAST_UNBROKEN}}}){unbroken}"), names))
    return made

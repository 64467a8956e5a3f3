"""The normal form for matching, and sentences and clauses by offsets.

`fold` maps every character to one character, so offsets in the folded text are offsets in the text.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import pairwise

from opencc import OpenCC

from kg.model import Span

_SENTENCE_END = "。！？!?；;\n"
_CLOSING = "」』”’）)】》〉\"'"
_CLAUSE = re.compile(r"[，,：:]")
_NUMBER_COMMA = re.compile(r"(?<=\d),(?=\d{3})")
_KEPT = 8192
_QUOTES = str.maketrans("「」『』﹁﹂﹃﹄〝〞", "“”‘’“”‘’“”")


@cache
def _table(lower: bool) -> dict[int, str]:
    """One character to one character: simplified (OpenCC hk2s), half width, compatibility forms, lower case."""
    to_simplified = OpenCC("hk2s").convert
    table: dict[int, str] = {}
    blocks = [(0x3400, 0xA000), (0xF900, 0xFB00), (0x20000, 0x2A6E0), (0x2F800, 0x2FA20)]
    # One character a line: OpenCC then converts each by itself, not as part of a phrase.
    points = [p for start, end in blocks for p in range(start, end)]
    plain = [unicodedata.normalize("NFKC", chr(p)) for p in points]
    folded = to_simplified("\n".join(plain)).split("\n")
    for point, simple in zip(points, folded, strict=True):
        if len(simple) == 1 and simple != chr(point):
            table[point] = simple
    for point in (*range(0x20, 0x3000), *range(0xFE30, 0xFE50), *range(0xFF01, 0xFFE7), 0x3000):
        char = chr(point)
        simple = unicodedata.normalize("NFKC", char)
        simple = simple if len(simple) == 1 else char
        if lower and len(simple.lower()) == 1:
            simple = simple.lower()
        if simple != char:
            table[point] = simple
    table.update({point: chr(target) for point, target in _QUOTES.items()})
    return table


def fold(text: str) -> str:
    """`text` in the form names are compared in: simplified, half width, lower case, of the same length."""
    return _folded(text) if len(text) <= _KEPT else text.translate(_table(True))


@lru_cache(maxsize=1024)
def _folded(text: str) -> str:
    """Every stage folds the article and its names: what is not long is kept."""
    return text.translate(_table(True))


def words(listed: Sequence[str], excepted: Sequence[str] = ()) -> re.Pattern[str]:
    """Any of the words, as group 1, where none of the excepted ones (consumed first) stands."""
    longest = sorted({fold(w) for w in listed}, key=lambda w: (-len(w), w))
    skipped = sorted({fold(w) for w in excepted}, key=lambda w: (-len(w), w))
    one_of = f"({'|'.join(map(re.escape, longest))})"
    return re.compile(f"(?:{'|'.join(map(re.escape, skipped))})|{one_of}" if skipped else one_of)


def simplify(text: str) -> str:
    """Like `fold`, with capitals kept."""
    return text.translate(_table(False))


def sentences(text: str, start: int = 0, end: int | None = None) -> list[Span]:
    """Sentences of `text[start:end]`, without surrounding blanks. Closing quotes stay with their sentence."""
    stop = len(text) if end is None else end
    spans, begin, i = [], start, start
    while i < stop:
        if text[i] in _SENTENCE_END:
            i += 1
            while i < stop and (text[i] in _CLOSING or text[i] in "。！？!?"):
                i += 1
            spans.append(_trim(text, begin, i))
            begin = i
        else:
            i += 1
    spans.append(_trim(text, begin, stop))
    return [s for s in spans if s]


def clauses(text: str, span: Span) -> list[Span]:
    """Parts of a sentence between commas and colons, the mark with the part before it."""
    cuts = [m.end() for m in _CLAUSE.finditer(text, span.start, span.end) if not _NUMBER_COMMA.match(text, m.start())]
    edges = [span.start, *cuts, span.end]
    return [s for s in (_trim(text, a, b) for a, b in pairwise(edges)) if s]


def _trim(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end)

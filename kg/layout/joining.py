"""Where a line goes on with the paragraph before it.

In text broken into columns, lines are joined unless something says that a paragraph or a headline ends; where
lines are whole paragraphs, they are kept apart unless one is plainly cut in two by a column or page break.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from kg.layout.lines import Line
from kg.layout.marks import Pattern

_CLOSING = "”’)】》〉]\"'」』"
_ENDS = frozenset("。!?;…")
INNER = re.compile("[。,;:!?]")
_OPEN = {"“": "”", "‘": "’", "(": ")", "《": "》", "〈": "〉", "【": "】"}
_BRACKETS = re.compile(f"[{''.join([*_OPEN, *_OPEN.values()])}]")
_HAN = re.compile("[㐀-鿿]")
_LONGEST_OPEN = 160
_LONGEST_ASIDE = 16
_ASIDE = re.compile(rf"(?<=[。!?…”])\s?\([^()]{{1,{_LONGEST_ASIDE}}}\)$")
_REACHES = (20, 12, 8, 5)  # lines around a place that tell its column: fewer where columns of two widths alternate
_ROOM = 2.0  # characters free at a line's end, into which the next one would have fitted
_WIDER = 8.0  # characters by which neighbouring columns differ at most
_WIDEST = 60  # characters in a column's line
_INDENT = 2  # characters that a paragraph's first line stands in


@dataclass(frozen=True, slots=True)
class Seam:
    """The place between a paragraph so far and the next line. `ahead` are the lines after that."""

    text: str
    """The paragraph so far, without the middle of a very long one."""
    count: int
    """Its lines."""
    before: Line
    line: Line
    ahead: Sequence[Line]
    column: float
    """Width of the column, 0 where lines are whole paragraphs."""
    inside: bool
    """The block before the paragraph is a paragraph too, and close."""


class Joiner:
    """Decides for the lines of a page; with `broken_only`, never between whole paragraphs."""

    def __init__(self, lines: Sequence[Line], listed: Pattern, *, broken_only: bool) -> None:
        self.lines = lines
        self.listed = listed
        self.broken_only = broken_only

    @cached_property
    def known(self) -> frozenset[str]:
        """Pairs of characters that stand together somewhere: a seam that makes such a pair is likely a cut word."""
        return frozenset(a + b for line in self.lines for a, b in pairwise(line.text) if _HAN.match(a))

    def joins(self, seam: Seam) -> bool:
        line, before = seam.line, seam.before
        if line.level or before.level or line.rule or line.item or _bracketed(seam.text):
            return False
        if seam.column:
            return self._in_column(seam)
        return not self.broken_only and not (line.indent and not before.indent) and self._cut_across(seam)

    def _cut_across(self, seam: Seam) -> bool:
        """A paragraph of a whole-paragraph text that a column or page break cut in two."""
        text, line, width = seam.text, seam.line, seam.before.width
        if ends(text) or self.listed.match(line.text):
            return False
        if text[-1] in ":)*":
            return len(text) > 20 and _opened(text)
        if width < 20 or not INNER.search(text):
            if len(text) > 20 and _opened(text):
                return True
            if width < 10 or line.width < 30 or line.blank > 2:
                return False
            return self._makes_a_word(seam) or ("," in text and seam.inside)
        short = line.width <= 32 and not INNER.search(line.text)
        return not short and line.width >= 6

    def _in_column(self, seam: Seam) -> bool:
        before, line, column = seam.before, seam.line, seam.column
        if seam.ahead:  # two lines as wide tell more than the page around
            column = max(column, min(line.width, seam.ahead[0].width, column + _WIDER))
        reach = before.width + (_INDENT if seam.count == 1 else 0)
        gap = line.blank > 0
        if ends(before.text):
            if _bracketed(line.text) or line.width > column + 2.6:
                return False
            return reach >= column - 1.1 and not gap and not line.indent and line.width >= column - 1.1
        if _opened(seam.text):
            return True
        if _drop_cap(line, seam.ahead, column):
            return False
        if seam.count == 1 and _headlike(before, column):
            begun = before.width >= 0.7 * column and line.width >= column - 1.1 and not line.indent
            begun = begun and (reach >= max(column, line.width) - _ROOM or not _HAN.match(line.text))
            begun = begun and not (seam.ahead and _stands_in(line, seam.ahead[0]))
            if gap:
                begun = begun and before.width >= column - 2.6 and self._makes_a_word(seam)
            if not begun and not _drop_cap(before, [line, *seam.ahead], column):
                return False
        if not _headlike(line, column) or (seam.count == 1 and before.width < 0.85 * column):
            return True
        return not _begins_anew(seam) and not _stands_alone(seam)

    def _makes_a_word(self, seam: Seam) -> bool:
        return seam.text[-1] + seam.line.text[0] in self.known


def ends(text: str) -> bool:
    """Whether `text` ends a sentence, closing quotes and brackets aside, and a source in brackets behind it."""
    if text.endswith(")"):
        text = _ASIDE.sub("", text[-2 * _LONGEST_ASIDE :])
    text = text[-12:].rstrip(_CLOSING)
    return bool(text) and text[-1] in _ENDS


def columns(lines: Sequence[Line], texts: Sequence[bool]) -> list[float]:
    """For each line the width of the column that it stands in, or 0 where lines are whole paragraphs."""
    widths = [line.width if text and line.width >= 8 else 0.0 for line, text in zip(lines, texts, strict=True)]
    open_ended = [w if w and not ends(line.text) else 0.0 for w, line in zip(widths, lines, strict=True)]
    found: list[float] = []
    step, value = 5, 0.0
    for i in range(len(lines)):
        if i % step == 0:
            for reach in _REACHES:
                low, high = max(0, i - reach), i + reach + step
                value = _column([w for w in widths[low:high] if w], [w for w in open_ended[low:high] if w])
                if value or max(widths[low:high]) > _WIDEST:
                    break
        found.append(value)
    return found


def _column(widths: list[float], unfinished: list[float]) -> float:
    if len(unfinished) < 3 or len(unfinished) < 0.45 * len(widths):
        return 0.0
    counts = Counter(round(w) for w in unfinished)
    best = max(counts, key=lambda w: (counts[w - 1] + 2 * counts[w] + counts[w + 1], w))
    near = sum(abs(w - best) <= 1.6 for w in unfinished)
    return float(best) if best <= _WIDEST and near >= 0.5 * len(unfinished) else 0.0


def _bracketed(text: str) -> bool:
    """Whether all of a block stands in brackets that are closed."""
    return text[0] in "([【〔" and text[-1] in ")]】〕" and not _opened(text)


def _begins_anew(seam: Seam) -> bool:
    """Whether a headline-like line is one: what comes after it begins a paragraph."""
    line, column = seam.line, seam.column
    after = seam.ahead[0] if seam.ahead else None
    if after is None or ends(line.text) or line.width > column - 2.6:
        return False
    begins = column - 2.6 <= after.width <= column - 1.2 or after.width <= 0.3 * column
    return begins and (line.blank > 0 or after.blank == 0)


def _stands_alone(seam: Seam) -> bool:
    """A short line between blank lines, behind a full one, that ends no sentence: the name of a column."""
    line = seam.line
    between = line.blank > 0 and bool(seam.ahead) and seam.ahead[0].blank > 0
    return between and line.width <= 0.5 * seam.column <= 0.625 * seam.before.width and not ends(line.text)


def _stands_in(line: Line, after: Line) -> bool:
    """Whether `line` begins a paragraph: the line after it is longer, though its first character had room before."""
    return not after.blank and line.width <= after.width - 1.6 and bool(_HAN.match(after.text))


def _headlike(line: Line, column: float) -> bool:
    return line.width <= max(0.85 * column, column - 2) and not INNER.search(line.text)


def _drop_cap(line: Line, ahead: Sequence[Line], column: float) -> bool:
    """Whether a paragraph begins at `line` with a large letter that makes its first lines narrow, the first most."""
    if not ahead or line.width > 0.3 * column or ends(line.text):
        return False
    if ahead[0].width > 0.5 * column or line.width >= ahead[0].width:
        return False
    widest = line.width
    for following in ahead:
        if following.width >= 0.8 * column:
            return True
        if ends(following.text) or following.width < widest - 0.6:
            return False
        widest = max(widest, following.width)
    return False


def _opened(text: str) -> bool:
    """Whether a bracket or quote is still open at the end of `text`."""
    waiting: list[str] = []
    for char in _BRACKETS.findall(text[-_LONGEST_OPEN:]):
        if char in _OPEN:
            waiting.append(_OPEN[char])
        elif waiting and char == waiting[-1]:
            waiting.pop()
    return bool(waiting)

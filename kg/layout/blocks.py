"""Lines to blocks: what belongs to no article is set apart by its marks, the rest is joined where it was broken."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from kg.layout.lines import Line
from kg.layout.marks import Marks

TEXT, HEAD = "text", "head"

_CLOSING = "”’)】》〉]\"'」』"
_ENDS = frozenset("。!?;…")
_INNER = re.compile("[。,;:!?]")
_LOOSE = re.compile("[。;]")
_NUMBERS = re.compile(r"[\d\s.,%+\-–()/年月日季度至起止q:$]+$")
_LISTED = re.compile(r"[(]?(?:[一二三四五六七八九十]{1,3}[、.)]|\d{1,2}(?:[、)]|\.(?!\d)))|[•●■◆※◎○□·*]")
_OPEN = {"“": "”", "‘": "’", "(": ")", "《": "》", "〈": "〉", "【": "】"}
_HAN = re.compile("[㐀-鿿]")
_LONGEST_OPEN = 160
_PARTING = frozenset({"date", "contact"})  # what no paragraph goes on behind


@dataclass(slots=True)
class Block:
    """Lines that belong together. `kind` is `text`, `head`, or the kind of region that it is."""

    kind: str
    lines: list[Line]

    @property
    def text(self) -> str:
        return "".join(line.text for line in self.lines)

    @property
    def first(self) -> Line:
        return self.lines[0]

    @property
    def last(self) -> Line:
        return self.lines[-1]


def blocks_of(lines: Sequence[Line], marks: Marks, *, broken_only: bool) -> list[Block]:
    """The blocks, in the document's order. With `broken_only`, lines far apart are never joined."""
    kinds = _kinds(lines, marks)
    columns = _columns(lines, kinds)
    known = _bigrams(lines) if not broken_only else frozenset()
    blocks: list[Block] = []
    current: Block | None = None
    inside = False  # the block before this one is a paragraph
    for i, (line, kind) in enumerate(zip(lines, kinds, strict=True)):
        if kind != TEXT:
            if blocks and blocks[-1].kind == kind and blocks[-1].last is lines[i - 1]:
                blocks[-1].lines.append(line)
            else:
                blocks.append(Block(kind, [line]))
            if kind in _PARTING:
                current = None
            continue
        after = next((lines[k] for k in range(i + 1, len(lines)) if kinds[k] == TEXT), None)
        if current is not None and _continues(current, line, after, columns[i], known, inside):
            current.lines.append(line)
        else:
            inside = current is not None and blocks[-1] is current and current.last.width > 20
            current = Block(TEXT, [line])
            blocks.append(current)
    for block in blocks:
        if block.kind == TEXT and is_head(block):
            block.kind = HEAD
    return blocks


def is_head(block: Block) -> bool:
    """Whether a block by itself could be a heading: short, one or two lines, no sentence."""
    text = block.text
    if block.first.level:
        return block.first.level < 7 or not ends(text)
    width = sum(line.width for line in block.lines)
    if len(block.lines) > 2 or width > 60 or block.first.item or not _HAN.search(text) and width < 2:
        return False
    if text[-1] in "。,、;:" or _LOOSE.search(text):
        return False
    return width <= 32 or (width <= 60 and "," not in text)


def ends(text: str) -> bool:
    """Whether `text` ends a sentence, closing quotes and brackets aside."""
    text = text.rstrip(_CLOSING)
    return bool(text) and text[-1] in _ENDS


def _kinds(lines: Sequence[Line], marks: Marks) -> list[str]:
    kinds = [_kind(line, marks) for line in lines]
    _narrow_runs(lines, kinds)
    for i, line in enumerate(lines):
        for kind, pattern in marks.running:
            if kinds[i] == kind and pattern.search(line.text):
                _run_on(lines, kinds, i, kind)
    _charts(lines, kinds)
    return kinds


def _kind(line: Line, marks: Marks) -> str:
    if line.level and line.level < 7:
        return TEXT
    if line.captions:
        return "caption"
    if line.link and line.width <= 12:
        return "contact"
    if _NUMBERS.match(line.text):
        return "number"
    if line.width > 120:
        return TEXT
    for kind, pattern in marks.lines:
        if pattern.search(line.text):
            return kind
    return TEXT


def _narrow_runs(lines: Sequence[Line], kinds: list[str]) -> None:
    """Captions printed one character a line."""
    i = 0
    while i < len(lines):
        k = i
        while k < len(lines) and (lines[k].width <= 2 or (k > i and lines[k].width <= 3 and not _HAN.search(lines[k].text))):
            k += 1
        if k - i >= 4 and sum(bool(_HAN.search(line.text)) for line in lines[i:k]) >= 3:
            kinds[i:k] = ["caption"] * (k - i)
        i = max(k, i + 1)


def _run_on(lines: Sequence[Line], kinds: list[str], i: int, kind: str) -> None:
    while i + 1 < len(lines) and not ends(lines[i].text) and not lines[i + 1].blank and kinds[i + 1] == TEXT:
        i += 1
        kinds[i] = kind


def _charts(lines: Sequence[Line], kinds: list[str]) -> None:
    """Runs of bare numbers, sources and notes, with the short lines among and before them."""
    marked = [i for i, kind in enumerate(kinds) if kind in ("number", "chart")]
    for i in marked:
        neighbours = [k for k in (i - 1, i + 1) if 0 <= k < len(lines)]
        alone = not any(kinds[k] in ("number", "chart") for k in neighbours)
        kinds[i] = "chart" if kinds[i] == "chart" or not alone else TEXT
    i = 0
    while i < len(lines):
        if kinds[i] != "chart":
            i += 1
            continue
        k = i
        for m in range(i + 1, min(len(lines), k + 60)):
            if kinds[m] == "chart":
                k = m
            elif not _label(lines[m]) or m - k > 2:
                break
        kinds[i : k + 1] = ["chart"] * (k + 1 - i)
        before = i - 1
        if before >= 0 and kinds[before] == TEXT and _label(lines[before]) and not lines[before].level:
            kinds[before] = "chart"
        after = k + 1
        while after < len(lines) and k - i >= 4 and kinds[after] == TEXT and lines[after].blank and _legend(lines, after):
            kinds[after] = "chart"
            after += 1
        i = after


def _label(line: Line) -> bool:
    return line.width <= 24 and not _INNER.search(line.text)


def _legend(lines: Sequence[Line], i: int) -> bool:
    """A short line between blank lines."""
    followed = i + 1 >= len(lines) or lines[i + 1].blank > 0
    return followed and lines[i].width <= 12 and _label(lines[i])


def _columns(lines: Sequence[Line], kinds: Sequence[str]) -> list[float]:
    """For each line the width of the column that it stands in, or 0 where lines are whole paragraphs."""
    widths = [line.width if kind == TEXT and line.width >= 8 else 0.0 for line, kind in zip(lines, kinds, strict=True)]
    open_ended = [w if w and not ends(line.text) else 0.0 for w, line in zip(widths, lines, strict=True)]
    columns: list[float] = []
    reach, step, value = 20, 5, 0.0
    for i in range(len(lines)):
        if i % step == 0:
            low, high = max(0, i - reach), i + reach + step
            value = _column([w for w in widths[low:high] if w], [w for w in open_ended[low:high] if w])
        columns.append(value)
    return columns


def _column(widths: list[float], unfinished: list[float]) -> float:
    if len(unfinished) < 3 or len(unfinished) < 0.45 * len(widths):
        return 0.0
    counts = Counter(round(w) for w in unfinished)
    best = max(counts, key=lambda w: (counts[w - 1] + 2 * counts[w] + counts[w + 1], w))
    near = sum(abs(w - best) <= 1.6 for w in unfinished)
    return float(best) if best <= 60 and near >= 0.5 * len(unfinished) else 0.0


def _continues(block: Block, line: Line, after: Line | None, column: float, known: frozenset[str], inside: bool) -> bool:
    before = block.last
    if line.level or before.level or line.rule or line.item or (line.indent and not before.indent and column == 0):
        return False
    if _bracketed(block.text):
        return False
    if column == 0:
        return bool(known) and _cut_across(block, line, known, inside)
    return _in_column(block, line, after, column, known)


def _bigrams(lines: Sequence[Line]) -> frozenset[str]:
    """Pairs of letters that stand together somewhere: a seam that makes such a pair is likely a cut word."""
    return frozenset(a + b for line in lines for a, b in zip(line.text, line.text[1:], strict=False) if _HAN.match(a))


def _bracketed(text: str) -> bool:
    """Whether all of a block stands in brackets that are closed."""
    return text[0] in "([【〔" and text[-1] in ")]】〕" and not _opened(text)


def _cut_across(block: Block, line: Line, known: frozenset[str], inside: bool) -> bool:
    """A paragraph of a whole-paragraph text that a column or page break cut in two."""
    text = block.text
    if ends(text) or _LISTED.match(line.text):
        return False
    if text[-1] in ":)*":
        return len(text) > 20 and _opened(text)
    if block.last.width < 20 or not _INNER.search(text):
        if len(text) > 20 and _opened(text):
            return True
        if block.last.width < 10 or line.width < 30 or line.blank > 2:
            return False
        return text[-1] + line.text[0] in known or ("," in text and inside and block.first.blank < 2)
    short = line.width <= 32 and not _INNER.search(line.text)
    return not short and line.width >= 6


def _in_column(block: Block, line: Line, after: Line | None, column: float, known: frozenset[str]) -> bool:
    before, alone = block.last, len(block.lines) == 1
    full = before.width >= 0.85 * column
    gap = line.blank > 0
    if ends(before.text):
        return full and not gap and not line.indent and line.width >= column - 0.6 and before.width >= column - 1.1
    if _opened(block.text):
        return True
    if alone and _headlike(before, column):
        begun = before.width >= 0.7 * column and line.width >= column - 1.1 and not line.indent
        if gap:
            begun = begun and before.width >= column - 2.6 and before.text[-1] + line.text[0] in known
        if not begun and not _drop_cap(before, line, after, column):
            return False
    if not _headlike(line, column):
        return True
    if not full:
        return alone or not _apart(line, after, column)
    return not _apart(line, after, column)


def _apart(line: Line, after: Line | None, column: float) -> bool:
    """Whether a headline-like line is one: what comes after it begins a paragraph."""
    if after is None or ends(line.text) or line.width > column - 2.6:
        return False
    begins = column - 2.6 <= after.width <= column - 1.2 or after.width <= 0.3 * column
    return begins and (line.blank > 0 or after.blank == 0)


def _headlike(line: Line, column: float) -> bool:
    return line.width <= max(0.85 * column, column - 2) and not _INNER.search(line.text)


def _drop_cap(line: Line, next_line: Line, after: Line | None, column: float) -> bool:
    """Whether a large first letter made the first lines of a paragraph narrow: the first the narrowest."""
    if line.width > 0.3 * column or next_line.width > 0.65 * column or ends(next_line.text):
        return False
    return next_line.width > line.width and after is not None and after.width > next_line.width - 1


def _opened(text: str) -> bool:
    """Whether a bracket or quote is still open at the end of `text`."""
    waiting: list[str] = []
    for char in text[-_LONGEST_OPEN:]:
        if char in _OPEN:
            waiting.append(_OPEN[char])
        elif waiting and char == waiting[-1]:
            waiting.pop()
    return bool(waiting)

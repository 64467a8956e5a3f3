"""Lines to blocks: what belongs to no article is set apart by its marks, the rest is joined where it was broken."""

import re
from collections.abc import Sequence

from kg.layout.joining import INNER, Joiner, Seam, columns, ends
from kg.layout.lines import Line
from kg.layout.marks import Marks

TEXT, HEAD = "text", "head"

_LOOSE = re.compile("[。;]")
_HAN = re.compile("[㐀-鿿]")
_AHEAD = 6
_BRIEF = 1000  # characters
_TELLING = 3  # lines
_PARTING = frozenset({"date", "contact"})  # what no paragraph goes on behind


class Block:
    """Lines that belong together. `kind` is `text`, `head`, or the kind of region that it is."""

    __slots__ = ("_text", "_widest", "brief", "kind", "lines")
    _text: str | None
    _widest: float
    brief: str
    """`text`, without the middle of a very long one."""

    def __init__(self, kind: str, lines: list[Line]) -> None:
        self.kind = kind
        self.set(lines)

    def add(self, line: Line) -> None:
        self.lines.append(line)
        self._text = None
        self.brief += line.text
        if len(self.brief) > 2 * _BRIEF:
            self.brief = self.brief[:_BRIEF] + self.brief[-_BRIEF:]
        self._widest = max(self._widest, line.width)

    def set(self, lines: list[Line]) -> None:
        """Puts other lines in place of these."""
        self.lines = lines
        self._text = "".join([line.text for line in lines])
        self.brief = self._text
        self._widest = max([line.width for line in lines], default=0.0)

    @property
    def text(self) -> str:
        """All that is visible of it, folded."""
        if self._text is None:
            self._text = "".join([line.text for line in self.lines])
        return self._text

    @property
    def measure(self) -> float:
        """Width of the column that it fills, in full-width characters; 0 when it has too few lines to tell."""
        return self._widest if self.kind == TEXT and len(self.lines) >= _TELLING else 0.0

    @property
    def first(self) -> Line:
        return self.lines[0]

    @property
    def last(self) -> Line:
        return self.lines[-1]


def blocks_of(lines: Sequence[Line], marks: Marks, *, broken_only: bool) -> list[Block]:
    """The blocks, in the document's order. With `broken_only`, lines far apart are never joined."""
    kinds = _kinds(lines, marks)
    widths = columns(lines, [kind == TEXT for kind in kinds])
    joiner = Joiner(lines, marks.listed, broken_only=broken_only)
    blocks: list[Block] = []
    current: Block | None = None
    inside = False  # the block before this one is a paragraph
    for i, (line, kind) in enumerate(zip(lines, kinds, strict=True)):
        if kind != TEXT:
            if blocks and blocks[-1].kind == kind and blocks[-1].last is lines[i - 1]:
                blocks[-1].add(line)
            else:
                blocks.append(Block(kind, [line]))
            if kind in _PARTING:
                current = None
            continue
        ahead = [lines[k] for k in range(i + 1, min(i + 1 + _AHEAD, len(lines))) if kinds[k] == TEXT]
        if current is not None and joiner.joins(
            Seam(current.brief, len(current.lines), current.last, line, ahead, widths[i], inside)
        ):
            current.add(line)
        else:
            inside = current is not None and blocks[-1] is current and current.last.width > 20 and line.blank < 2
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
    if len(block.lines) > 2 or width > 60 or block.first.item:
        return False
    if text[-1] in "。,、;:" or _LOOSE.search(text):
        return False
    return width <= 32 or (width <= 60 and "," not in text)


def _kinds(lines: Sequence[Line], marks: Marks) -> list[str]:
    kinds = [_kind(line, marks) for line in lines]
    _narrow_runs(lines, kinds)
    for i, line in enumerate(lines):
        for kind, pattern in marks.running:
            if kinds[i] == kind and pattern.search(line.text):
                _run_on(lines, kinds, i, kind)
    _charts(lines, kinds, marks)
    return kinds


def _kind(line: Line, marks: Marks) -> str:
    if line.level and line.level < 7:
        return TEXT
    if line.captions:
        return "caption"
    if line.link and line.width <= 12:
        return "contact"
    if marks.numbers.match(line.text):
        return "number"
    return _by_pattern(line, marks)


def _by_pattern(line: Line, marks: Marks) -> str:
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
        while k < len(lines) and lines[k].width <= (2 if k == i or _HAN.search(lines[k].text) else 3):
            k += 1
        if k - i >= 4 and sum(bool(_HAN.search(line.text)) for line in lines[i:k]) >= 3:
            kinds[i:k] = ["caption"] * (k - i)
        i = max(k, i + 1)


def _run_on(lines: Sequence[Line], kinds: list[str], i: int, kind: str) -> None:
    while i + 1 < len(lines) and not ends(lines[i].text) and not lines[i + 1].blank and kinds[i + 1] == TEXT:
        i += 1
        kinds[i] = kind


def _charts(lines: Sequence[Line], kinds: list[str], marks: Marks) -> None:
    """Runs of bare numbers, sources and notes, with the short lines among and before them."""
    marked = [i for i, kind in enumerate(kinds) if kind in ("number", "chart")]
    for i in marked:
        neighbours = [k for k in (i - 1, i + 1) if 0 <= k < len(lines)]
        alone = not any(kinds[k] in ("number", "chart") for k in neighbours)
        kinds[i] = "chart" if kinds[i] == "chart" or not alone else _by_pattern(lines[i], marks)
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
        while k - i >= 4 and after < len(lines) and kinds[after] == TEXT and _legend(lines, after):
            kinds[after] = "chart"
            after += 1
        i = after


def _label(line: Line) -> bool:
    return line.width <= 24 and not INNER.search(line.text)


def _legend(lines: Sequence[Line], i: int) -> bool:
    """A short line between blank lines."""
    followed = i + 1 >= len(lines) or lines[i + 1].blank > 0
    return followed and lines[i].blank > 0 and lines[i].width <= 12 and _label(lines[i])

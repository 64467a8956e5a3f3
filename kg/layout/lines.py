"""Lines of a document: what is visible of each, and where it stands."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from kg.model import Document, Span

_LINE = re.compile(r"[^\n]+")
_HEADING = re.compile(r" {0,3}(#{1,6})[ \t]")
_BOLD = re.compile(r"\s*(?:\*\*[^*\n]+\*\*|__[^_\n]+__)\s*$")
_LINK = re.compile(r"\s*\[[^\[\]]*\]\([^()\s]*\)\s*$")
_RULE = re.compile(r"[ \t]*(?:-{3,}|\*{3,}|_{3,}|(?:\* ){2,}\*)[ \t]*$")
_UNDERLINE = re.compile(r"[ \t]*(?:-{3,}|={3,})[ \t]*$")
_ITEM = re.compile(r"[ \t]*(?:[-+*]|\d{1,3}[.)])[ \t]+\S")
# Blanks that typesetting put beside Chinese punctuation, and between the letters of a spaced-out line.
_SET = re.compile(
    r"(?<=[「『《〈（【“‘])[ \t\u3000]++|(?<![ \t\u3000])[ \t\u3000]++(?=[」』》〉）】，。、；：？！])"
    r"|(?<=[」』》）】，。、；：])[ \t]++|(?<![ \t])[ \t]++(?=[「『《（【])"
)
_SPACED = re.compile(r"[\u3400-\u9fff](?: [\u3400-\u9fff]){1,19}[ ]?$")
_NARROW = re.compile(r"[\x00-\x7f]")

BOLD = 7


@dataclass(frozen=True, slots=True)
class Line:
    """One line. `runs` are the parts of the document that are visible in it, in document offsets."""

    start: int
    end: int
    runs: tuple[tuple[int, int], ...]
    text: str
    """What is visible, folded."""
    width: float
    """In full-width characters."""
    blank: int
    """Blank lines before it."""
    level: int = 0
    """Depth of a Markdown heading, `BOLD` for a line all in bold, else 0."""
    rule: bool = False
    """A horizontal rule stands before it."""
    indent: bool = False
    item: bool = False
    captions: bool = False
    """It stands right under an image."""
    link: bool = False
    """It is nothing but a link."""

    def split(self, at: int) -> "tuple[Line, Line]":
        """The parts before and from the offset `at` of `text`."""
        left: list[tuple[int, int]] = []
        right: list[tuple[int, int]] = []
        rest = at
        for start, end in self.runs:
            cut = min(max(start + rest, start), end)
            left += [(start, cut)] if cut > start else []
            right += [(cut, end)] if cut < end else []
            rest -= end - start
        head = replace(self, end=left[-1][1], runs=tuple(left), text=self.text[:at])
        return head, replace(self, start=right[0][0], runs=tuple(right), text=self.text[at:], blank=0)


def lines_of(document: Document, folded: str) -> list[Line]:
    """The lines of a document's body that show something."""
    text = document.text
    body = document.body or Span(0, len(text))
    markdown = document.media_type == "text/markdown"
    cuts = iter([*document.cuts, Span(len(text) + 1, len(text) + 1)])
    cut = next(cuts)
    found: list[Line] = []
    image_end = 0
    after, blank, rule, image = body.start, -1, False, False
    for match in _LINE.finditer(text, body.start, body.end):
        start, end = match.span()
        blank += text.count("\n", after, start)
        after = end
        runs, at = [], start
        while cut.end <= start:
            cut = next(cuts)
        while cut.start < end:
            if cut.start > at:
                runs.append((at, cut.start))
            at = max(at, cut.end)
            if cut.end > end:
                break
            cut = next(cuts)
        if at < end:
            runs.append((at, end))
        visible = _visible(text, runs)
        if not visible:
            if markdown and found and blank == 0 and found[-1].width <= 60 and _UNDERLINE.match(match[0]):
                found[-1] = _with_level(found[-1], 1 if "=" in match[0] else 2)
            elif markdown and _RULE.match(match[0]):
                rule = True
            image = markdown and match[0].lstrip().startswith("![")
            if image:
                image_end = end
            continue
        shown = "".join([folded[a:b] for a, b in visible])
        heading = _HEADING.match(match[0]) if markdown else None
        level = len(heading[1]) if heading else BOLD if markdown and _BOLD.match(match[0]) else 0
        narrow = len(_NARROW.findall(shown))
        found.append(
            Line(
                visible[0][0],
                visible[-1][1],
                tuple(visible),
                shown,
                len(shown) - narrow / 2,
                max(blank, 0),
                level,
                rule,
                text[start] in "\u3000 \t",
                markdown and bool(_ITEM.match(match[0])),
                image and text.count("\n", image_end, start) == 1,
                markdown and bool(_LINK.match(match[0])),
            )
        )
        blank, rule, image = -1, False, False
    return found


def _with_level(line: Line, level: int) -> Line:
    return replace(line, level=level)


def _visible(text: str, runs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """`runs` without blanks at the ends of the line and those that only typesetting put there."""
    found: list[tuple[int, int]] = []
    for start, end in _trimmed(text, runs):
        at = start
        for blank_start, blank_end in _blanks(text, start, end):
            if blank_start > at:
                found.append((at, blank_start))
            at = blank_end
        if at < end:
            found.append((at, end))
    return found


def _trimmed(text: str, runs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    kept = [(a, b) for a, b in runs if not text[a:b].isspace()]
    if not kept:
        return []
    start, end = kept[0][0], kept[-1][1]
    while text[start].isspace():
        start += 1
    while text[end - 1].isspace():
        end -= 1
    first, last = kept[0], kept[-1]
    if len(kept) == 1:
        return [(start, end)]
    return [(start, first[1]), *kept[1:-1], (last[0], end)]


def _blanks(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    if " " not in text[start:end] and "\u3000" not in text[start:end]:
        return
    if _SPACED.fullmatch(text, start, end):
        yield from ((i, i + 1) for i in range(start, end) if text[i] == " ")
        return
    for match in _SET.finditer(text, start, end):
        yield match.span()

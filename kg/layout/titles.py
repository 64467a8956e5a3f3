"""Which headings begin an article."""

from collections.abc import Iterator, Sequence
from itertools import islice

from kg.layout.blocks import HEAD, TEXT, Block
from kg.layout.joining import ends
from kg.layout.marks import Marks

_ENOUGH = 3
OTHER_MEASURE = 2.5  # characters by which columns of two articles differ at least
_NEAR = 30  # blocks


def is_section(block: Block, marks: Marks) -> bool:
    """The name of a column or section, by its words."""
    text = block.text
    if block.kind != HEAD or block.first.level in range(1, 7) or block.first.width > 12:
        return False
    return bool(marks.sections.search(text))


def beginnings(blocks: Sequence[Block], marks: Marks, title: str) -> set[int]:
    """Indexes of the headings that are titles. `title` is the document's own, folded, or empty."""
    depth = _digest(blocks, title, marks)
    if depth:
        return {i for i, b in enumerate(blocks) if b.kind == HEAD and b.first.level == depth}
    tops = {i for i, b in enumerate(blocks) if b.kind == HEAD and b.first.level == 1 and _has_text(blocks, i)}
    if title or tops:
        own = title.replace(" ", "")
        return {i for i in tops if len(tops) > 1 or blocks[i].text.replace(" ", "") != own}
    return _by_score(blocks, marks)


def _digest(blocks: Sequence[Block], title: str, marks: Marks) -> int:
    """The depth of headings whose sections are articles: the title lists them, or each names its source."""
    heads = [i for i, b in enumerate(blocks) if b.kind == HEAD and b.first.level == 2]
    if len(heads) < 2:
        return 0
    first = next((b.text for b in blocks if b.kind == HEAD and b.first.level == 1), title)
    listed = sum(_shares(blocks[i].text, first) for i in heads)
    sourced = sum(bool(marks.sourced.search(blocks[i - 1].text)) for i in [*heads[1:], len(blocks)])
    return 2 if listed >= 2 or sourced * 2 >= len(heads) else 0


def _shares(text: str, title: str) -> bool:
    return len(text) >= 8 and any(text[i : i + 8] in title for i in range(len(text) - 7))


def _has_text(blocks: Sequence[Block], i: int) -> bool:
    for block in islice(blocks, i + 1, None):
        if block.kind == TEXT:
            return True
        if block.kind == HEAD and block.first.level == 1:
            return False
    return False


def _by_score(blocks: Sequence[Block], marks: Marks) -> set[int]:
    found: set[int] = set()
    start = 0
    closed = [i for i, b in enumerate(blocks) if b.kind == "author"]
    for stop in [*closed, len(blocks)]:
        scores = {i: _score(blocks, i, i - 1 in found, marks) for i in range(start, stop) if blocks[i].kind == HEAD}
        chosen = {i for i, score in scores.items() if score >= _ENOUGH}
        for i in sorted(chosen):
            if i - 1 in chosen and not blocks[i].first.level:
                chosen.discard(i)
        if not chosen and scores and any(b.kind == TEXT for b in blocks[start:stop]):
            best = max(scores, key=lambda i: (scores[i], -i))
            if scores[best] >= 1 and (start == 0 or stop < len(blocks)):
                chosen = {best}
        found |= chosen
        start = stop + 1
    return found


def _before(blocks: Sequence[Block], i: int) -> Iterator[Block]:
    return (blocks[k] for k in range(i - 1, -1, -1))


def _new_measure(blocks: Sequence[Block], i: int, measure: float) -> bool:
    """Whether the text behind `i` stands in a column of another width than all texts before it."""
    before = [b.measure for b in islice(_before(blocks, i), _NEAR) if b.measure] if measure else []
    return bool(before) and all(abs(measure - other) >= OTHER_MEASURE for other in before)


def _score(blocks: Sequence[Block], i: int, after_title: bool, marks: Marks) -> float:
    block = blocks[i]
    following = [b for b in blocks[i + 1 : i + 6] if b.kind in (HEAD, TEXT, "byline", "author", "date")]
    if not any(b.kind == TEXT for b in following) or is_section(block, marks) or after_title:
        return -9
    line = block.first
    score = (line.width >= 11) + (" " in block.text) - 2.0 * (line.width <= 6)
    before = blocks[i - 1] if i else None
    if before is None or before.kind == "author":
        score += 3
    elif before.kind not in (HEAD, TEXT, "byline"):
        earlier = next((b for b in islice(_before(blocks, i), _NEAR) if b.kind in (HEAD, TEXT, "author")), None)
        broken_off = before.kind == "section" and earlier is not None and not ends(earlier.text)
        score += 3 if earlier is None or earlier.kind == "author" or broken_off else 1
    elif before.kind == TEXT and ends(before.text) and line.blank >= 2:
        score += 3
    if following[0].kind == "byline" or is_section(following[0], marks):
        score += 2
    elif following[0].kind == "date":
        score += 4
    elif following[0].kind == TEXT and len(following[0].lines) > 3 and following[0].first.width <= 5:
        score += 3  # a drop cap
    elif _new_measure(blocks, i, following[0].measure):
        score += 3
    return score

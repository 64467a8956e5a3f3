"""Digests: pages of short stories, each a paragraph that begins with its headline in brackets."""

from collections.abc import Sequence
from dataclasses import replace

from kg.layout.blocks import HEAD, TEXT, Block
from kg.layout.lines import Line
from kg.layout.marks import Marks

_STORIES = 3  # fewer are paragraphs that happen to begin with brackets


def part_stories(blocks: Sequence[Block], marks: Marks) -> list[Block]:
    """The blocks with each story's headline parted from its text, when most of the page's text is such stories.

    A headline becomes a heading of the first level that shows what is in the brackets.
    """
    heads = {id(b): match for b in blocks if b.kind == TEXT and (match := marks.story.match(b.text))}
    texts = sum(b.kind == TEXT for b in blocks)
    if len(heads) < _STORIES or 2 * len(heads) < texts or len({m[1] for m in heads.values()}) < len(heads):
        return list(blocks)
    found: list[Block] = []
    for block in blocks:
        match = heads.get(id(block))
        if match is None:
            if not found or found[-1].kind != TEXT:  # above the first story
                block.kind = "section" if block.kind == HEAD else block.kind
            found.append(block)
            continue
        opening, rest = divide(block.lines, match.start(1))
        title, rest = divide(rest, match.end(1) - match.start(1))
        closing, body = divide(rest, match.end() - match.end(1))
        shown = [replace(line, level=1, item=False) for line in title]
        shown[0] = replace(shown[0], start=opening[0].start, blank=opening[0].blank, rule=opening[0].rule)
        shown[-1] = replace(shown[-1], end=closing[-1].end)
        found += [Block(HEAD, shown), Block(TEXT, [replace(line, level=0) for line in body])]
    return found


def divide(lines: Sequence[Line], at: int) -> tuple[list[Line], list[Line]]:
    """`lines` before and from the offset `at` of their joined text."""
    before: list[Line] = []
    after: list[Line] = []
    for line in lines:
        size = len(line.text)
        if at >= size:
            before.append(line)
        elif at <= 0:
            after.append(line)
        else:
            left, right = line.split(at)
            before.append(left)
            after.append(right)
        at -= size
    return before, after

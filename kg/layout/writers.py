"""The authors of an article, put together from the places that name them."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from kg.layout import authors
from kg.layout.authors import Stated
from kg.layout.blocks import TEXT, Block
from kg.layout.lines import Line
from kg.layout.marks import Marks
from kg.model import Author, Document, Span
from kg.offsets import unbroken
from kg.text import fold


def writers(
    document: Document, signs: Sequence[tuple[Block, list[Stated]]], blocks: Sequence[Block], marks: Marks
) -> tuple[Author, ...]:
    """Authors by the lines that state them, then by the first paragraph, then by the document's own fields."""
    found: list[Author] = []
    for block, stated in signs:
        found += [_author(document, block.lines, one) for one in stated]
    if not found and (first := next((b for b in blocks if b.kind == TEXT), None)):
        found = [_author(document, first.lines, one) for one in authors.reporters(first.text, marks)]
    if not any(author.name for author in found):
        found += [a for field in document.authors for a in _of_field(document, field, marks)]
    return tuple(_merged(found))


def place(lines: Sequence[Line], start: int, end: int) -> Span:
    """Where characters `start` to `end` of the joined text of `lines` stand in the document."""
    first = last = lines[0].start
    at = 0
    for a, b in (run for line in lines for run in line.runs):
        if at <= start < at + b - a:
            first = a + start - at
        if at < end <= at + b - a:
            last = a + end - at
        at += b - a
    return Span(first, max(first, last))


def _author(document: Document, lines: Sequence[Line], stated: Stated) -> Author:
    def words(part: tuple[int, int] | None) -> str | None:
        if part is None or part[0] == part[1]:
            return None
        span = place(lines, *part)
        return unbroken(document.text[span.start : span.end]).strip(" \u3000：:") or None

    name = words(stated.name) or ""
    return Author(
        name=name.replace(" ", ""),
        span=place(lines, *stated.name) if name else None,
        role=words(stated.role),
        organization=words(stated.organization),
        evidence=place(lines, *stated.whole),
    )


def _of_field(document: Document, field: str, marks: Marks) -> Iterable[Author]:
    """Persons in a field such as `author`; publishers are none."""
    at = document.text.find(field)
    folded = fold(field)
    compact = field.replace(" ", "")
    if authors.is_name(fold(compact), marks):
        yield Author(compact, Span(at, at + len(field)) if at >= 0 else None)
        return
    for one in authors.byline(folded, marks):
        name = field[slice(*one.name)]
        yield Author(
            name,
            Span(at + one.name[0], at + one.name[1]) if at >= 0 else None,
            field[slice(*one.role)] if one.role else None,
            field[slice(*one.organization)] if one.organization else None,
            Span(at, at + len(field)) if at >= 0 else None,
        )


def _merged(found: Sequence[Author]) -> list[Author]:
    """One author for each name; a position without a name goes to the one name there is."""
    named: dict[str, Author] = {}
    unnamed: list[Author] = []
    for author in found:
        if not author.name:
            unnamed.append(author)
        elif (known := named.get(author.name)) is None:
            named[author.name] = author
        elif not known.role:
            named[author.name] = replace(author, span=known.span)
    bare = [a for a in named.values() if not a.role and not a.organization]
    if len(unnamed) == 1 and len(bare) == 1 and len(named) == 1:
        one, at = bare[0], unnamed.pop()
        named[one.name] = replace(one, role=at.role, organization=at.organization, evidence=at.evidence)
    return [*named.values(), *unnamed]

"""Who is named beside an article's writers: editors, sources and the publisher, by the marks of seeds/layout.toml."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from kg import naming
from kg.layout import authors
from kg.layout.marks import Marks
from kg.model import Article, Credit, Document, Region
from kg.text import fold

_CONTRIBUTOR, _PUBLISHER = "contributor", "publisher"
_OUTSIDE = frozenset({"contact", "chart", "caption", "author"})


def credited(
    document: Document, articles: Sequence[Article], regions: Iterable[Region], marks: Marks, *, in_turn: bool
) -> list[Article]:
    """The articles with their credits. What stands in none belongs to the one that begins last before it.

    But where several do not stand `in_turn`, as on a newspaper page, whose it is cannot be told.
    """
    fields = list(_of_fields(document, marks))
    own = {a.id: [*fields, *_within(a, marks)] for a in articles}
    begins = sorted((a.pieces[0].source, a.id) for a in articles if a.pieces)
    for region in regions if in_turn or len(articles) == 1 else ():
        if begins and region.article is None and region.kind in _OUTSIDE:
            before = [id_ for start, id_ in begins if start <= region.span.start]
            own[before[-1] if before else begins[0][1]] += _stated(
                document.text[region.span.start : region.span.end], marks
            )
    return [replace(a, credits=tuple(dict.fromkeys(own[a.id]))) for a in articles]


def _of_fields(document: Document, marks: Marks) -> Iterator[Credit]:
    """The publisher, where the document's own fields name one and not a person."""
    for field in (*document.authors, document.source or ""):
        if not authors.is_name(fold(field.replace(" ", "")), marks) and not authors.byline(fold(field), marks):
            yield from _organizations(field, _PUBLISHER, marks)


def _within(article: Article, marks: Marks) -> Iterator[Credit]:
    """Sources in brackets, and whose dispatches its paragraphs are."""
    folded = fold(article.text)
    found = [*marks.sourced_within.finditer(folded), *marks.dispatched.finditer(folded, article.body_start)]
    for match in found:
        yield from _organizations(article.text[slice(*match.span("names"))], _CONTRIBUTOR, marks)


def _stated(text: str, marks: Marks) -> Iterator[Credit]:
    folded = fold(text)
    for match in marks.edited.finditer(folded):
        start = match.start("names")
        for name in marks.between.split(match["names"]):
            at = folded.index(name, start)
            if authors.is_name(name, marks):
                yield Credit(text[at : at + len(name)], "Person", _CONTRIBUTOR)
    for match in (*marks.source.finditer(folded), *marks.owned.finditer(folded)):
        yield from _organizations(text[slice(*match.span("names"))], _CONTRIBUTOR, marks)


def _organizations(text: str, part: str, marks: Marks) -> Iterator[Credit]:
    """Organisations in a list of names; what is generic (网络, 公开资料) is none."""
    if marks.address.search(text):
        return
    folded = fold(text)
    for name in marks.between.split(folded):
        stem = marks.generic_tail.sub("", name).strip()
        if marks.organization.fullmatch(stem) and not marks.generic.search(stem):
            at = folded.index(name)
            called = text[at : at + len(stem)]
            if not called.islower():  # a category's or a host's key
                yield Credit(called, naming.load().class_of(stem) or "Company", part)

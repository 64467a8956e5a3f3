"""Authors of an article and who else it credits: beside its text, and where it speaks of its author (笔者, 我).

The words are in seeds/names.toml, section author.
"""

from __future__ import annotations

from kg import naming
from kg.model import Article, Author, Mention, Span
from kg.text import fold

_HERE = Span(0, 0)


def find(article: Article) -> list[Mention]:
    """Authors, where they work and who else is credited as mentions of no length, for they may stand outside the text;

    then the words by which the text of a single author speaks of its author.
    """
    people = [Mention(_HERE, a.called, "Person", "layout") for a in article.authors if a.called]
    firms = [Mention(_HERE, a.organization, "Company", "layout") for a in article.authors if a.organization]
    others = [Mention(_HERE, c.name, c.cls, "layout") for c in article.credits]
    spoken = _spoken(article.text) if len(article.authors) == 1 and people else []
    return people + firms + others + [Mention(span, people[0].surface, "Person", "layout") for span in spoken]


def with_opinion(article: Article) -> list[Author]:
    """Those who speak for themselves, not for a newsroom: with a post that is none of the press, or as 笔者."""
    press = naming.load().press
    found = [a for a in article.authors if a.role and not any(word in fold(a.role) for word in press)]
    if not found and len(article.authors) == 1 and any(len(span) > 1 for span in _spoken(article.text)):
        found = list(article.authors)
    return [author for author in found if author.called]


def _spoken(text: str) -> list[Span]:
    """Where one of the words stands in no quotation."""
    folded = fold(text)
    found = (Span(*m.span()) for m in naming.load().author.finditer(folded) if m.group(1))
    return [span for span in found if not _quoted(folded, span.start)]


def _quoted(folded: str, at: int) -> bool:
    line = folded.rfind("\n", 0, at) + 1
    return folded.count("“", line, at) > folded.count("”", line, at)

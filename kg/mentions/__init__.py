"""Names in articles. Every finder proposes spans; `merge` keeps the best of those that cross.

A finder is `(Article, Context) -> list[Mention]`; adding one is a module and a line in FINDERS.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from kg import quantities
from kg.lexicon import Lexicon
from kg.mentions import gazetteer, lists, neural, rules, tagger
from kg.model import Article, Mention, Span
from kg.naming import KNOWN
from kg.text import fold


@dataclass(frozen=True, slots=True)
class Context:
    """What finders may look at beside the article: the gazetteer, and what the learned reader says when it runs."""

    lexicon: Lexicon
    words: Sequence[tuple[int, int, str]]
    """LAC's words of the article: (start, end, tag)."""
    scores: neural.Scores | None = None


Finder = Callable[[Article, Context], list[Mention]]

FINDERS: dict[str, Finder] = {
    "gazetteer": lambda article, context: gazetteer.find(
        article.text, context.words, context.lexicon, gazetteer.BESIDE_READER if context.scores else gazetteer.STRONG
    ),
    "rules": lambda article, context: rules.find(article.text),
    "lists": lambda article, context: lists.find(article.text, context.lexicon),
    "tagger": lambda article, context: [] if context.scores else tagger.find(article.text, context.words),
    "neural": lambda article, context: neural.find(article.text, context.scores) if context.scores else [],
}


def find(article: Article, context: Context) -> list[Mention]:
    """All names in `article.text`, sorted; where two cross or nest, see `merge`."""
    found = [mention for finder in FINDERS.values() for mention in finder(article, context)]
    folded = fold(article.text)
    if context.scores:
        trusted = context.scores.card.trusted
        read = {m.span for m in found if m.finder == "neural"}
        found = [m for m in found if m.finder in ("neural", KNOWN) or m.span in read or m.cls in trusted]
    if context.lexicon.rejected:
        places = _occurrences(folded, context.lexicon.rejected)
        found = [m for m in found if not any(place.covers(m.span) for place in places)]
    kept = merge(_without_units(found, folded))
    if not context.scores:
        return kept
    return [replace(m, read=context.scores.chance(m.span)) for m in kept]


def _without_units(found: Sequence[Mention], folded: str) -> list[Mention]:
    """The mentions but the currencies of amounts: those are the units of figures."""
    amounts = [q.span for q in quantities.find(folded) if q.measure == quantities.CURRENCY]
    starts = [span.start for span in amounts]

    def inside(span: Span) -> bool:
        at = bisect_right(starts, span.start) - 1
        return at >= 0 and amounts[at] != span and amounts[at].covers(span)

    return [m for m in found if not inside(m.span)]


def _occurrences(folded: str, forms: frozenset[str]) -> list[Span]:
    """Where the forms stand that are never names; no part of them is one either."""
    return [Span(m.start(), m.end()) for form in sorted(forms) for m in re.finditer(re.escape(form), folded)]


def merge(found: Sequence[Mention]) -> list[Mention]:
    """One mention a span, the surest; of two that cross, the surer.

    Names nest where the learned reader says so, and where the gazetteer has one within a name of the reader's.
    """
    best: dict[tuple[int, int], Mention] = {}
    for mention in found:
        key = (mention.span.start, mention.span.end)
        if key not in best or mention.confidence > best[key].confidence:
            candidates = mention.candidates or (best[key].candidates if key in best else ())
            best[key] = _with_candidates(mention, candidates)
        elif mention.candidates and not best[key].candidates:
            best[key] = _with_candidates(best[key], mention.candidates)
    kept: list[Mention] = []
    for mention in sorted(best.values(), key=lambda m: (-m.confidence, -len(m.span), m.span.start)):
        if all(_compatible(mention, other) for other in kept if mention.span.overlaps(other.span)):
            kept.append(mention)
    return sorted(kept, key=lambda m: (m.span.start, -m.span.end))


def _with_candidates(mention: Mention, candidates: tuple[str, ...]) -> Mention:
    return mention if mention.candidates == candidates else replace(mention, candidates=candidates)


def _compatible(mention: Mention, other: Mention) -> bool:
    inner, outer = sorted((mention, other), key=lambda m: len(m.span))
    if outer.finder != "neural" or not outer.span.covers(inner.span):
        return False
    return inner.finder == "neural" or (inner.finder == "gazetteer" and inner.confidence > gazetteer.WEAK)

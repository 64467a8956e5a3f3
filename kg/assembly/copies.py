"""Articles that are copies of others: near-duplicates, sought only among those that share a claim or a figure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from kg.model import Claim, Observation

if TYPE_CHECKING:
    from kg.duplicates import Signature

ArticleKey = tuple[str, str]
Copies = Mapping[ArticleKey, str]
"""For articles that are copies of others, (document id, article id) to the name of their group."""


def articles_of(found: Iterable[Claim] | Iterable[Observation]) -> set[ArticleKey]:
    """The articles that state a fact."""
    keys: set[ArticleKey] = set()
    for fact in found:
        places = fact.evidence if isinstance(fact, Claim) else (fact.evidence,)
        keys.update((e.document, e.article) for e in places)
    return keys


def shared(found: Iterable[Claim] | Iterable[Observation]) -> set[ArticleKey]:
    """The articles that state a fact, where they are several."""
    keys = articles_of(found)
    return keys if len(keys) > 1 else set()


def grouped(signatures: Mapping[ArticleKey, Signature]) -> dict[ArticleKey, str]:
    """Copies among articles with these signatures."""
    from kg.duplicates import groups

    alike = groups({f"{document} {article}": s for (document, article), s in signatures.items()})
    return {(n.partition(" ")[0], n.partition(" ")[2]): group[0] for group in alike for n in group}

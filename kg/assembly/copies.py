"""Articles that tell the same story as others: near-duplicates, which count as one source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kg.model import Article

ArticleKey = tuple[str, str]
Copies = Mapping[ArticleKey, ArticleKey]
"""For articles that tell the same story as others, (document id, article id) to the one that stands for the story."""


def find_copies(articles: Sequence[Article]) -> Copies:
    """The copies among `articles`, by their sketches."""
    if not any(a.sketch for a in articles):
        return {}
    from kg import duplicates  # NumPy takes time to load

    return duplicates.copies(articles)


def stories(articles: int, copies: Copies) -> int:
    """How many stories so many articles tell, those among them that `copies` names included."""
    return articles - len(copies) + len(set(copies.values()))

"""Mentions that name one thing, and the entity they make."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from kg import naming
from kg.lexicon import Lexicon
from kg.linking.forms import group, labels
from kg.model import HASHED, Article, Entity, Mention
from kg.text import fold, sentences

Key = tuple[str, str]
Member = tuple[int, int]
_ENDING_WEIGHT = 2.0
"""What a telling ending (公司, 指数, 架构) says of a class, against the readings of one name."""


@dataclass(slots=True)
class Cluster:
    """Mentions that name one thing; `id` when the gazetteer knows it, `ticker` when the text gives its code."""

    id: str | None
    forms: Counter[str] = field(default_factory=Counter)
    surfaces: dict[str, str] = field(default_factory=dict)
    classes: dict[str, float] = field(default_factory=dict)
    members: list[Member] = field(default_factory=list)
    certain: bool = True
    ticker: str | None = None

    @property
    def cls(self) -> str:
        """The class that most speaks for: the readings, and what most of its forms end in."""
        votes = dict(self.classes)
        total = sum(self.forms.values())
        for form, count in self.forms.items():
            told = naming.load().sure_class_of(form)
            if told:
                votes[told] = votes.get(told, 0.0) + _ENDING_WEIGHT * sum(self.classes.values()) * count / total
        return max(sorted(votes), key=votes.__getitem__)

    def take(self, other: Cluster) -> None:
        """Become one with `other`."""
        self.id = self.id or other.id
        self.ticker = self.ticker or other.ticker
        self.forms += other.forms
        self.surfaces = other.surfaces | self.surfaces
        for cls, weight in other.classes.items():
            self.classes[cls] = self.classes.get(cls, 0.0) + weight
        self.members += other.members


def entity_of(
    cluster: Cluster, lexicon: Lexicon, articles: Sequence[Article], mentions: Sequence[Sequence[Mention]]
) -> Entity:
    """The gazetteer's entity with the document's further names, or a new one with an id made of its content.

    A word that refers to it (该公司) is a mention but no name, unless the gazetteer lists it (当局).
    """
    rules = naming.load()
    forms = sorted(cluster.forms, key=lambda f: (-cluster.forms[f], -len(f), f))
    surfaces = [cluster.surfaces[f] for f in forms]
    count = len(cluster.members)
    if cluster.id:
        entry = lexicon.entries[cluster.id]
        known = {fold(form) for form in entry.forms}
        known |= rules.referring - {fold(form) for form in entry.weak}
        added = [*entry.aliases, *(s for f, s in zip(forms, surfaces, strict=True) if f not in known)]
        aliases = tuple(sorted({pair for name in added for pair in labels(name)} - set(entry.labels)))
        return Entity(entry.id, entry.cls, entry.labels, aliases, entry.identifiers, count)
    cls = cluster.cls
    best = max(surfaces[:1] if group(cls) != "Person" else surfaces, key=len)
    aliases = tuple(sorted({pair for name in surfaces for pair in labels(name)} - set(labels(best))))
    identifiers = (("ticker", cluster.ticker),) if cluster.ticker else ()
    content = f"ticker\n{cluster.ticker}" if cluster.ticker else f"{group(cls)}\n{fold(best)}"
    if group(cls) == "Person":
        content += "\n" + _first_sentence(cluster, articles, mentions)
    id_ = HASHED + hashlib.sha256(content.encode()).hexdigest()[:16]
    return Entity(id_, cls, labels(best), aliases, identifiers, count, cluster.certain)


def _first_sentence(cluster: Cluster, articles: Sequence[Article], mentions: Sequence[Sequence[Mention]]) -> str:
    """A person in no list is known by where the name stands: two texts that share no sentence share no person."""
    a, m = min(cluster.members)
    text, span = articles[a].text, mentions[a][m].span
    return next((fold(text[s.start : s.end]) for s in sentences(text) if s.covers(span)), "")


def joined(a: Entity, b: Entity) -> Entity:
    """Two entities of one id as one."""
    aliases = tuple(sorted({*a.aliases, *b.aliases, *b.labels} - set(a.labels)))
    return replace(a, aliases=aliases, mentions=a.mentions + b.mentions)

"""What a graph holds beside entities: claims and observations merged over documents, with all their evidences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from kg.model import AFFIRMED, FACT, Article, Document, Entity, Evidence, Problem

Period = tuple[str | None, str | None]
Credited = tuple[str, str]
"""How an article names somebody, as a property of dcterms, and the entity's id."""


@dataclass(frozen=True, slots=True)
class MergedClaim:
    """One (subject, predicate, object, polarity, modality), hashed in `id`, with all that documents say of it."""

    id: str
    subject: str
    predicate: str
    object: str
    polarity: str
    modality: str
    confidence: float
    evidence: tuple[Evidence, ...]
    attributed_to: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    periods: tuple[Period, ...] = ()
    sources: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[str, str, str, str, str]:
        return self.subject, self.predicate, self.object, self.polarity, self.modality

    @property
    def direct(self) -> bool:
        """Whether it stands in the graph as a direct triple too."""
        return self.polarity == AFFIRMED and self.modality == FACT


@dataclass(frozen=True, slots=True)
class MergedObservation:
    """One figure of an entity. Wording (`text`, `qualifier`, `indicator`) is that of its surest evidence."""

    id: str
    about: str
    indicator: str
    value: Decimal
    unit: str
    kind: str
    start: str | None
    end: str | None
    text: str
    qualifier: str | None
    confidence: float
    evidence: tuple[Evidence, ...]
    attributed_to: tuple[str, ...] = ()
    indicator_entity: str | None = None


@dataclass(frozen=True, slots=True)
class Parts:
    """All tables of a graph, each sorted by its key. `credits` gives by article key who wrote it and whom it credits.

    `copies` gives, for articles that tell the same story as others, the one that stands for the story (itself too).
    """

    documents: tuple[Document, ...]
    articles: tuple[Article, ...]
    entities: Mapping[str, Entity]
    claims: tuple[MergedClaim, ...]
    observations: tuple[MergedObservation, ...]
    problems: tuple[Problem, ...]
    credits: Mapping[tuple[str, str], tuple[Credited, ...]]
    copies: Mapping[tuple[str, str], tuple[str, str]] = field(default_factory=dict)

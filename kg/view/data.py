"""What a page shows of a graph: the one bridge between the graph and the view."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

from kg import schema
from kg.model import Article, Claim, Document, Entity, Evidence, Observation

Labels = Mapping[str, str]


class Graph(Protocol):
    """What the view needs of `kg.graph.KnowledgeGraph`."""

    @property
    def entities(self) -> tuple[Entity, ...]: ...
    @property
    def claims(self) -> tuple[Claim, ...]: ...
    @property
    def observations(self) -> tuple[Observation, ...]: ...
    @property
    def documents(self) -> tuple[Document, ...]: ...
    @property
    def articles(self) -> tuple[Article, ...]: ...


@dataclass(frozen=True, slots=True)
class ViewData:
    """Everything that one page carries. Texts of documents and articles are not used and may be empty."""

    entities: tuple[Entity, ...]
    claims: tuple[Claim, ...]
    observations: tuple[Observation, ...] = ()
    documents: tuple[Document, ...] = ()
    articles: tuple[Article, ...] = ()
    classes: Mapping[str, tuple[str, Labels]] = field(default_factory=dict)
    """Parent (empty at the top) and labels by language, by name of class."""
    relations: Mapping[str, tuple[bool, Labels]] = field(default_factory=dict)
    """Whether symmetric, and labels by language, by name of relation."""
    title: str = ""
    base: str = "https://w3id.org/jinluo/"

    def between(self, start: str, end: str) -> ViewData:
        """The part that documents dated from `start` to `end` state (ISO 8601, both included, as exact as given)."""
        kept = {d.id for d in self.documents if d.date and d.date[: len(start)] >= start and d.date[: len(end)] <= end}

        def inside(evidence: Evidence) -> bool:
            return evidence.document in kept

        claims = tuple(
            replace(c, evidence=tuple(e for e in c.evidence if inside(e)))
            for c in self.claims
            if any(inside(e) for e in c.evidence)
        )
        observations = tuple(o for o in self.observations if inside(o.evidence))
        used = {o.about for o in observations} | {i for c in claims for i in (c.subject, c.object, c.attributed_to)}
        return replace(
            self,
            entities=tuple(e for e in self.entities if e.id in used),
            claims=claims,
            observations=observations,
            documents=tuple(d for d in self.documents if d.id in kept),
            articles=tuple(a for a in self.articles if a.document in kept),
        )


def from_graph(graph: Graph, *, title: str = "", base: str = "https://w3id.org/jinluo/") -> ViewData:
    """The view of an assembled graph, with the vocabulary's own labels."""
    vocabulary = schema.load()
    return ViewData(
        entities=tuple(graph.entities),
        claims=tuple(graph.claims),
        observations=tuple(graph.observations),
        documents=tuple(graph.documents),
        articles=tuple(graph.articles),
        classes={name: (c.parent or "", c.labels) for name, c in vocabulary.classes.items()},
        relations={name: (r.symmetric, r.labels) for name, r in vocabulary.relations.items()},
        title=title,
        base=base,
    )

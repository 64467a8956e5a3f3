"""What a page shows of a graph: the one bridge between the graph and the view."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from kg import schema
from kg.assembly import MergedClaim, MergedObservation
from kg.graph import KnowledgeGraph
from kg.model import Article, Document, Entity, Evidence

Labels = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ViewData:
    """Everything that one page carries. Texts of documents and articles are not used and may be empty."""

    entities: tuple[Entity, ...]
    claims: tuple[MergedClaim, ...]
    observations: tuple[MergedObservation, ...] = ()
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

        def within(evidence: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
            return tuple(e for e in evidence if e.document in kept)

        claims = tuple(replace(c, evidence=within(c.evidence)) for c in self.claims if within(c.evidence))
        observations = tuple(replace(o, evidence=within(o.evidence)) for o in self.observations if within(o.evidence))
        used = {o.about for o in observations} | {i for c in claims for i in (c.subject, c.object, *c.attributed_to)}
        return replace(
            self,
            entities=tuple(e for e in self.entities if e.id in used),
            claims=claims,
            observations=observations,
            documents=tuple(d for d in self.documents if d.id in kept),
            articles=tuple(a for a in self.articles if a.document in kept),
        )

    def periods(self, unit: str) -> tuple[str, ...]:
        """The years ("year") or months ("month") that documents are dated in, sorted."""
        size = {"year": 4, "month": 7}[unit]
        return tuple(sorted({d.date[:size] for d in self.documents if d.date and len(d.date) >= size}))


def from_graph(graph: KnowledgeGraph, *, title: str = "") -> ViewData:
    """The view of an assembled graph, with the vocabulary's own labels."""
    vocabulary = schema.load()
    return ViewData(
        entities=graph.entities,
        claims=graph.claims,
        observations=graph.observations,
        documents=graph.documents,
        articles=graph.articles,
        classes={name: (c.parent or "", c.labels) for name, c in vocabulary.classes.items()},
        relations={name: (r.symmetric, r.labels) for name, r in vocabulary.relations.items()},
        title=title,
        base=graph.base,
    )

"""`KnowledgeGraph`: what is known, with where it is said. Made by `assemble`, or read back with `load`.

`.entities`, `.claims` and `.observations` are its tables; `.rdf` and `.nx` give it as an RDFLib graph and a
networkx multigraph; `.query`, `.entity`, `.paths` and `.figures` ask it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from kg import query as sparql_query
from kg import rdf as rdf_writer
from kg import store as stores
from kg.answer import Answer
from kg.assembly import Copies, MergedClaim, MergedObservation, Parts, merge
from kg.errors import GraphError
from kg.model import Article, Document, Entity, Extraction, Problem, decode
from kg.names import Names, display
from kg.settings import Settings

if TYPE_CHECKING:
    import networkx as nx
    import pyoxigraph as ox
    import rdflib

    from kg.paths import Path as GraphPath
    from kg.profile import Profile

EXTRACTIONS = "extractions"
MANIFEST = "manifest.json"


def assemble(
    extractions: Iterable[Extraction], *, base: str = Settings().base, copies: Copies | None = None
) -> KnowledgeGraph:
    """One graph of many documents: a pure function of the set of `extractions`.

    `copies` names, for articles that tell the same story as others, the one that stands for the story, which counts as
    one source. None has them found.
    """
    return KnowledgeGraph(merge(extractions, copies=copies), base=base)


def load(output: Path | str) -> KnowledgeGraph:
    """The graph of an output folder. Raises `GraphError` where the folder holds none or an extraction is damaged."""
    folder = Path(output)
    return assemble(map(read_extraction, extraction_files(folder)), base=base_of(folder))


def extraction_files(folder: Path) -> list[Path]:
    """One file for each document of an output folder. Raises `GraphError` where the folder holds no graph."""
    if not (folder / EXTRACTIONS).is_dir():
        raise GraphError(
            f"{folder}: holds no graph (no folder {EXTRACTIONS}); make one with: kg build PATH -o {folder}"
        )
    return sorted((folder / EXTRACTIONS).glob("**/*.json"))


def read_extraction(file: Path) -> Extraction:
    """Raises `GraphError` where the file is damaged."""
    try:
        return decode(file.read_bytes(), Extraction)
    except (OSError, ValueError) as error:
        raise GraphError(f"{file}: is damaged ({error}); delete it and build again") from error


def base_of(output: Path) -> str:
    """The base of the IRIs of an output folder, as its manifest tells; else the default."""
    try:
        manifest = json.loads((output / MANIFEST).read_text(encoding="utf-8"))
        return str(manifest.get("base") or Settings().base)
    except (OSError, ValueError, AttributeError):
        return Settings().base


class KnowledgeGraph:
    """Entities, claims and observations with their evidence. Immutable; its other forms are made when asked for."""

    def __init__(self, parts: Parts, *, base: str = Settings().base) -> None:
        self.parts, self.base = parts, base

    @property
    def documents(self) -> tuple[Document, ...]:
        return self.parts.documents

    @property
    def articles(self) -> tuple[Article, ...]:
        return self.parts.articles

    @property
    def entities(self) -> tuple[Entity, ...]:
        return tuple(self.parts.entities.values())

    @property
    def claims(self) -> tuple[MergedClaim, ...]:
        return self.parts.claims

    @property
    def observations(self) -> tuple[MergedObservation, ...]:
        return self.parts.observations

    @property
    def problems(self) -> tuple[Problem, ...]:
        return self.parts.problems

    @cached_property
    def names(self) -> Names:
        return Names(self.entities)

    @cached_property
    def triples(self) -> list[rdf_writer.Triple]:
        return rdf_writer.triples(self.parts, base=self.base)

    def turtle(self) -> str:
        return "".join(rdf_writer.turtle(self.triples, base=self.base))

    def ntriples(self) -> list[str]:
        """Sorted N-Triples lines."""
        return rdf_writer.ntriples(self.triples, base=self.base)

    @cached_property
    def store(self) -> ox.Store:
        """The graph and its vocabulary in an Oxigraph store in memory."""
        return stores.memory(self.ntriples())

    @cached_property
    def rdf(self) -> rdflib.Graph:
        """The graph as an RDFLib graph, its prefixes bound."""
        import rdflib

        graph = rdflib.Graph()
        for prefix, namespace in rdf_writer.prefixes(self.base).items():
            graph.bind(prefix, namespace)
        return graph.parse(data="".join(self.ntriples()), format="nt")

    @cached_property
    def nx(self) -> nx.MultiDiGraph:
        """Entities and claims as a networkx multigraph: node attributes name and cls, an edge for each claim."""
        import networkx as nx

        graph = nx.MultiDiGraph()
        for entity in self.entities:
            graph.add_node(entity.id, name=display(entity), cls=entity.cls, mentions=entity.mentions)
        for claim in self.claims:
            graph.add_edge(
                claim.subject,
                claim.object,
                key=claim.id,
                predicate=claim.predicate,
                polarity=claim.polarity,
                modality=claim.modality,
                confidence=claim.confidence,
                evidences=len(claim.evidence),
            )
        return graph

    def query(self, sparql: str, **parameters: str) -> Answer:
        """SPARQL over the graph and its vocabulary; the project's prefixes need no declaration."""
        return sparql_query.ask(self.store, sparql, base=self.base, parameters=parameters)

    def entity(self, name: str) -> Profile:
        """All that is known of the entity of that name, in any script. Raises `QueryError` where there is none."""
        from kg.profile import profile

        return profile(self, self.names.one(name))

    def paths(self, source: str, target: str, *, limit: int = 5, hops: int = 4) -> list[GraphPath]:
        """The best ways from one entity to another over affirmed claims, the surest first."""
        from kg.paths import best_paths

        return best_paths(self, self.names.one(source).id, self.names.one(target).id, limit=limit, hops=hops)

    def figures(self, about: str | None = None, indicator: str | None = None) -> list[MergedObservation]:
        """Observations, of one entity and of one indicator where these are given."""
        from kg.names import form

        id_ = self.names.one(about).id if about else None
        wanted = form(indicator) if indicator else ""
        return [o for o in self.observations if id_ in (None, o.about) and wanted in form(o.indicator)]

    def __repr__(self) -> str:
        counts = f"{len(self.entities)} entities, {len(self.claims)} claims, {len(self.observations)} observations"
        return f"<KnowledgeGraph: {len(self.documents)} documents, {counts}>"

    def _repr_html_(self) -> str:
        from kg.profile import graph_html

        return graph_html(self)

"""Measures of a graph: counts, and which entities stand in its middle."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.model import AFFIRMED
from kg.names import display

if TYPE_CHECKING:
    import networkx as nx

    from kg.graph import KnowledgeGraph

_SAMPLE = 300
"""Betweenness is estimated from so many entities in larger graphs."""
_SEED = 7
_DAMPING = 0.85
_ROUNDS = 60


@dataclass(frozen=True, slots=True)
class Standing:
    """One entity's place in the graph. `community` numbers groups from 1, the largest first."""

    id: str
    name: str
    cls: str
    degree: int
    pagerank: float
    betweenness: float
    community: int


def counts(known: KnowledgeGraph) -> dict[str, dict[str, int]]:
    """Documents by language, articles and stories by whether several tell the same, entities by class, claims by
    predicate, polarity and modality, observations by unit, problems by code.
    """
    copied = known.parts.copies
    several = len(set(copied.values()))
    alone = len(known.articles) - len(copied)
    return {
        "documents": _counted(d.language for d in known.documents),
        "articles": {"told once": alone, "told by several": len(copied)},
        "stories": {"of one article": alone, "of several": several},
        "entities": _counted(e.cls for e in known.entities),
        "claims": _counted(c.predicate for c in known.claims),
        "polarity": _counted(c.polarity for c in known.claims),
        "modality": _counted(c.modality for c in known.claims),
        "observations": _counted(o.unit for o in known.observations),
        "problems": _counted(p.code for p in known.problems),
    }


def standings(known: KnowledgeGraph) -> list[Standing]:
    """Every entity that a claim joins to another, the highest PageRank first."""
    import networkx as nx

    graph = _simple(known)
    if not graph:
        return []
    sample = _SAMPLE if graph.number_of_nodes() > _SAMPLE else None
    between = nx.betweenness_centrality(graph, k=sample, seed=_SEED)
    groups = nx.community.louvain_communities(graph, weight="weight", seed=_SEED)
    ordered = sorted(groups, key=lambda g: (-len(g), min(g)))
    community = {id_: number for number, group in enumerate(ordered, 1) for id_ in group}
    rank = _pagerank(graph)
    found = [
        Standing(
            id_,
            display(entity := known.parts.entities[id_]),
            entity.cls,
            graph.degree(id_),
            round(rank[id_], 6),
            round(between[id_], 6),
            community[id_],
        )
        for id_ in graph
    ]
    return sorted(found, key=lambda s: (-s.pagerank, s.id))


def _counted(words: object) -> dict[str, int]:
    return dict(sorted(Counter(words).items(), key=lambda pair: (-pair[1], pair[0])))  # type: ignore[call-overload]


def _simple(known: KnowledgeGraph) -> nx.Graph:
    """An undirected graph of the affirmed claims; weight is the sum of their confidences."""
    import networkx as nx

    graph = nx.Graph()
    for claim in known.claims:
        if claim.polarity == AFFIRMED:
            held = graph.get_edge_data(claim.subject, claim.object, {"weight": 0.0})["weight"]
            graph.add_edge(claim.subject, claim.object, weight=held + claim.confidence)
    return graph


def _pagerank(graph: nx.Graph) -> dict[str, float]:
    """Power iteration over weighted edges (networkx's own needs SciPy). Every entity here has an edge."""
    total = len(graph)
    strength = dict(graph.degree(weight="weight"))
    rank = dict.fromkeys(graph, 1.0 / total)
    for _ in range(_ROUNDS):
        rank = {
            n: (1 - _DAMPING) / total
            + _DAMPING * sum(rank[m] * d["weight"] / strength[m] for m, d in graph[n].items() if strength[m])
            for n in graph
        }
    return rank

"""What a page opens on: the main entities of a graph, by community, with their places."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import networkx as nx

from kg.view.layout import Body, place
from kg.view.packing import Packed

MOST = 220
_CORE = 3000
_COMMUNITIES = 14
_ENOUGH = 150
_SMALL, _LARGE = 6.0, 28.0
"""Radii in pixels of the least and the most connected entity."""


@dataclass(frozen=True, slots=True)
class Spot:
    """An entity by its number in the page, where it stands and its community (0 is the weightiest)."""

    entity: int
    x: int
    y: int
    size: float
    group: int


def radius(degree: int, highest: int) -> float:
    """Radius in pixels of an entity with `degree` claims; the page's script uses the same formula."""
    return round(_SMALL + (_LARGE - _SMALL) * math.sqrt(degree / max(highest, 1)), 1)


def opening(packed: Packed, names: Sequence[str], most: int = MOST) -> tuple[list[Spot], list[tuple[int, int, int]]]:
    """The entities shown first and the folded links between them: (entity, entity, number of claims)."""
    core = packed.heaviest(_CORE)
    graph = _graph(packed.links(core))
    chosen = _chosen(graph, packed, most)
    graph = graph.subgraph(chosen)
    groups = _communities(graph, packed)
    groups.update(_alone(packed, _ENOUGH - len(chosen), 1 + max(groups.values(), default=-1)))
    order = sorted(groups, key=lambda e: (groups[e], -packed.degree[e], e))
    number = {entity: i for i, entity in enumerate(order)}
    highest = max((int(packed.degree[e]) for e in order), default=1)
    bodies = [Body(groups[e], radius(int(packed.degree[e]), highest), _width(names[e])) for e in order]
    links = sorted((min(a, b), max(a, b), w) for a, b, w in graph.edges(data="weight"))
    places = place(bodies, [(number[a], number[b], float(w)) for a, b, w in links])
    spots = [Spot(e, x, y, b.radius, b.group) for e, b, (x, y) in zip(order, bodies, places, strict=True)]
    return spots, links


def _graph(links: Sequence[tuple[int, int, int]]) -> nx.Graph:
    graph = nx.Graph()
    graph.add_weighted_edges_from(links)
    return graph


def _chosen(graph: nx.Graph, packed: Packed, most: int) -> list[int]:
    """At most `most` entities: of each large community its heaviest, then the heaviest of all; none stands alone."""
    if len(graph) <= most:
        return _joined(graph)
    groups = nx.community.louvain_communities(graph, weight="weight", seed=0)
    groups.sort(key=lambda g: (-sum(int(packed.degree[e]) for e in g), min(g)))
    heavy = {e: (-int(packed.degree[e]), e) for e in graph}
    chosen: set[int] = set()
    for group in groups[:_COMMUNITIES]:
        chosen.update(sorted(group, key=heavy.__getitem__)[: most // (2 * _COMMUNITIES)])
    for entity in sorted(graph, key=heavy.__getitem__):
        if len(chosen) >= most:
            break
        chosen.add(entity)
    return _joined(graph.subgraph(chosen))


def _joined(graph: nx.Graph) -> list[int]:
    """The entities of `graph` without its crumbs: parts of one to five, when enough is left without them."""
    parts = list(nx.connected_components(graph))
    large = [p for p in parts if len(p) > 5]
    kept = large if sum(map(len, large)) >= _ENOUGH else [p for p in parts if len(p) > 1]
    return sorted(e for part in kept for e in part)


def _communities(graph: nx.Graph, packed: Packed) -> dict[int, int]:
    """Community by entity, numbered from the weightiest."""
    if not len(graph):
        return {}
    groups = nx.community.louvain_communities(_sorted(graph), weight="weight", seed=0, resolution=1.1)
    groups.sort(key=lambda g: (-sum(int(packed.degree[e]) for e in g), min(g)))
    return {entity: i for i, group in enumerate(groups) for entity in group}


def _alone(packed: Packed, wanted: int, first: int) -> dict[int, int]:
    """The most mentioned entities that no claim speaks of, where claims join too few; grouped by class."""
    kinds, mentions = packed.columns["entity_class"], packed.columns["entity_mentions"]
    free = [e for e, degree in enumerate(packed.degree.tolist()) if degree == 0] if wanted > 0 else []
    free.sort(key=lambda e: (-int(mentions[e]), e))
    shown = sorted({int(kinds[e]) for e in free[:wanted]})
    return {e: first + shown.index(int(kinds[e])) for e in free[:wanted]}


def _sorted(graph: nx.Graph) -> nx.Graph:
    """The same graph with its entities in order: Louvain's result depends on it."""
    ordered = nx.Graph()
    ordered.add_nodes_from(sorted(graph))
    ordered.add_weighted_edges_from(sorted((min(a, b), max(a, b), w) for a, b, w in graph.edges(data="weight")))
    return ordered


def _width(name: str) -> float:
    """About how many pixels a label takes at 12 pixels' size."""
    return min(sum(12.0 if ord(c) > 0x2E7F else 6.6 for c in name), 150.0)

"""Ways between two entities over claims, each hop with its evidence."""

from __future__ import annotations

import heapq
from collections import defaultdict
from dataclasses import dataclass
from math import log
from typing import TYPE_CHECKING

from kg.assembly import MergedClaim
from kg.model import AFFIRMED

if TYPE_CHECKING:
    from kg.graph import KnowledgeGraph

_STEP = 0.5
"""What each hop costs beside its doubt: a longer way must be much surer to be better."""
_VISITS = 20_000


@dataclass(frozen=True, slots=True)
class Hop:
    """One claim, walked from `source` to `target`: along it, or against it where `target` is its subject."""

    claim: MergedClaim
    source: str
    target: str

    @property
    def forward(self) -> bool:
        return self.claim.subject == self.source


@dataclass(frozen=True, slots=True)
class Path:
    hops: tuple[Hop, ...]
    cost: float

    @property
    def entities(self) -> tuple[str, ...]:
        return (self.hops[0].source, *(hop.target for hop in self.hops))


def best_paths(known: KnowledgeGraph, source: str, target: str, *, limit: int = 5, hops: int = 4) -> list[Path]:
    """Up to `limit` ways without circles, at most `hops` long, the cheapest first.

    A hop costs more the less sure its claim is and the more claims its end has: ways through what everything
    is joined to say little. Between two entities only the surest claim counts.
    """
    if source == target:
        return []
    edges = _edges(known)
    queue: list[tuple[float, tuple[str, ...], tuple[Hop, ...]]] = [(0.0, (source,), ())]
    found: list[Path] = []
    for _ in range(_VISITS):
        if not queue or len(found) == limit:
            break
        cost, walked, way = heapq.heappop(queue)
        at = walked[-1]
        if at == target:
            found.append(Path(way, round(cost, 4)))
        elif len(way) < hops:
            for other, (claim, price) in edges[at].items():
                if other not in walked:
                    heapq.heappush(queue, (cost + price, (*walked, other), (*way, Hop(claim, at, other))))
    return found


def _edges(known: KnowledgeGraph) -> dict[str, dict[str, tuple[MergedClaim, float]]]:
    best: dict[tuple[str, str], MergedClaim] = {}
    degree: dict[str, int] = defaultdict(int)
    for claim in known.claims:
        if claim.polarity == AFFIRMED:
            degree[claim.subject] += 1
            degree[claim.object] += 1
            for pair in ((claim.subject, claim.object), (claim.object, claim.subject)):
                held = best.get(pair)
                if held is None or _rank(claim) > _rank(held):
                    best[pair] = claim
    edges: dict[str, dict[str, tuple[MergedClaim, float]]] = defaultdict(dict)
    for (a, b), claim in sorted(best.items()):
        edges[a][b] = claim, _STEP - log(max(claim.confidence, 0.01)) + 0.1 * log(degree[b])
    return edges


def _rank(claim: MergedClaim) -> tuple[bool, float, int, str]:
    return claim.direct, claim.confidence, len(claim.evidence), claim.id

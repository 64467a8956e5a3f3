"""Where the entities of the opening stand: forces by community, then labels freed of each other.

Only additions, products and square roots, and a rounding at the end, so that a graph gives the same page anywhere.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]

_GOLDEN = 2.399963229728653
_STEPS = 260
_FAR = 170.0
"""Pixels beyond which entities do not push each other."""
_WIDE = 1.2
"""Width over height of the drawing, that of a usual window between its side bars."""


@dataclass(frozen=True, slots=True)
class Body:
    """An entity to place: its community, its radius and its label's width, in pixels."""

    group: int
    radius: float
    label: float


def place(bodies: Sequence[Body], links: Sequence[tuple[int, int, float]]) -> list[tuple[int, int]]:
    """Positions of `bodies`, in pixels about (0, 0); `links` are pairs of their numbers with a weight."""
    if not bodies:
        return []
    groups = np.array([b.group for b in bodies])
    centres = _centres(groups, _reach(groups, bodies), links)
    points = _scatter(groups, centres)
    pairs = np.array([(a, b) for a, b, _ in links], dtype=np.int64).reshape(-1, 2)
    weights = np.array([w for *_, w in links], dtype=np.float64)
    points = _relax(points, centres[groups], groups, pairs, weights)
    points[:, 0] *= _WIDE
    points = _part(points, bodies)
    points -= (points.max(axis=0) + points.min(axis=0)) / 2
    return [(round(x), round(y)) for x, y in points.tolist()]


def _reach(groups: NDArray[np.int64], bodies: Sequence[Body]) -> Points:
    """The radius that each group needs for its dots and labels."""
    room = np.array([(max(2 * b.radius, b.label) + 10) * (2 * b.radius + 24) for b in bodies])
    reach: Points = np.sqrt(np.bincount(groups, weights=room) * 0.9 / math.pi) + 18.0
    return reach


def _centres(groups: NDArray[np.int64], reach: Points, links: Sequence[tuple[int, int, float]]) -> Points:
    """One centre for each group: the weightiest in the middle, much linked ones side by side, none overlap."""
    count = len(reach)
    tie = np.zeros((count, count))
    for a, b, weight in links:
        if groups[a] != groups[b]:
            tie[groups[a], groups[b]] += weight
            tie[groups[b], groups[a]] += weight
    points = np.zeros((count, 2))
    for group in range(1, count):
        points[group] = _gap(group, points[:group], reach, np.sqrt(tie[group, :group]))
    return points


def _gap(group: int, placed: Points, reach: Points, tie: Points) -> Points:
    """The free place that touches a placed circle, near the middle and near the groups this one is tied to."""
    ring = np.array([(round(math.cos(k * math.pi / 24), 6), round(math.sin(k * math.pi / 24), 6)) for k in range(48)])
    beside = reach[: len(placed)] + reach[group]
    free = (placed[:, None, :] + beside[:, None, None] * ring[None, :, :]).reshape(-1, 2)
    apart = free[:, None, :] - placed[None, :, :]
    distance = np.sqrt((apart * apart).sum(axis=2))
    fits = (distance >= beside[None, :] - 1.0).all(axis=1)
    cost = np.sqrt((free * free).sum(axis=1)) + (distance * tie[None, :]).sum(axis=1) / max(float(tie.sum()), 1.0) * 0.6
    best: Points = free[int(np.argmin(np.where(fits, np.round(cost, 3), np.inf)))]
    return best


def _spiral(rank: int, reach: float) -> tuple[float, float]:
    radius, angle = reach * math.sqrt(rank + 0.5), rank * _GOLDEN
    return round(radius * math.cos(angle), 1), round(radius * math.sin(angle), 1)


def _scatter(groups: NDArray[np.int64], centres: Points) -> Points:
    """Each member on a sunflower spiral about its group's centre, the first in the middle."""
    seen = [0] * len(centres)
    points = np.zeros((len(groups), 2))
    for i, group in enumerate(groups.tolist()):
        dx, dy = _spiral(seen[group], 30.0)
        points[i] = centres[group, 0] + dx, centres[group, 1] + dy
        seen[group] += 1
    return points


def _relax(
    points: Points, homes: Points, groups: NDArray[np.int64], pairs: NDArray[np.int64], weights: Points
) -> Points:
    """Fruchterman and Reingold's forces (1991), links between groups weak, with a pull to the group's place."""
    size, ideal = len(points), 46.0
    near = (ideal / _FAR) ** 2
    if len(pairs):
        a, b = pairs[:, 0], pairs[:, 1]
        strength = np.sqrt(weights) * np.where(groups[a] == groups[b], 0.9, 0.05)
        degree = np.maximum(np.bincount(pairs.ravel(), minlength=size).astype(np.float64), 1.0)
    for step in range(_STEPS):
        gap = points[:, None, :] - points[None, :, :]
        square = (gap * gap).sum(axis=2) + 1.0
        force = (gap * np.maximum(ideal * ideal / square - near, 0.0)[:, :, None]).sum(axis=1)
        if len(pairs):
            along = points[b] - points[a]
            length = np.sqrt((along * along).sum(axis=1)) + 1e-6
            pull = along * (strength * length / ideal)[:, None]
            np.add.at(force, a, pull / degree[a][:, None])
            np.add.at(force, b, -pull / degree[b][:, None])
        force += 0.15 * (homes - points)
        length = np.sqrt((force * force).sum(axis=1)) + 1e-9
        heat = 26.0 * (1 - step / _STEPS) + 0.5
        points = points + force * (np.minimum(length, heat) / length)[:, None]
    return points


def _part(points: Points, bodies: Sequence[Body]) -> Points:
    """Moves boxes (a dot with its label beneath) apart, along the shorter way, until few overlap."""
    half_x = np.array([max(b.radius, b.label * 0.4) + 3 for b in bodies])
    half_y = np.array([b.radius + 10 for b in bodies])
    for _ in range(120):
        dx = points[:, None, 0] - points[None, :, 0]
        dy = points[:, None, 1] - points[None, :, 1]
        over_x = half_x[:, None] + half_x[None, :] - np.abs(dx)
        over_y = half_y[:, None] + half_y[None, :] - np.abs(dy)
        hit = (over_x > 0) & (over_y > 0)
        np.fill_diagonal(hit, False)
        if not hit.any():
            break
        order = np.sign(np.arange(len(bodies))[:, None] - np.arange(len(bodies))[None, :])
        flat = hit & (over_x < over_y)
        tall = hit & ~flat
        points[:, 0] += np.where(flat, over_x * np.where(dx == 0, order, np.sign(dx)), 0).sum(axis=1) * 0.22
        points[:, 1] += np.where(tall, over_y * np.where(dy == 0, order, np.sign(dy)), 0).sum(axis=1) * 0.22
    return points

"""Near-duplicate articles: the same story from several sources, found by MinHash over folded characters.

MinHash (Broder 1997) with banding: the share of equal values in two signatures estimates the Jaccard likeness of
the sets of five-character runs. All functions are pure: the result depends on the set of articles alone, not on
their order, and articles in traditional and simplified characters count as the same.
"""

import re
import zlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from kg.model import Article
from kg.text import fold

_RUN = 5
_BANDS, _ROWS = 32, 4
_LEAST = 40  # characters: below it, likeness says little
_ALIKE = 0.5
_FIGURES_ALIKE = 0.5
_LETTERS = re.compile(r"[^\W_]")
_FIGURES = re.compile(r"\d+(?:[.,]\d+)*")
_GENERATOR = np.random.Generator(np.random.PCG64(20250101))
_FACTORS = _GENERATOR.integers(1, 2**63, size=(_BANDS * _ROWS, 1), dtype=np.uint64) | np.uint64(1)
_SHIFTS = _GENERATOR.integers(0, 2**63, size=(_BANDS * _ROWS, 1), dtype=np.uint64)


@dataclass(frozen=True, slots=True)
class Signature:
    """What is compared of an article: its MinHash values, and the figures it states."""

    values: tuple[int, ...]
    figures: frozenset[str]


def signature(article: Article) -> Signature | None:
    """The signature of an article's body; None where it is too short to compare."""
    folded = fold(article.text[article.body_start :])
    letters = "".join(_LETTERS.findall(folded))
    if len(letters) < _LEAST:
        return None
    runs = {zlib.crc32(letters[i : i + _RUN].encode()) for i in range(len(letters) - _RUN + 1)}
    hashed = np.fromiter(sorted(runs), dtype=np.uint64, count=len(runs))
    with np.errstate(over="ignore"):
        values = ((hashed[None, :] * _FACTORS + _SHIFTS) >> np.uint64(32)).min(axis=1)
    return Signature(tuple(int(v) for v in values), frozenset(_FIGURES.findall(folded)))


def likeness(one: Signature, other: Signature) -> float:
    """Estimated Jaccard likeness, 0 to 1 (standard error 0.04); 0 where the two state different figures."""
    figures = one.figures | other.figures
    if figures and len(one.figures & other.figures) < _FIGURES_ALIKE * len(figures):
        return 0.0
    return sum(a == b for a, b in zip(one.values, other.values, strict=True)) / len(one.values)


def groups(signatures: Mapping[str, Signature]) -> list[tuple[str, ...]]:
    """Ids of articles that tell the same story, two or more a group; groups and ids sorted."""
    parent = {key: key for key in signatures}

    def root(key: str) -> str:
        while parent[key] != key:
            parent[key] = parent[parent[key]]
            key = parent[key]
        return key

    for bucket in _buckets(signatures):
        for i, one in enumerate(bucket):
            for other in bucket[i + 1 : i + 1 + _NEIGHBOURS]:
                a, b = root(one), root(other)
                if a != b and likeness(signatures[one], signatures[other]) >= _ALIKE:
                    parent[max(a, b)] = min(a, b)
    found: dict[str, list[str]] = defaultdict(list)
    for key in sorted(signatures):
        found[root(key)].append(key)
    return sorted(tuple(keys) for keys in found.values() if len(keys) > 1)


_NEIGHBOURS = 200  # in one bucket; keeps a page of boilerplate from costing the square of its copies


def _buckets(signatures: Mapping[str, Signature]) -> Iterable[list[str]]:
    for band in range(_BANDS):
        table: dict[tuple[int, ...], list[str]] = defaultdict(list)
        for key in sorted(signatures):
            table[signatures[key].values[band * _ROWS : (band + 1) * _ROWS]].append(key)
        yield from (bucket for bucket in table.values() if len(bucket) > 1)


def same_story(articles: Iterable[Article]) -> dict[str, str]:
    """For each article that has near-duplicates, the id that stands for its group: the smallest of them."""
    signatures = {a.id: s for a in articles if (s := signature(a)) is not None}
    return {key: group[0] for group in groups(signatures) for key in group}

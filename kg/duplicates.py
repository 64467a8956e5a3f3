"""Near-duplicate articles: the same story from several sources, found by MinHash over folded characters.

MinHash (Broder 1997) with banding: the share of equal values in two sketches estimates the Jaccard likeness of the
sets of five-character runs. All functions are pure: the result depends on the set of articles alone, not on their
order, and articles in traditional and simplified characters count as the same. A sketch is made where an article is
extracted, so that those of many documents can be compared without their texts.
"""

import re
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import TypeVar

import numpy as np

from kg.model import Article
from kg.text import fold

K = TypeVar("K", str, tuple[str, str])

_RUN = 5
_BANDS, _ROWS = 32, 4
_VALUE = 4  # bytes
_HASHES = _BANDS * _ROWS * _VALUE
_LEAST = 40  # characters: below it, likeness says little
_ALIKE = 0.5
_FIGURES_ALIKE = 0.5
_NEIGHBOURS = 200  # in one bucket; keeps a page of boilerplate from costing the square of its copies
_OTHERS = re.compile(r"[\W_]+")
_FIGURES = re.compile(r"\d+(?:[.,]\d+)*")
_GENERATOR = np.random.Generator(np.random.PCG64(20250101))
_FACTORS = _GENERATOR.integers(1, 2**63, size=(_BANDS * _ROWS, 1), dtype=np.uint64) | np.uint64(1)
_SHIFTS = _GENERATOR.integers(0, 2**63, size=(_BANDS * _ROWS, 1), dtype=np.uint64)


def sketch(article: Article) -> bytes:
    """What is compared of an article's body: its MinHash values, then hashes of the figures it states.

    Nothing where the body is too short to compare.
    """
    folded = fold(article.text[article.body_start :])
    letters = _OTHERS.sub("", folded)
    if len(letters) < _LEAST:
        return b""
    runs = {zlib.crc32(letters[i : i + _RUN].encode()) for i in range(len(letters) - _RUN + 1)}
    hashed = np.fromiter(runs, dtype=np.uint64, count=len(runs))
    with np.errstate(over="ignore"):
        values = ((hashed[None, :] * _FACTORS + _SHIFTS) >> np.uint64(32)).min(axis=1)
    figures = sorted({zlib.crc32(figure.encode()) for figure in _FIGURES.findall(folded)})
    return bytes(np.concatenate([values, np.array(figures, dtype=np.uint64)]).astype("<u4").tobytes())


def likeness(one: bytes, other: bytes) -> float:
    """Estimated Jaccard likeness, 0 to 1 (standard error 0.04); 0 where the two state different figures."""
    figures, others = (frozenset(np.frombuffer(s, "<u4", offset=_HASHES).tolist()) for s in (one, other))
    if len(figures & others) < _FIGURES_ALIKE * len(figures | others):
        return 0.0
    values, theirs = (np.frombuffer(s, "<u4", count=_BANDS * _ROWS) for s in (one, other))
    return float((values == theirs).mean())


def groups(sketches: Mapping[K, bytes]) -> list[tuple[K, ...]]:
    """Keys of articles that tell the same story, two or more a group; groups and keys sorted."""
    compared = {key: sketches[key] for key in sorted(sketches) if sketches[key]}
    parent = {key: key for key in compared}

    def root(key: K) -> K:
        while parent[key] != key:
            parent[key] = parent[parent[key]]
            key = parent[key]
        return key

    for bucket in _buckets(compared):
        for i, one in enumerate(bucket):
            for other in bucket[i + 1 : i + 1 + _NEIGHBOURS]:
                a, b = root(one), root(other)
                if a != b and likeness(compared[one], compared[other]) >= _ALIKE:
                    parent[max(a, b)] = min(a, b)
    found: dict[K, list[K]] = defaultdict(list)
    for key in compared:
        found[root(key)].append(key)
    return sorted(tuple(keys) for keys in found.values() if len(keys) > 1)


def _buckets(sketches: Mapping[K, bytes]) -> Iterator[list[K]]:
    """Keys whose sketches are alike in one band; `sketches` is sorted."""
    width = _ROWS * _VALUE
    for start in range(0, _HASHES, width):
        first: dict[bytes, K] = {}
        several: dict[bytes, list[K]] = {}
        for key, values in sketches.items():
            band = values[start : start + width]
            if first.setdefault(band, key) != key:
                several.setdefault(band, [first[band]]).append(key)
        yield from several.values()


def copies(articles: Iterable[Article]) -> dict[tuple[str, str], tuple[str, str]]:
    """For each article that has near-duplicates, the one that stands for its story: (document id, article id)."""
    alike = groups({(a.document, a.id): a.sketch for a in articles})
    return {key: group[0] for group in alike for key in group}

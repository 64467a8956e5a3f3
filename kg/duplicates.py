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
from numpy.typing import NDArray

from kg.model import Article
from kg.text import fold

K = TypeVar("K", str, tuple[str, str])

_RUN = 5
_BANDS, _ROWS = 32, 4
_VALUE = 4  # bytes
_HASHES = _BANDS * _ROWS * _VALUE
_AT_ONCE = 4096  # runs that are hashed together: a long article's would fill the memory
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
    values = np.full(_BANDS * _ROWS, 2**32 - 1, dtype=np.uint64)
    with np.errstate(over="ignore"):
        for at in range(0, len(hashed), _AT_ONCE):
            made = (hashed[None, at : at + _AT_ONCE] * _FACTORS + _SHIFTS) >> np.uint64(32)
            np.minimum(values, made.min(axis=1), out=values)
    figures = sorted({zlib.crc32(figure.encode()) for figure in _FIGURES.findall(folded)})
    return bytes(np.concatenate([values, np.array(figures, dtype=np.uint64)]).astype("<u4").tobytes())


def stories(sketches: Mapping[K, bytes]) -> dict[K, K]:
    """For the key of each article that has near-duplicates, the first of these keys, which stands for the story."""
    return {key: group[0] for group in groups(sketches) for key in group}


def copies(articles: Iterable[Article]) -> dict[tuple[str, str], tuple[str, str]]:
    """`stories` of articles, whose keys are (document id, article id)."""
    return stories({(a.document, a.id): a.sketch for a in articles})


def groups(sketches: Mapping[K, bytes]) -> list[tuple[K, ...]]:
    """Keys of articles that tell the same story, two or more a group; groups and keys sorted."""
    keys = sorted(key for key, made in sketches.items() if made)
    compared = [sketches[key] for key in keys]
    parent = list(range(len(keys)))

    def root(at: int) -> int:
        while parent[at] != at:
            parent[at] = parent[parent[at]]
            at = parent[at]
        return at

    for bucket in _buckets(compared):
        if len({root(at) for at in bucket}) == 1:
            continue
        values = np.frombuffer(b"".join(compared[at][:_HASHES] for at in bucket), "<u4").reshape(len(bucket), -1)
        for i, one in enumerate(bucket):
            near = values[i + 1 : i + 1 + _NEIGHBOURS]
            for n in np.flatnonzero((near == values[i]).mean(axis=1) >= _ALIKE).tolist():
                other = bucket[i + 1 + n]
                a, b = root(one), root(other)
                if a != b and _figures_alike(compared[one], compared[other]):
                    parent[max(a, b)] = min(a, b)
    found: dict[int, list[K]] = defaultdict(list)
    for at, key in enumerate(keys):
        found[root(at)].append(key)
    return sorted(tuple(alike) for alike in found.values() if len(alike) > 1)


def _figures_alike(one: bytes, other: bytes) -> bool:
    figures, others = (frozenset(np.frombuffer(s, "<u4", offset=_HASHES).tolist()) for s in (one, other))
    return len(figures & others) >= _FIGURES_ALIKE * len(figures | others)


def _buckets(sketches: list[bytes]) -> Iterator[list[int]]:
    """Numbers of sketches that agree in one band, in order."""
    width = _ROWS * _VALUE
    for start in range(0, _HASHES, width):
        band: NDArray[np.uint64] = np.frombuffer(b"".join(s[start : start + width] for s in sketches), "<u8")
        columns = band.reshape(-1, width // 8)
        order = np.lexsort(columns.T)
        other = (columns[order[1:]] != columns[order[:-1]]).any(axis=1)
        edges = np.concatenate([[0], np.flatnonzero(other) + 1, [len(order)]])
        for at in np.flatnonzero(np.diff(edges) > 1).tolist():
            yield order[edges[at] : edges[at + 1]].tolist()

"""Near-duplicate articles: the same story from several sources, found by MinHash over folded characters.

MinHash (Broder 1997) with banding: the share of equal values in two signatures estimates the Jaccard likeness of
the sets of five-character runs. All functions are pure: the result depends on the set of articles alone, not on
their order, and articles in traditional and simplified characters count as the same.
"""

import re
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

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
    """What is compared of an article: its MinHash values (little-endian, four bytes each), and its figures."""

    values: bytes
    figures: frozenset[str]

    @property
    def numbers(self) -> NDArray[np.uint32]:
        return np.frombuffer(self.values, "<u4")


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
    return Signature(values.astype("<u4").tobytes(), frozenset(_FIGURES.findall(folded)))


def likeness(one: Signature, other: Signature) -> float:
    """Estimated Jaccard likeness, 0 to 1 (standard error 0.04); 0 where the two state different figures."""
    figures = one.figures | other.figures
    if figures and len(one.figures & other.figures) < _FIGURES_ALIKE * len(figures):
        return 0.0
    return float(np.mean(one.numbers == other.numbers))


def groups(signatures: Mapping[str, Signature]) -> list[tuple[str, ...]]:
    """Ids of articles that tell the same story, two or more a group; groups and ids sorted."""
    if not signatures:
        return []
    keys = sorted(signatures)
    parent = list(range(len(keys)))

    def root(at: int) -> int:
        while parent[at] != at:
            parent[at] = parent[parent[at]]
            at = parent[at]
        return at

    for bucket in _buckets([signatures[key] for key in keys]):
        if len({root(at) for at in bucket}) == 1:
            continue
        for i, one in enumerate(bucket):
            for other in bucket[i + 1 : i + 1 + _NEIGHBOURS]:
                a, b = root(one), root(other)
                if a != b and likeness(signatures[keys[one]], signatures[keys[other]]) >= _ALIKE:
                    parent[max(a, b)] = min(a, b)
    found: dict[int, list[str]] = defaultdict(list)
    for at, key in enumerate(keys):
        found[root(at)].append(key)
    return sorted(tuple(alike) for alike in found.values() if len(alike) > 1)


_NEIGHBOURS = 200  # in one bucket; keeps a page of boilerplate from costing the square of its copies


def _buckets(signatures: Sequence[Signature]) -> Iterator[list[int]]:
    """Numbers of signatures that agree in one band, in order."""
    values = np.frombuffer(b"".join(s.values for s in signatures), "<u8").reshape(len(signatures), -1)
    width = values.shape[1] // _BANDS
    for band in range(_BANDS):
        columns = values[:, band * width : (band + 1) * width]
        order = np.lexsort(columns.T)
        other = (columns[order[1:]] != columns[order[:-1]]).any(axis=1)
        edges = np.concatenate([[0], np.flatnonzero(other) + 1, [len(order)]])
        for start in np.flatnonzero(np.diff(edges) > 1).tolist():
            yield order[edges[start] : edges[start + 1]].tolist()


def same_story(articles: Iterable[Article]) -> dict[str, str]:
    """For each article that has near-duplicates, the id that stands for its group: the smallest of them."""
    signatures = {a.id: s for a in articles if (s := signature(a)) is not None}
    return {key: group[0] for group in groups(signatures) for key in group}

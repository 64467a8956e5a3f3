"""What other texts state of listed things: how plausible a relation between two of them is before it is read.

seeds/models/background.tsv holds facts between things of the gazetteer: subject, predicate, object, how many texts
state it, and in how many texts the two stand together. No claim comes from it: it tells how readily to believe what was
read in the document.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from kg import learned, schema
from kg.errors import DataError

FILE = "background.tsv"
FEATURES = 5
Ints = npt.NDArray[np.int64]
_PRIOR = 10.0
"""Facts of its own that it takes before a thing's habits count as much as all things'."""
_STATED, _TOGETHER = 0.3, 1.5
"""Added to counts of texts, so that one text is not all."""


class Row(NamedTuple):
    """A fact between listed things: how many texts state it, and how many name both."""

    subject: str
    predicate: str
    object: str
    texts: int
    together: int


class Background:
    def __init__(self, rows: Iterable[Row]) -> None:
        symmetric = schema.symmetric()
        ids: dict[str, int] = {}
        predicates: dict[str, int] = {}
        cells = array("q")
        for subject, predicate, object_, texts, together in rows:
            one, two = ids.setdefault(subject, len(ids)), ids.setdefault(object_, len(ids))
            of = predicates.setdefault(predicate, len(predicates))
            cells.extend((one, of, two, texts, together))
            if predicate in symmetric:
                cells.extend((two, of, one, texts, together))
        self._ids, self._predicates = ids, predicates
        table = np.array(cells, np.int64).reshape(-1, 5).T
        table = table[:, np.lexsort((table[2], table[0]))]
        self._subjects, self._of, self._objects, self._texts, self._together = table
        self._pairs = self._subjects * len(ids) + self._objects
        self._by_object = np.argsort(self._objects, kind="stable")
        self._sorted_objects = self._objects[self._by_object]
        self._usual = self._counts(slice(None)) / max(1, int(self._texts.sum()))
        self._habits: dict[int, tuple[Ints, Ints]] = {}

    def row(self, subject: str, predicate: str, object_: str) -> list[float]:
        """What the regression weighs, all 0 where nothing is known of either.

        Whether the fact is known; whether another of the two is, and not this; the logarithm of the share of texts with
        both that state it; by how much more often than other things the one is its subject, and the other its object.
        """
        one, two = self._ids.get(subject), self._ids.get(object_)
        of = self._predicates.get(predicate, -1)
        texts, together = (0, 0) if one is None or two is None else self._known(one, of, two)
        share = math.log((texts + _STATED) / (together + _TOGETHER)) if together else 0.0
        habits = (self._habit(one, 0, of), self._habit(two, 1, of))
        return [float(texts > 0), float(together > 0 and not texts), share, *habits]

    def _known(self, one: int, of: int, two: int) -> tuple[int, int]:
        """Texts that state the fact, and texts with both where they state anything of the two."""
        count = len(self._ids)
        pairs = (one * count + two, two * count + one)
        ahead, back = (slice(*np.searchsorted(self._pairs, (pair, pair + 1))) for pair in pairs)
        together = max([*self._together[ahead], *self._together[back]], default=0)
        return int(self._texts[ahead][self._of[ahead] == of].sum()), int(together)

    def _habit(self, thing: int | None, role: int, of: int) -> float:
        if thing is None or of < 0:
            return 0.0
        if thing not in self._habits:
            first = slice(*np.searchsorted(self._subjects, (thing, thing + 1)))
            second = self._by_object[slice(*np.searchsorted(self._sorted_objects, (thing, thing + 1)))]
            self._habits[thing] = self._counts(first), self._counts(second)
        counts, usual = self._habits[thing], float(self._usual[of])
        total = float(counts[0].sum() + counts[1].sum())
        return math.log((float(counts[role][of]) + _PRIOR * usual) / ((total + _PRIOR) * usual))

    def _counts(self, chosen: slice | Ints) -> Ints:
        """Texts by predicate over some rows."""
        counts: Ints = np.bincount(self._of[chosen], self._texts[chosen], len(self._predicates))
        return counts


@cache
def load(folder: Path | None = None) -> Background:
    """The facts of `folder` where it has them, else those of seeds/models. Raises DataError where one is damaged."""
    return Background(read(folder))


def read(folder: Path | None = None) -> Iterator[Row]:
    """The rows of the file, as `load`."""
    path = learned.path(FILE, folder)
    try:
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                if line[:1] != "#":
                    subject, predicate, object_, texts, together = line.split("\t")
                    yield Row(subject, predicate, object_, int(texts), int(together))
    except (OSError, ValueError) as error:
        raise DataError(f"{path}: {learned.AGAIN} ({error!r})") from error

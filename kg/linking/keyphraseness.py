"""How often texts that hold a name are about what it names: in how many of the annotated texts it was annotated.

seeds/models/keyphraseness.tsv holds for ids of the gazetteer, and for folded names that it lacks, the texts that hold
them and those in which they are annotated (Mihalcea and Csomai, Wikify!, 2007).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from kg import learned
from kg.errors import DataError
from kg.odds import log_odds

FILE = "keyphraseness.tsv"
_MARK = "ent:"
"""Before the id of a gazetteer's entity."""


class Row(NamedTuple):
    """A name, or `ent:` and an id: texts that hold it, and those in which it is annotated."""

    name: str
    texts: int
    annotated: int


class Keyphraseness:
    def __init__(self, rows: Iterable[Row]) -> None:
        counts = {row.name: (row.texts, row.annotated) for row in rows}
        self._more: dict[str, float] = {}
        for listed in (True, False):
            own = {name: count for name, count in counts.items() if name.startswith(_MARK) == listed}
            held, annotated_in = (sum(column) for column in zip((2, 1), *own.values(), strict=True))
            usual = annotated_in / held
            base = log_odds(usual)
            self._more |= {n: log_odds((of + usual) / (texts + 1)) - base for n, (texts, of) in own.items()}

    def of(self, id_: str | None, name: str) -> float:
        """By how much the log-odds of an entity lie over those of its kind, listed or not; 0 where no text held it.

        `id_` is that in the gazetteer, None where it has none; `name` is folded.
        """
        return self._more.get(name if id_ is None else key(id_), 0.0)


def key(id_: str) -> str:
    """The name of an entity of the gazetteer in the file."""
    return _MARK + id_


@cache
def load(folder: Path | None = None) -> Keyphraseness:
    """That of `folder` where it has one, else of seeds/models. Raises DataError where it is damaged."""
    return Keyphraseness(read(folder))


def read(folder: Path | None = None) -> Iterator[Row]:
    """The rows of the file, as `load`."""
    path = learned.path(FILE, folder)
    try:
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                name, texts, annotated = line.split("\t")
                yield Row(name, int(texts), int(annotated))
    except (OSError, ValueError) as error:
        raise DataError(f"{path}: {learned.AGAIN} ({error!r})") from error

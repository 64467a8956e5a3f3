"""What resolution knows of all documents together, as counts: a document is added, and can be taken away again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from kg.assembly.resolve import Edge, Places, resolve
from kg.assembly.summary import Summary, Writer
from kg.model import Entity

T = TypeVar("T")


@dataclass(slots=True)
class Census:
    """`versions` counts how many documents describe an entity in just these words; mentions are part of them."""

    versions: Counter[Entity] = field(default_factory=Counter)
    colleagues: Counter[Edge] = field(default_factory=Counter)
    writers: dict[str, tuple[Writer, ...]] = field(default_factory=dict)
    """Those of articles, by document."""

    def add(self, summary: Summary) -> None:
        self.versions.update(summary.entities)
        self.colleagues.update(summary.colleagues)
        if summary.writers:
            self.writers[summary.document] = summary.writers

    def resolve(self, places: Places) -> tuple[dict[str, Entity], dict[str, str]]:
        """Merged entities by id, those of authors among them, and for each id that gave way the id it became."""
        entities, became = resolve(self.versions, self.colleagues, places)
        for document in sorted(self.writers):
            for writer in self.writers[document]:
                if writer.meant(became) == writer.own:
                    entities.setdefault(writer.own, writer.entity())
        return entities, became


def change(counts: Counter[T], by: Iterable[tuple[T, int]]) -> None:
    """Adds to counts; what comes to nothing is no longer there."""
    for one, count in by:
        counts[one] += count
        if not counts[one]:
            del counts[one]

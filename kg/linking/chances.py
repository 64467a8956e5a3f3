"""How likely a thing that was read as a name is one that the text is about: what is too unlikely is left out.

seeds/models/entities.json holds the weights of a logistic regression over what the document shows of the thing, and
the threshold of the best F1, and what tells that two are one (kg.linking.sameness), fitted on documents that the
learned reader has not seen (`kg train --joint`).
"""

from __future__ import annotations

import json
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from kg import learned, naming, odds
from kg.errors import DataError
from kg.linking import sameness
from kg.linking.forms import group
from kg.linking.keyphraseness import Keyphraseness
from kg.model import Article, Entity, Mention, listed
from kg.reader import Reading
from kg.schema import broad
from kg.text import fold

_CERTAIN = 2.5e-3
SAME = 0.8
"""The chance from which on two entities are one: what is not decided stays apart."""
_HARDLY = -5.0
"""Log-odds of what the reader would never have read as a name."""
_SHORT = 2
_FEATURES = 17


@dataclass(frozen=True, slots=True)
class Seen:
    """What a document shows of an entity: its surest reading, how often and where it stands; the text's length."""

    cls: str
    told: tuple[float, ...]
    """How sure the learned reader is of each mention, whoever found it."""
    read: bool
    """The learned reader found a mention by itself."""
    count: int
    titled: bool
    known: bool
    characters: int
    name: str
    """The surest reading's name, folded."""
    worth: tuple[float, ...] = ()
    """The second reading's score of each mention that it saw."""
    usual: float = 0.0
    """How much more often than others annotators hold it for a thing (kg.linking.keyphraseness)."""

    def row(self) -> list[float]:
        """The features that `Chances.weights` weigh."""
        told = [odds.log_odds(chance, _CERTAIN) for chance in self.told or (0.0,)]
        worth = self.worth or (0.0,)
        return [
            1.0,
            max(told),
            float(max(told) < _HARDLY),
            sum(told) / len(told),
            math.log1p(sum(self.told)),
            float(not self.read),
            math.log1p(self.count),
            float(self.titled),
            float(self.known),
            math.log(max(50, self.characters)) - 7,
            float(len(self.name) <= _SHORT),
            float(any(char.isascii() and char.isalnum() for char in self.name)),
            float(any(word in self.name for word in naming.load().phrasing)),
            sum(worth) / len(worth),
            max(worth),
            float(not self.worth),
            self.usual,
        ]


@dataclass(frozen=True, slots=True)
class Chances:
    weights: tuple[float, ...]
    classes: Mapping[str, float]
    threshold: float
    same: tuple[float, ...]
    """What kg.linking.sameness weighs two entities' being one by."""

    def of(self, seen: Seen) -> float:
        """The chance that a careful reader would put it in the graph."""
        total = sum(w * x for w, x in zip(self.weights, seen.row(), strict=True)) + self.classes.get(seen.cls, 0.0)
        return odds.chance(total)


def survey(
    articles: Sequence[Article],
    linked: Sequence[Sequence[Mention]],
    entities: Mapping[str, Entity],
    readings: Iterable[Reading],
    elsewhere: Keyphraseness,
) -> dict[str, Seen]:
    """What the document shows of each entity that was read in its text; authors and makers are beyond doubt."""
    worth: dict[str, list[float]] = defaultdict(list)
    for reading in readings:
        for owner, score in zip(reading.owners, reading.worth(), strict=True):
            worth[reading.entities[owner]].append(float(score))
    places: dict[str, list[tuple[Mention, bool]]] = defaultdict(list)
    sure = {mention.entity for own in linked for mention in own if not len(mention.span)} | _makers(linked, entities)
    for article, own in zip(articles, linked, strict=True):
        for mention in own:
            if mention.entity and mention.entity not in sure:
                places[mention.entity].append((mention, mention.span.start < article.body_start))
    characters = sum(len(article.text) for article in articles)
    names = {id_: fold(max((m for m, _ in own), key=lambda m: m.read or 0.0).surface) for id_, own in places.items()}
    return {
        id_: Seen(
            broad(entities[id_].cls),
            tuple(m.read for m, _ in own if m.read is not None),
            any(m.finder == "neural" for m, _ in own),
            len(own),
            any(titled for _, titled in own),
            listed(id_),
            characters,
            names[id_],
            tuple(worth[id_]),
            elsewhere.of(id_ if listed(id_) else None, names[id_]),
        )
        for id_, own in places.items()
    }


def _makers(linked: Sequence[Sequence[Mention]], entities: Mapping[str, Entity]) -> set[str]:
    """Organisations that stand only at the beginning of names of products (百度 of 百度文心).

    Of 33 such in annotated texts 26 are things of their own, whatever the reader makes of them.
    """
    makers: set[str] = set()
    others: set[str] = set()
    for own in linked:
        longest = {m.span.start: m.entity for m in sorted(own, key=lambda m: len(m.span)) if m.entity}
        for mention in own:
            if mention.entity:
                whole = longest[mention.span.start]
                made = whole != mention.entity and broad(entities[whole].cls) == "Product"
                of_body = group(entities[mention.entity].cls) == "Organization"
                (makers if made and of_body else others).add(mention.entity)
    return makers - others


def without(linked: Iterable[Sequence[Mention]], dropped: set[str]) -> list[list[Mention]]:
    """The mentions but those of dropped entities."""
    return [[m for m in own if m.entity not in dropped] for own in linked]


@cache
def load(folder: Path | None = None) -> Chances:
    """The chances of `folder` where it has them, else of seeds/models. Raises DataError where the file is damaged."""
    path = learned.path("entities.json", folder)
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        for name, count in (("weights", _FEATURES), ("same", sameness.FEATURES)):
            if len(raw[name]) != count:
                raise ValueError(f"{len(raw[name])} {name}, not {count}")
        return Chances(tuple(raw["weights"]), raw["classes"], raw["threshold"], tuple(raw["same"]))
    except (OSError, KeyError, ValueError) as error:
        raise DataError(f"{path}: {learned.AGAIN} ({error!r})") from error

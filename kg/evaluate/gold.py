"""Gold: what a perfect reader would put in the graph, as JSON files, one a document.

Each file has `entities` (id, class, name, aliases), `relations` (s, p, o, polarity, salience, evidence) and
`observations` (s, value, unit, time, evidence).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from kg.errors import DataError
from kg.evaluate import forms
from kg.model import AFFIRMED
from kg.read import READERS
from kg.schema import symmetric

MAIN = 3
"""The salience of an article's main points."""


class GoldEntity(msgspec.Struct):
    id: str
    cls: str = msgspec.field(name="class")
    name: str
    aliases: list[str] = []


class GoldRelation(msgspec.Struct):
    s: str
    p: str
    o: str
    polarity: str | None = None
    salience: int | None = None
    evidence: str | None = None


class GoldFigure(msgspec.Struct):
    s: str
    value: float | None = None
    unit: str | None = None
    time: str | None = None
    evidence: str | None = None


class GoldFile(msgspec.Struct):
    entities: list[GoldEntity]
    relations: list[GoldRelation] = []
    observations: list[GoldFigure] = []


Fact = tuple[int, str, int, str]
"""Subject, predicate, object, polarity; the ends of a symmetric predicate in order."""


@dataclass(frozen=True, slots=True)
class Figure:
    about: int
    kind: str | None
    value: float
    time: str
    evidence: str


@dataclass
class Gold:
    """The union of several files: things are numbered, and what files name alike is one thing."""

    names: list[str] = field(default_factory=list)
    classes: list[set[str]] = field(default_factory=list)
    facts: dict[Fact, str] = field(default_factory=dict)
    """With the words that state them."""
    main: set[Fact] = field(default_factory=set)
    figures: list[Figure] = field(default_factory=list)
    _own: list[set[str]] = field(default_factory=list)
    _forms: list[set[str]] = field(default_factory=list)
    _bearers: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))

    def add(self, file: GoldFile) -> None:
        """An entity is one with another file's when the name of one is a form of the other; two of a file never are."""
        number = self._join(file.entities)
        for relation in file.relations:
            fact = ordered(number[relation.s], relation.p, number[relation.o], relation.polarity or AFFIRMED)
            self.facts.setdefault(fact, relation.evidence or "")
            if relation.salience == MAIN:
                self.main.add(fact)
        for figure in file.observations:
            if figure.value is not None:
                kind, scale = forms.unit(figure.unit) if figure.unit else (None, 1.0)
                value = figure.value * scale
                self.figures.append(Figure(number[figure.s], kind, value, figure.time or "", figure.evidence or ""))

    def meant(self, labels: set[str]) -> list[int]:
        """The things that these forms name, the best first; a form that several bear decides only if no other does."""
        votes = Counter(n for form in labels for n in self._bearers.get(form, ()))
        ranked = sorted(votes, key=lambda n: (not self._own[n] & labels, -votes[n], n))
        sure = {n for form in labels if len(self._bearers.get(form, ())) == 1 for n in self._bearers[form]}
        return [n for n in ranked if n in sure] or ranked[:1]

    def _join(self, entities: list[GoldEntity]) -> dict[str, int]:
        known = {e.id: {forms.name(n) for n in (e.name, *e.aliases)} - {""} for e in entities}
        links = []
        for entity in entities:
            own, mine = forms.name(entity.name), known[entity.id]
            for number, theirs in enumerate(self._forms):
                if own in theirs or self._own[number] & mine:
                    links.append((own not in self._own[number], -len(mine & theirs), number, entity.id))
        joined: dict[str, int] = {}
        for _, _, number, id_ in sorted(links):
            if id_ not in joined and number not in joined.values():
                joined[id_] = number
        for entity in entities:
            if entity.id not in joined:
                joined[entity.id] = len(self.names)
                self.names.append(entity.name)
                self.classes.append(set())
                self._own.append(set())
                self._forms.append(set())
            number = joined[entity.id]
            self.classes[number].add(entity.cls)
            self._own[number].add(forms.name(entity.name))
            self._forms[number] |= known[entity.id]
            for form in known[entity.id]:
                self._bearers[form].add(number)
        return joined


def ordered(subject: int, predicate: str, object_: int, polarity: str) -> Fact:
    if predicate in symmetric() and object_ < subject:
        subject, object_ = object_, subject
    return subject, predicate, object_, polarity


def read(paths: Iterable[Path]) -> Gold:
    """Raises `DataError`, naming the file."""
    gold = Gold()
    for path in paths:
        try:
            gold.add(msgspec.json.decode(path.read_bytes(), type=GoldFile))
        except (OSError, msgspec.DecodeError, KeyError) as error:
            told: Any = f"no entity has the id {error}" if isinstance(error, KeyError) else error
            raise DataError(f"{path}: is no gold file ({told})") from error
    return gold


def source_of(gold: Path, documents: Path) -> Path:
    """The document of the gold `X.json`: `X.…` or `X_….` of the folder. Raises DataError where there is none."""
    for path in sorted(documents.iterdir()):
        named = path.stem == gold.stem or path.name.split(".")[0].split("_")[0] == gold.stem
        if named and path.suffix.lower() in READERS:
            return path
    raise DataError(f"{gold}: there is no document for it in {documents}")


def files(folder: Path) -> list[Path]:
    """The gold files of a folder, or the file itself. Raises `DataError` where there is none."""
    found = [folder] if folder.is_file() else sorted(folder.glob("*.json"))
    if not found:
        raise DataError(f"{folder}: holds no gold (*.json)")
    return found

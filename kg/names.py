"""Entities by any name they go by: either script, an alias, English, a ticker, or their id."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from difflib import get_close_matches
from typing import TYPE_CHECKING

from kg.errors import QueryError
from kg.model import Entity
from kg.query import ask
from kg.text import fold

if TYPE_CHECKING:
    import pyoxigraph as ox

_SHOWN = 5
_NAMES = """SELECT ?entity ?kind ?name ?mentions WHERE {
  VALUES ?kind { skos:prefLabel skos:altLabel jl:ticker jl:isoCountry jl:isoCurrency jl:mic }
  ?entity a jl:Entity ; jl:mentions ?mentions ; ?kind ?name }"""


def form(name: str) -> str:
    """The form names are compared in: folded, without blanks."""
    return "".join(fold(name).split())


class Names:
    """An index of entities by the forms of their names."""

    def __init__(self, entities: Iterable[Entity]) -> None:
        self._by_form: dict[str, list[tuple[int, int, str]]] = defaultdict(list)
        self._by_id: dict[str, Entity] = {}
        for entity in entities:
            self._by_id[entity.id] = entity
            names = [(0, entity.id), *((0, n) for _, n in entity.labels)]
            names += [(1, n) for _, n in entity.aliases] + [(1, n) for _, n in entity.identifiers]
            for weight, name in names:
                self._by_form[form(name)].append((weight, -entity.mentions, entity.id))

    def find(self, name: str) -> list[Entity]:
        """All entities of that name: those whose main name it is first, then the most mentioned."""
        found = sorted(self._by_form.get(form(name.removeprefix("ent:")), ()))
        return [self._by_id[id_] for id_ in dict.fromkeys(id_ for _, _, id_ in found)]

    def one(self, name: str) -> Entity:
        """The best entity of that name. Raises `QueryError` with near names where there is none."""
        found = self.find(name)
        if found:
            return found[0]
        near = self.near(name)
        hint = f"; do you mean {', '.join(near)}?" if near else ""
        raise QueryError(f"no entity of the graph is called {name}{hint}")

    def near(self, name: str) -> list[str]:
        """Names that hold the one given, or look like it."""
        wanted = form(name)
        holding = [f for f in self._by_form if wanted and (wanted in f or (len(f) > 1 and f in wanted))]
        forms = sorted(holding, key=lambda f: (len(f), f)) or get_close_matches(wanted, self._by_form, _SHOWN)
        ids = dict.fromkeys(id_ for f in forms for _, _, id_ in sorted(self._by_form[f]))
        return [display(self._by_id[id_]) for id_ in list(ids)[:_SHOWN]]


def of_store(store: ox.Store, *, base: str) -> Names:
    """The index of a store: names, identifiers and mentions alone, for graphs too large to load."""
    labels: dict[str, list[tuple[str, str]]] = defaultdict(list)
    others: dict[str, list[tuple[str, str]]] = defaultdict(list)
    mentions: dict[str, int] = {}
    for row in ask(store, _NAMES, base=base).rows:
        entity, kind, name, count = (str(cell) for cell in row)
        mentions[entity] = int(count)
        (labels if kind == "skos:prefLabel" else others)[entity].append((kind, name))
    return Names(
        Entity(e.removeprefix("ent:"), "Entity", tuple(labels[e]), tuple(others[e]), mentions=mentions[e])
        for e in sorted(mentions)
    )


def display(entity: Entity, language: str = "zh-Hant") -> str:
    """The name to show: in `language` if there is one, else the first there is, else the id."""
    labels = dict(entity.labels)
    return labels.get(language) or next((name for _, name in sorted(labels.items(), reverse=True)), entity.id)

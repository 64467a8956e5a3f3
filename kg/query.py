"""Questions in SPARQL: with the project's prefixes declared, and the cookbook of ontology/queries by name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg import rdf, resources, sparql
from kg.answer import Answer
from kg.errors import QueryError

if TYPE_CHECKING:
    import pyoxigraph as ox

_HEADER = re.compile(r"^# (en|zh): (.*)$", re.MULTILINE)
_PARAMETER = re.compile(r"^# param: (\w+)=(name|text) (.*)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A variable to set. `kind` is `name` (of an entity, in any script) or `text`."""

    name: str
    kind: str
    meaning: str


@dataclass(frozen=True, slots=True)
class NamedQuery:
    """A query of ontology/queries. `parameters` are variables that the user sets."""

    name: str
    text: str
    english: str
    chinese: str
    parameters: tuple[Parameter, ...]


def ask(store: ox.Store, text: str, *, base: str, parameters: Mapping[str, str] | None = None) -> Answer:
    """The answer of `store`. `parameters` replace variables, by IRIs (`ent:…` or full) or else by text.

    A replaced variable must not be one that the query selects.

    Raises `QueryError` for what is not SPARQL, and for SERVICE: a query stays within the graph.
    """
    sparql.check(text)
    known = rdf.prefixes(base)
    values = {name: str(_term(value, known)) for name, value in (parameters or {}).items()}
    try:
        return _collect(store.query(sparql.replace(text, values), prefixes=known), known)
    except (SyntaxError, ValueError, OSError, RuntimeError) as error:
        raise QueryError(f"the query cannot be answered: {error}") from error


def named() -> dict[str, NamedQuery]:
    """The cookbook by name."""
    found = {}
    for path in sorted((resources.ontology() / "queries").glob("*.rq")):
        text = path.read_text(encoding="utf-8")
        english, chinese = ([m[2].strip() for m in _HEADER.finditer(text) if m[1] == key] for key in ("en", "zh"))
        parameters = tuple(Parameter(*m.groups()) for m in _PARAMETER.finditer(text))
        found[path.stem] = NamedQuery(path.stem, text, " ".join(english), " ".join(chinese), parameters)
    return found


def find(name: str) -> NamedQuery:
    """The cookbook's query of that name. Raises `QueryError` that lists all names."""
    cookbook = named()
    if name not in cookbook:
        raise QueryError(f"no query is named {name}; there are: {', '.join(cookbook)}")
    return cookbook[name]


def _term(value: str, known: Mapping[str, str]) -> ox.NamedNode | ox.Literal:
    import pyoxigraph as ox

    prefix, colon, name = value.partition(":")
    if colon and prefix in known:
        return ox.NamedNode(known[prefix] + name)
    return ox.NamedNode(value) if value.startswith(tuple(known.values())) else ox.Literal(value)


def _collect(result: ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples, known: Mapping[str, str]) -> Answer:
    import pyoxigraph as ox

    if isinstance(result, ox.QueryBoolean):
        return Answer(truth=bool(result), prefixes=known)
    if isinstance(result, ox.QuerySolutions):
        columns = tuple(variable.value for variable in result.variables)
        return Answer(columns, tuple(tuple(row) for row in result), prefixes=known)
    return Answer(triples=tuple(sorted(result, key=str)), prefixes=known)

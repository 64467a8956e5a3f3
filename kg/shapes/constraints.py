"""The constraints of SHACL that ontology/shapes.ttl uses, each a function on terms in compact form."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache

from kg.assembly import is_date
from kg.errors import DataError
from kg.rdf import DATES, Triple

Term = str
Fault = tuple[str, str]
"""The value at fault (nothing where it is their number), and why."""
Check = Callable[["Graph", Term, Sequence[Term]], Iterator[Fault]]
"""Of a graph, the focus, and the values that its path leads to."""

_DATATYPES = {
    "xsd:boolean": re.compile(r"(?:true|false|1|0)\Z"),
    "xsd:decimal": re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)\Z"),
    "xsd:integer": re.compile(r"[+-]?[0-9]+\Z"),
    "xsd:string": re.compile(r""),
}
_NUMBERS = ("xsd:integer", "xsd:decimal")
_DATES = {f"xsd:{name}": length for length, name in DATES.items()}
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))")
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}


@dataclass
class Graph:
    """Triples by subject and property; `targets` are the nodes of a class, and those at either end of a property."""

    values: dict[Term, dict[Term, list[Term]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))
    types: dict[Term, set[Term]] = field(default_factory=lambda: defaultdict(set))
    targets: dict[tuple[str, Term], dict[Term, None]] = field(default_factory=lambda: defaultdict(dict))

    def add(self, triple: Triple) -> None:
        s, p, o = triple
        self.values[s][p].append(o)
        if p == "rdf:type":
            self.types[s].add(o)
            self.targets["class", o][s] = None
        else:
            self.targets["subjects", p][s] = None
            self.targets["objects", p][o] = None


def any_of(alternatives: Sequence[tuple[Check, ...]]) -> Check:
    """sh:or: each value meets all checks of one alternative."""

    def check(graph: Graph, focus: Term, values: Sequence[Term]) -> Iterator[Fault]:
        for value in values:
            if all(any(True for _ in faults(checks, graph, focus, (value,))) for checks in alternatives):
                yield value, "fits none of the alternatives"

    return check


def faults(checks: Iterable[Check], graph: Graph, focus: Term, values: Sequence[Term]) -> Iterator[Fault]:
    """What is wrong with `values` by all of `checks`."""
    for check in checks:
        yield from check(graph, focus, values)


@lru_cache(maxsize=50_000)
def _literal(term: Term) -> tuple[str, Term]:
    """(text, its datatype or `@` and language); what is no literal has neither language nor datatype."""
    if term[0] != '"':
        return term, ""
    end = term.rindex('"')
    text, suffix = term[1:end], term[end + 1 :]
    if "\\" in text:
        text = _ESCAPE.sub(lambda m: chr(int(m[1] or m[2], 16)) if m[1] or m[2] else _ESCAPES.get(m[3], m[3]), text)
    return text, suffix.removeprefix("^^") or "xsd:string"


def _number(term: Term) -> Decimal | None:
    text, kind = _literal(term)
    return Decimal(text) if kind in _NUMBERS and _DATATYPES[kind].match(text) else None


def _each(meets: Callable[[Term], object], reason: str) -> Check:
    """A check of each value by itself."""
    return lambda _graph, _focus, values: ((v, reason) for v in values if not meets(v))


def _counted(meets: Callable[[int], bool], reason: str) -> Check:
    return lambda _graph, _focus, values: iter(() if meets(len(values)) else (("", reason),))


def _of_class(cls: Term) -> Check:
    return lambda graph, _focus, values: ((v, f"is no {cls}") for v in values if cls not in graph.types.get(v, ()))


def _less_than(other: Term) -> Check:
    def check(graph: Graph, focus: Term, values: Sequence[Term]) -> Iterator[Fault]:
        limits = [_number(v) for v in graph.values[focus].get(other, ())]
        for value in values:
            number = _number(value)
            if any(number is None or limit is None or number >= limit for limit in limits):
                yield value, f"is not less than {other}"

    return check


def _unique_language(wanted: Term) -> Check:
    def check(_graph: Graph, _focus: Term, values: Sequence[Term]) -> Iterator[Fault]:
        tags = [kind[1:] for v in values if (kind := _literal(v)[1]).startswith("@")]
        return (("", f"more than one in {tag}") for tag in sorted({t for t in tags if tags.count(t) > 1}))

    return check if wanted == "true" else lambda _graph, _focus, _values: iter(())


def _datatype(wanted: Term) -> Check:
    if wanted not in _DATATYPES and wanted not in _DATES:
        raise DataError(f"shapes.ttl: the datatype {wanted} is not known")

    def meets(value: Term) -> bool:
        text, kind = _literal(value)
        if kind != wanted:
            return False
        return len(text) == _DATES[kind] and is_date(text) if kind in _DATES else bool(_DATATYPES[kind].match(text))

    return _each(meets, f"is no {wanted}")


def _node_kind(kind: Term) -> Check:
    if kind != "sh:IRI":
        raise DataError(f"shapes.ttl: the kind of node {kind} is not known")
    return _each(lambda v: v[0] != '"', "is no IRI")


def _least(limit: Term) -> Check:
    least = Decimal(limit)
    return _each(lambda v: (n := _number(v)) is not None and n >= least, f"is less than {limit}")


def _most(limit: Term) -> Check:
    most = Decimal(limit)
    return _each(lambda v: (n := _number(v)) is not None and n <= most, f"is more than {limit}")


def _pattern(pattern: str) -> Check:
    form = re.compile(pattern)
    return _each(lambda v: form.search(_literal(v)[0]), f"does not match {pattern}")


def _languages(tags: Sequence[str]) -> Check:
    wanted = tuple(f"@{t}".lower() for t in tags)

    def meets(value: Term) -> bool:
        tag = _literal(value)[1].lower()
        return any(tag == w or tag.startswith(w + "-") for w in wanted)

    return _each(meets, f"is in none of {', '.join(tags)}")


def _one_of(allowed: Sequence[Term]) -> Check:
    wanted = {(text, "xsd:string") for text in allowed}
    return _each(lambda v: _literal(v) in wanted, f"is none of {', '.join(allowed)}")


OF_TERMS: Mapping[str, Callable[[Term], Check]] = {
    "class": _of_class,
    "datatype": _datatype,
    "lessThan": _less_than,
    "maxCount": lambda n: _counted(lambda count: count <= int(n), f"more than {n}"),
    "maxInclusive": _most,
    "minCount": lambda n: _counted(lambda count: count >= int(n), f"fewer than {n}"),
    "minInclusive": _least,
    "minLength": lambda n: _each(lambda v: len(_literal(v)[0]) >= int(n), f"is shorter than {n}"),
    "nodeKind": _node_kind,
    "pattern": _pattern,
    "uniqueLang": _unique_language,
}
"""Constraints whose object is one term, by local name: they make a check of it."""
OF_LISTS: Mapping[str, Callable[[Sequence[Term]], Check]] = {"in": _one_of, "languageIn": _languages}
"""Constraints whose object is a list."""

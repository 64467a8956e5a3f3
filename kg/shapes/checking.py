"""The shapes of ontology/shapes.ttl as checks that run on triples in compact form.

Of SHACL it knows what those shapes use: targets by class and by property, paths of one property, and the constraints
of `constraints`. A shape that uses more is refused when it is read, never passed over. Types are taken as the triples
state them; nothing is inferred. That pySHACL finds the same is a property test.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, TypeAlias

from kg import resources
from kg.errors import DataError
from kg.rdf import VOCABULARIES, Triple
from kg.shapes.constraints import OF_LISTS, OF_TERMS, Check, Fault, Graph, Term, any_of, faults

if TYPE_CHECKING:
    import pyoxigraph as ox

    _Node: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
    _Facts: TypeAlias = Mapping[_Node, Mapping[str, list[_Node]]]

FILE = "shapes.ttl"
_SH = "http://www.w3.org/ns/shacl#"
_FIRST, _REST, _TYPE = (VOCABULARIES["rdf"] + name for name in ("first", "rest", "type"))
_NAMESPACES = {**VOCABULARIES, "sh": _SH}
_TARGETS = {_SH + "targetClass": "class", _SH + "targetSubjectsOf": "subjects", _SH + "targetObjectsOf": "objects"}
_PATH, _PROPERTY, _MESSAGE, _OR = (_SH + name for name in ("path", "property", "message", "or"))
_NO_CHECKS = {*_TARGETS, _PATH, _PROPERTY, _MESSAGE, _TYPE}


@dataclass(frozen=True, slots=True)
class Rule:
    """Checks of what a property leads to from a node; of the node itself, where `path` is empty."""

    path: Term
    message: str
    checks: tuple[Check, ...]


@dataclass(frozen=True, slots=True)
class Shape:
    """What holds for all nodes of its targets: ("class" | "subjects" | "objects", the class or property)."""

    name: Term
    targets: tuple[tuple[str, Term], ...]
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Breach:
    """A node that does not meet a shape: `path` is the property at fault, empty where it is the node itself."""

    shape: Shape
    path: Term
    focus: Term
    reason: str


def breaches(triples: Iterable[Triple]) -> list[Breach]:
    """What in `triples` does not meet the shapes; in the order of the shapes, then of the triples."""
    graph = Graph()
    for triple in triples:
        graph.add(triple)
    return [breach for shape in load() for breach in _breaches(shape, graph)]


def _breaches(shape: Shape, graph: Graph) -> Iterator[Breach]:
    for focus in dict.fromkeys(node for target in shape.targets for node in graph.targets.get(target, ())):
        there: Mapping[Term, list[Term]] = graph.values.get(focus, {})
        for rule in shape.rules:
            values = there.get(rule.path, ()) if rule.path else (focus,)
            for fault in faults(rule.checks, graph, focus, values):
                yield Breach(shape, rule.path, focus, _tell(rule.message, fault))


def _tell(message: str, fault: Fault) -> str:
    value, reason = fault
    return f"{message or reason} (found {value})" if value else message or reason


@cache
def load() -> tuple[Shape, ...]:
    """The shapes, sorted by name. Raises `DataError` where the file is no Turtle or uses what is not known here."""
    import pyoxigraph as ox

    path = resources.ontology() / FILE
    facts: dict[_Node, dict[str, list[_Node]]] = defaultdict(lambda: defaultdict(list))
    try:
        for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE):
            facts[quad.subject][quad.predicate.value].append(quad.object)
    except (OSError, SyntaxError) as error:
        raise DataError(f"{path}: cannot be read as Turtle ({error}); restore the file") from error
    targeted = [node for node in facts if _TARGETS.keys() & facts[node].keys()]
    return tuple(sorted((_shape(node, facts) for node in targeted), key=lambda s: s.name))


def _shape(node: _Node, facts: _Facts) -> Shape:
    own = facts[node]
    targets = tuple((kind, _compact(t)) for predicate, kind in _TARGETS.items() for t in own.get(predicate, ()))
    rules = [_rule(node, facts), *(_rule(inner, facts) for inner in own.get(_PROPERTY, ()))]
    return Shape(_compact(node), targets, tuple(rules))


def _rule(node: _Node, facts: _Facts) -> Rule:
    own = facts[node]
    path = "".join(map(_compact, own.get(_PATH, ())))
    return Rule(path, "; ".join(sorted(map(_compact, own.get(_MESSAGE, ())))), _checks(node, facts))


def _checks(node: _Node, facts: _Facts) -> tuple[Check, ...]:
    constraints = {p: objects for p, objects in sorted(facts[node].items()) if p not in _NO_CHECKS}
    return tuple(_check(predicate, value, facts) for predicate, objects in constraints.items() for value in objects)


def _check(predicate: str, value: _Node, facts: _Facts) -> Check:
    name = predicate.removeprefix(_SH)
    if predicate == _OR:
        return any_of([_checks(alternative, facts) for alternative in _list(value, facts)])
    if name in OF_LISTS:
        return OF_LISTS[name]([_compact(v) for v in _list(value, facts)])
    if name in OF_TERMS:
        return OF_TERMS[name](_compact(value))
    raise DataError(f"{FILE}: {predicate} is not known; write a rule of checks/ instead")


def _list(head: _Node, facts: _Facts) -> Iterator[_Node]:
    while head in facts:
        yield facts[head][_FIRST][0]
        (head,) = facts[head][_REST]


def _compact(term: _Node) -> Term:
    """A term of the shapes as our triples write it; of a literal the text alone."""
    import pyoxigraph as ox

    if isinstance(term, ox.Literal):
        return term.value
    for prefix, namespace in _NAMESPACES.items():
        if isinstance(term, ox.NamedNode) and term.value.startswith(namespace):
            return f"{prefix}:{term.value[len(namespace) :]}"
    raise DataError(f"{FILE}: {term} is of no known vocabulary")

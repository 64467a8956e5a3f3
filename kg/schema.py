"""The vocabulary as data: classes and relations, read from ontology/."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from kg import resources
from kg.errors import DataError

JL = "https://w3id.org/jinluo/ontology#"
ROOT = "Entity"

_RDFS = "http://www.w3.org/2000/01/rdf-schema#"
_SCHEMA = "https://schema.org/"
_SYMMETRIC = "http://www.w3.org/2002/07/owl#SymmetricProperty"
_TAGS = {"zh-hans": "zh-Hans", "zh-hant": "zh-Hant"}  # pyoxigraph lowers the case of language tags
_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"


@dataclass(frozen=True, slots=True)
class ClassDef:
    """A class of entities by its local name. `labels` and `definitions` by language tag: en, zh-Hans, zh-Hant."""

    name: str
    parent: str | None
    labels: Mapping[str, str]
    definitions: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class RelationDef:
    """A relation by its local name. An empty domain or range allows every class; else one of those named will do."""

    name: str
    domain: tuple[str, ...]
    range: tuple[str, ...]
    symmetric: bool
    labels: Mapping[str, str]
    definitions: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Schema:
    classes: Mapping[str, ClassDef]
    relations: Mapping[str, RelationDef]

    def ancestors(self, cls: str) -> tuple[str, ...]:
        """`cls` and the classes above it, the nearest first."""
        found: list[str] = []
        at: str | None = cls
        while at is not None and at not in found:
            found.append(at)
            at = self.classes[at].parent if at in self.classes else None
        return tuple(found)

    def is_a(self, cls: str, ancestor: str) -> bool:
        return ancestor in self.ancestors(cls)

    def allows(self, predicate: str, subject_cls: str, object_cls: str) -> bool:
        """Whether the vocabulary lets `predicate` stand between entities of these classes."""
        relation = self.relations.get(predicate)
        if relation is None:
            return False
        forward = self._fits(subject_cls, relation.domain) and self._fits(object_cls, relation.range)
        return forward and subject_cls in self.classes and object_cls in self.classes

    def _fits(self, cls: str, allowed: tuple[str, ...]) -> bool:
        return not allowed or any(a in allowed for a in self.ancestors(cls))


@cache
def load() -> Schema:
    """The vocabulary of ontology/*.ttl. Raises `DataError` where a file is missing or is not Turtle."""
    facts = _facts()
    under: dict[str, str] = {}
    for term, properties in facts.items():
        for parent in properties.get(_RDFS + "subClassOf", ()):
            if parent in facts:
                under[term] = parent
    entity = JL + ROOT
    classes, relations = {}, {}
    for term, properties in sorted(facts.items()):
        name = term.removeprefix(JL)
        if term == entity or _leads_to(term, entity, under):
            parent_iri = under.get(term)
            classes[name] = ClassDef(name, parent_iri and parent_iri.removeprefix(JL), *_texts(properties))
        elif JL + "related" in properties.get(_RDFS + "subPropertyOf", ()):
            relations[name] = RelationDef(
                name, _ends(properties, "domain"), _ends(properties, "range"),
                _SYMMETRIC in properties[_TYPE], *_texts(properties),
            )  # fmt: skip
    return Schema(classes, relations)


def _facts() -> dict[str, dict[str, list[str]]]:
    """Objects by term of our namespace and property; a literal's property carries its language: `label@en`."""
    import pyoxigraph as ox

    facts: dict[str, dict[str, list[str]]] = {}
    for name in ("classes.ttl", "relations.ttl", "claims.ttl"):
        path = resources.ontology() / name
        try:
            quads = list(ox.parse(path=str(path), format=ox.RdfFormat.TURTLE))
        except (OSError, SyntaxError) as error:
            raise DataError(f"{path}: cannot be read as Turtle ({error}); restore the file") from error
        for quad in quads:
            subject, value, key = quad.subject, quad.object, quad.predicate.value
            if not isinstance(subject, ox.NamedNode) or not subject.value.startswith(JL):
                continue
            if isinstance(value, ox.Literal) and value.language:
                key += "@" + _TAGS.get(value.language, value.language)
            if isinstance(value, ox.Literal | ox.NamedNode):
                facts.setdefault(subject.value, {}).setdefault(key, []).append(value.value)
    return facts


def _leads_to(term: str, target: str, under: Mapping[str, str]) -> bool:
    seen: set[str] = set()
    while term in under and term not in seen:
        seen.add(term)
        term = under[term]
    return term == target


def _ends(properties: Mapping[str, list[str]], end: str) -> tuple[str, ...]:
    names = [*properties.get(_RDFS + end, ()), *properties.get(f"{_SCHEMA}{end}Includes", ())]
    locals_ = tuple(sorted(n.removeprefix(JL) for n in names))
    return () if locals_ == (ROOT,) else locals_


def _texts(properties: Mapping[str, list[str]]) -> tuple[dict[str, str], dict[str, str]]:
    label, definition = _RDFS + "label@", "http://www.w3.org/2004/02/skos/core#definition@"
    return (
        {k.removeprefix(label): v[0] for k, v in sorted(properties.items()) if k.startswith(label)},
        {k.removeprefix(definition): v[0] for k, v in sorted(properties.items()) if k.startswith(definition)},
    )


@cache
def symmetric() -> frozenset[str]:
    """The relations that hold both ways."""
    return frozenset(name for name, relation in load().relations.items() if relation.symmetric)


@cache
def broad(cls: str) -> str:
    """A class of the vocabulary as annotations have it: City, Region and the like are Place."""
    return "Place" if load().is_a(cls, "Place") else cls

"""Which entities of different documents are one.

Equal ids are one: gazetteer slugs, and the content hashes that linking gives (for persons these hold
organisation and role). Beyond that two entities merge on a shared name only when all of these hold:
the form is the main name of one of them, no third entity of the kind bears it, no document names both
(linking kept them apart there), both are certain, and they are neither persons nor indices.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from kg import schema
from kg.model import Entity, Extraction
from kg.text import fold

_NEVER_BY_NAME = frozenset({"Person", "Index"})
_SHORTEST = 2
HASHED = "x-"
"""Ids that linking made from content begin so; all others are the gazetteer's."""


def resolve(extractions: Sequence[Extraction]) -> tuple[dict[str, Entity], dict[str, str]]:
    """Merged entities by id, and for each id that gave way the id it became."""
    versions: dict[str, list[Entity]] = defaultdict(list)
    places: dict[str, set[str]] = defaultdict(set)
    for extraction in extractions:
        for entity in extraction.entities:
            versions[entity.id].append(entity)
            places[entity.id].add(extraction.document.id)
    single = {id_: _merge(id_, found) for id_, found in sorted(versions.items())}
    became = _alias_groups(single, places)
    groups: dict[str, list[str]] = defaultdict(list)
    for id_ in single:
        groups[became.get(id_, id_)].append(id_)
    merged = {}
    for id_, members in sorted(groups.items()):
        ordered = [id_, *(m for m in members if m != id_)]
        merged[id_] = single[id_] if len(members) == 1 else _merge(id_, [v for m in ordered for v in versions[m]])
    return merged, became


def forms(entity: Entity) -> set[str]:
    """The folded forms of all its names."""
    return {fold(name) for _, name in (*entity.labels, *entity.aliases)}


def _merge(id_: str, versions: Sequence[Entity]) -> Entity:
    if all(v == versions[0] for v in versions):
        first = versions[0]
        total = sum(v.mentions for v in versions)
        return Entity(
            id_, first.cls, tuple(sorted(first.labels)), tuple(sorted(set(first.aliases) - set(first.labels))),
            tuple(sorted(set(first.identifiers))), total, first.certain,
        )  # fmt: skip
    own = [v for v in versions if v.id == id_]
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    for version in own:
        for tag, name in version.labels:
            votes[tag][name] += version.mentions + 1
    labels = {tag: _winner(count) for tag, count in sorted(votes.items())}
    names = {(tag, name) for v in versions for tag, name in (*v.labels, *v.aliases)}
    classes = Counter[str]()
    for version in own:
        classes[version.cls] += version.mentions + 1
    return Entity(
        id_,
        _winner(classes),
        tuple(labels.items()),
        tuple(sorted(names - set(labels.items()))),
        tuple(sorted({i for v in versions for i in v.identifiers})),
        sum(v.mentions for v in versions),
        any(v.certain for v in versions),
    )


def _winner(votes: Counter[str]) -> str:
    return min(votes, key=lambda name: (-votes[name], name))


def _group(cls: str) -> str:
    """Classes that names may stand for alike: all organisations, all places; any other by itself."""
    line = schema.load().ancestors(cls)
    return line[-2] if len(line) > 1 else cls


def _alias_groups(entities: Mapping[str, Entity], places: Mapping[str, set[str]]) -> dict[str, str]:
    holders: dict[tuple[str, str], list[str]] = defaultdict(list)
    for id_, entity in entities.items():
        group = _group(entity.cls)
        if entity.certain and group not in _NEVER_BY_NAME:
            for form in forms(entity):
                if len(form) >= _SHORTEST:
                    holders[group, form].append(id_)
    edges = sorted(
        (-len(form), form, ids[0], ids[1])
        for (_, form), ids in holders.items()
        if len(ids) == 2 and any(form in {fold(n) for _, n in entities[i].labels} for i in ids)
    )
    return _union(((a, b) for _, _, a, b in edges), {i: set(d) for i, d in places.items()})


def _union(edges: Iterable[tuple[str, str]], places: dict[str, set[str]]) -> dict[str, str]:
    """Join along `edges` unless both sides stand in one document or both are the gazetteer's."""
    became: dict[str, str] = {}

    def root(id_: str) -> str:
        while id_ in became:
            id_ = became[id_]
        return id_

    for a, b in edges:
        first, second = sorted((root(a), root(b)), key=lambda i: (i.startswith(HASHED), i))
        if first == second or not second.startswith(HASHED) or places[first] & places[second]:
            continue
        became[second] = first
        places[first] |= places[second]
    return {id_: root(id_) for id_ in became}

"""Which entities of different documents are one.

Equal ids are one: gazetteer slugs, and the content hashes that linking gives. Persons are one when name and
organisation agree, never by name alone. Others merge on a shared name only when all of these hold: the form is
the main name of one of them and not short, no third entity of the kind bears it, both are certain, and they are no
indices.
What one document names as two things (linking kept them apart there) never merges.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from kg import naming, schema
from kg.model import Entity, listed
from kg.text import fold

Edge = tuple[str, str]
Version = tuple[Entity, int]
"""An entity as some documents describe it, and how many do."""
Places = Callable[[set[str]], Mapping[str, set[str]]]
"""The documents in which entities stand, by the entities' ids."""
_SHORTEST = 3
"""Shorter forms are words as often as names."""


def resolve(
    versions: Mapping[Entity, int], colleagues: Iterable[Edge], places: Places
) -> tuple[dict[str, Entity], dict[str, str]]:
    """Merged entities by id, and for each id that gave way the id it became.

    `versions` tells how many documents describe an entity so, `colleagues` which person works where.
    """
    by_id: dict[str, list[Version]] = defaultdict(list)
    for entity, count in versions.items():
        by_id[entity.id].append((entity, count))
    single = {id_: _merge(id_, by_id[id_]) for id_ in sorted(by_id)}
    aliases = _alias_edges(single)
    pairs = [edge for edge in colleagues if edge[0] in single and not _is_post(*edge, single)]
    ends = {id_ for edge in aliases for id_ in edge} | _namesakes(pairs, single)
    where = places(ends) if ends else {}
    standing = {id_: set(where.get(id_, ())) for id_ in ends}
    became = _union(aliases, standing, {})
    became = _union(_colleague_edges(pairs, single, became), standing, became)
    for id_, members in _groups(became).items():
        single[id_] = _merge(id_, [v for m in members for v in by_id[m]])
        for gone in members[1:]:
            del single[gone]
    return single, became


def _groups(became: Mapping[str, str]) -> dict[str, list[str]]:
    """The ids that are one, by the id that stands for them, which is the first of them."""
    groups: dict[str, list[str]] = defaultdict(list)
    for id_ in sorted(became):
        groups[became[id_]].append(id_)
    return {id_: [id_, *members] for id_, members in groups.items()}


def forms(entity: Entity) -> set[str]:
    """The folded forms of all its names."""
    return {fold(name) for _, name in (*entity.labels, *entity.aliases)}


def _merge(id_: str, versions: Sequence[Version]) -> Entity:
    first = versions[0][0]
    total = sum(v.mentions * n for v, n in versions)
    if len(versions) == 1:
        return Entity(
            id_, first.cls, tuple(sorted(first.labels)), tuple(sorted(set(first.aliases) - set(first.labels))),
            tuple(sorted(set(first.identifiers))), total, first.certain,
        )  # fmt: skip
    own = [(v, n) for v, n in versions if v.id == id_]
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    classes = Counter[str]()
    for version, count in own:
        weight = (version.mentions + 1) * count
        classes[version.cls] += weight
        for tag, name in version.labels:
            votes[tag][name] += weight
    labels = {tag: _winner(count) for tag, count in sorted(votes.items())}
    names = {(tag, name) for v, _ in versions for tag, name in (*v.labels, *v.aliases)}
    return Entity(
        id_,
        _winner(classes),
        tuple(labels.items()),
        tuple(sorted(names - set(labels.items()))),
        tuple(sorted({i for v, _ in versions for i in v.identifiers})),
        total,
        any(v.certain for v, _ in versions),
    )


def _winner(votes: Counter[str]) -> str:
    return min(votes, key=lambda name: (-votes[name], name))


def _group(cls: str) -> str:
    """Classes that names may stand for alike: all organisations, all places; any other by itself."""
    line = schema.load().ancestors(cls)
    return line[-2] if len(line) > 1 else cls


def _alias_edges(entities: Mapping[str, Entity]) -> list[Edge]:
    holders: dict[tuple[str, str], list[str]] = defaultdict(list)
    for id_, entity in entities.items():
        group = _group(entity.cls)
        if entity.certain and group not in naming.load().never_by_name:
            for form in forms(entity):
                if len(form) >= _SHORTEST:
                    holders[group, form].append(id_)
    edges = sorted(
        (-len(form), form, ids[0], ids[1])
        for (_, form), ids in holders.items()
        if len(ids) == 2 and any(form in _main_forms(entities[i]) for i in ids)
    )
    return [(a, b) for _, _, a, b in edges]


def _is_post(person: str, organization: str, entities: Mapping[str, Entity]) -> bool:
    """Whether all that is known of someone is a post there (某會主席), which others hold too."""
    at = forms(entities[organization]) if organization in entities else set()
    return any(name != form and name.startswith(form) for name in _main_forms(entities[person]) for form in at)


def _namesakes(pairs: Iterable[Edge], entities: Mapping[str, Entity]) -> set[str]:
    """Persons who work somewhere and share a name with another who does."""
    holders: dict[str, set[str]] = defaultdict(set)
    for person, _ in pairs:
        for form in _main_forms(entities[person]):
            holders[form].add(person)
    return {id_ for ids in holders.values() if len(ids) > 1 for id_ in ids}


def _colleague_edges(pairs: Iterable[Edge], entities: Mapping[str, Entity], became: Mapping[str, str]) -> list[Edge]:
    """Persons of one name who work for one organisation."""
    holders: dict[Edge, set[str]] = defaultdict(set)
    for person, organization in pairs:
        for form in _main_forms(entities[person]):
            holders[form, became.get(organization, organization)].add(person)
    ordered = (sorted(ids) for _, ids in sorted(holders.items()))
    return [(ids[0], other) for ids in ordered for other in ids[1:]]


def _main_forms(entity: Entity) -> set[str]:
    return {fold(name) for _, name in entity.labels}


def _union(edges: Iterable[Edge], places: dict[str, set[str]], became: Mapping[str, str]) -> dict[str, str]:
    """Join along `edges` unless both sides stand in one document or both are the gazetteer's.

    `places` (documents by entity) is brought up to date; what comes back extends `became`.
    """
    became = dict(became)

    def root(id_: str) -> str:
        while id_ in became:
            id_ = became[id_]
        return id_

    for a, b in edges:
        first, second = sorted((root(a), root(b)), key=lambda i: (not listed(i), i))
        if first == second or listed(second) or places[first] & places[second]:
            continue
        became[second] = first
        places[first] |= places[second]
    return {id_: root(id_) for id_ in became}

"""Which entities of different documents are one.

Equal ids are one: gazetteer slugs, and the content hashes that linking gives. Persons are one when name and
organisation agree, never by name alone. Others merge on a shared name only when all of these hold: the form is
the main name of one of them and not short, no third entity of the kind bears it, both are certain, and they are no
indices.
What one document names as two things (linking kept them apart there) never merges.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from kg import schema
from kg.model import AFFIRMED, Entity, Extraction
from kg.text import fold

Edge = tuple[str, str]
_NEVER_BY_NAME = frozenset({"Person", "Index"})
_SHORTEST = 3
"""Shorter forms are words as often as names."""
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
    became = _union(_alias_edges(single), places, {})
    became = _union(_colleague_edges(extractions, single, became), places, became)
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


def _alias_edges(entities: Mapping[str, Entity]) -> list[Edge]:
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
        if len(ids) == 2 and any(form in _main_forms(entities[i]) for i in ids)
    )
    return [(a, b) for _, _, a, b in edges]


def _colleague_edges(
    extractions: Sequence[Extraction], entities: Mapping[str, Entity], became: Mapping[str, str]
) -> list[Edge]:
    """Persons of one name who work for one organisation."""
    holders: dict[tuple[str, str], set[str]] = defaultdict(set)
    for extraction in extractions:
        for claim in extraction.claims:
            person = entities.get(claim.subject)
            if claim.predicate == "worksFor" and claim.polarity == AFFIRMED and person is not None:
                for form in _main_forms(person):
                    holders[form, became.get(claim.object, claim.object)].add(claim.subject)
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
        first, second = sorted((root(a), root(b)), key=lambda i: (i.startswith(HASHED), i))
        if first == second or not second.startswith(HASHED) or places[first] & places[second]:
            continue
        became[second] = first
        places[first] |= places[second]
    return {id_: root(id_) for id_ in became}

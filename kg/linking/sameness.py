"""Which entities of a document are one thing under a shorter and a longer name: a chance learned from annotations.

Only names that hold each other, or much of each other, are compared, and two of the gazetteer's never are one.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from kg import naming
from kg.linking.cluster import joined
from kg.linking.forms import trimmed
from kg.model import Article, Entity, Mention
from kg.odds import chance
from kg.schema import broad
from kg.text import clauses, fold, sentences

FEATURES = 24
_KINDS = ("ends", "begins", "holds", "scattered", "overlaps")
"""How a longer name has the shorter one's characters, the most telling first."""
_SHARED = 0.6
"""The share of the shorter name's characters that make it overlap the longer one."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Ids of two entities, and the features of their being one."""

    short: str
    long: str
    row: tuple[float, ...]


@dataclass(slots=True)
class _Place:
    """Where an entity is named: folded names, and numbers of articles with those of sentences and of clauses."""

    names: set[str] = field(default_factory=set)
    sentences: set[tuple[int, int]] = field(default_factory=set)
    clauses: set[tuple[int, int]] = field(default_factory=set)
    first: tuple[int, int] = (1 << 30, 0)
    count: int = 0


def pairs(
    articles: Sequence[Article], linked: Sequence[Sequence[Mention]], entities: Mapping[str, Entity]
) -> list[Pair]:
    """The pairs of entities that may be one, with a name of one in no list, in a fixed order."""
    places = _places(articles, linked, entities)
    found = []
    for a, b in _sharing(places):
        for short, long in ((a, b), (b, a)):
            same = broad(entities[short].cls) == broad(entities[long].cls)
            if told := _nearest(places[short].names, places[long].names, same):
                found.append((short, long, same, *told))
    rivals = Counter(short for short, *_ in found)
    return [
        Pair(short, long, _row(short, long, places, same, kind, a, b, rivals[short]))
        for short, long, same, kind, a, b in found
    ]


def merged(found: Sequence[Pair], weights: Sequence[float], least: float) -> dict[str, str]:
    """The id that each entity that is another one goes under; the likeliest pairs are joined first."""
    told = ((chance(sum(w * x for w, x in zip(weights, p.row, strict=True))), p) for p in found)
    goes: dict[str, str] = {}

    def find(id_: str) -> str:
        while id_ in goes:
            id_ = goes[id_]
        return id_

    for likely, pair in sorted(told, key=lambda at: (-at[0], at[1].short, at[1].long)):
        short, long = find(pair.short), find(pair.long)
        if likely < least:
            break
        if _listed(short):
            short, long = long, short
        if short != long and not _listed(short):
            goes[short] = long
    return {id_: find(id_) for id_ in goes}


def apply(
    goes: Mapping[str, str], linked: Sequence[Sequence[Mention]], entities: Mapping[str, Entity]
) -> tuple[dict[str, Entity], list[list[Mention]]]:
    """Entities and mentions with those that `goes` names under their new ids."""
    kept = {id_: entity for id_, entity in entities.items() if id_ not in goes}
    for old, new in sorted(goes.items()):
        kept[new] = joined(kept[new], entities[old])
    return kept, [[replace(m, entity=goes.get(m.entity or "", m.entity)) for m in own] for own in linked]


def _listed(id_: str) -> bool:
    return not id_.startswith("x-")


def _places(
    articles: Sequence[Article], linked: Sequence[Sequence[Mention]], entities: Mapping[str, Entity]
) -> dict[str, _Place]:
    places: dict[str, _Place] = defaultdict(_Place)
    for number, (article, own) in enumerate(zip(articles, linked, strict=True)):
        of_text = sentences(article.text)
        begins = [s.start for s in of_text], [c.start for s in of_text for c in clauses(article.text, s)]
        for mention in own:
            if not mention.entity or not len(mention.span):
                continue
            if broad(entities[mention.entity].cls) in naming.load().never_short:
                continue
            place = places[mention.entity]
            place.names.add(fold(trimmed(mention.surface)))
            in_sentence, in_clause = ((number, bisect_right(starts, mention.span.start)) for starts in begins)
            place.sentences.add(in_sentence)
            place.clauses.add(in_clause)
            place.first = min(place.first, (number, mention.span.start))
            place.count += 1
    return places


def _sharing(places: Mapping[str, _Place]) -> Iterator[tuple[str, str]]:
    """Pairs of entities whose names share two characters, and of which one is in no list."""
    holders: dict[str, list[str]] = defaultdict(list)
    for id_ in sorted(places):
        for char in sorted(set().union(*places[id_].names)):
            holders[char].append(id_)
    shared: Counter[tuple[str, str]] = Counter()
    for ids in holders.values():
        shared.update((a, b) for i, a in enumerate(ids) for b in ids[i + 1 :])
    yield from sorted(p for p, count in shared.items() if count > 1 and not (_listed(p[0]) and _listed(p[1])))


def _nearest(shorter: set[str], longer: set[str], same: bool) -> tuple[str, str, str] | None:
    """The most telling way in which a longer name has a shorter one, and both."""
    found = (
        (_KINDS.index(kind), kind, a, b)
        for a in shorter
        for b in longer
        if len(b) > len(a) > 1 and (kind := _kind(a, b, same))
    )
    best = min(found, default=None)
    return best[1:] if best else None


def _kind(a: str, b: str, same: bool) -> str:
    if b.endswith(a):
        return "ends"
    if b.startswith(a):
        return "begins"
    if a in b:
        return "holds"
    rest = iter(b)
    if len(a) > 2 and all(char in rest for char in a):
        return "scattered"
    shared = len(set(a) & set(b))
    return "overlaps" if same and shared > 1 and shared >= _SHARED * len(a) else ""


def _row(
    short: str, long: str, places: Mapping[str, _Place], same: bool, kind: str, a: str, b: str, rivals: int
) -> tuple[float, ...]:
    rules = naming.load()
    one, two = places[short], places[long]
    rest = b.removesuffix(a) if kind == "ends" else b.removeprefix(a) if kind == "begins" else ""
    return (
        1.0,
        *(float(kind == k) for k in _KINDS),
        float(same),
        *(float(same and kind == k) for k in _KINDS[:-1]),
        float(bool(one.clauses & two.clauses)),
        float(bool(one.sentences & two.sentences)),
        float(one.first > two.first),
        math.log(len(a)),
        math.log(len(b) / len(a)),
        float(_listed(short)),
        float(_listed(long)),
        math.log1p(one.count),
        math.log1p(two.count),
        math.log(rivals),
        float(rest.endswith(rules.parting)),
        float(any(char.isnumeric() for char in rest)),
        float(rules.particle in rest),
    )

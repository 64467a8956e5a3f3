"""Which entities of a document are one thing under a shorter and a longer name: a chance learned from annotations.

Only a name that begins or ends another is compared with it, and two of the gazetteer's never are one.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import permutations

from kg import naming
from kg.linking.cluster import joined
from kg.linking.forms import trimmed
from kg.model import Article, Entity, Mention, listed
from kg.odds import chance
from kg.schema import broad
from kg.text import clauses, fold, sentences

FEATURES = 16
_ASCII = re.compile(r"[!-~]")


@dataclass(frozen=True, slots=True)
class Pair:
    """Ids of two entities, and the features of their being one."""

    short: str
    long: str
    row: tuple[float, ...]


@dataclass(slots=True)
class _Place:
    """Where an entity is named: folded names, and numbers of articles with those of sentences and of clauses."""

    cls: str = ""
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
    found = {(short, long): own for short, long in _sharing(places) if (own := _nearest(places[short], places[long]))}
    rivals = Counter(short for short, _ in found)
    return [
        Pair(short, long, _row(short, long, places, *own, rivals[short]))
        for (short, long), own in sorted(found.items())
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
        if listed(short):
            short, long = long, short
        if short != long and not listed(short):
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
            cls = broad(entities[mention.entity].cls)
            if cls in naming.load().never_by_name:
                continue
            place = places[mention.entity]
            place.cls = cls
            place.names.add(fold(trimmed(mention.surface)))
            in_sentence, in_clause = ((number, bisect_right(starts, mention.span.start)) for starts in begins)
            place.sentences.add(in_sentence)
            place.clauses.add(in_clause)
            place.first = min(place.first, (number, mention.span.start))
            place.count += 1
    return places


def _sharing(places: Mapping[str, _Place]) -> Iterator[tuple[str, str]]:
    """Entities whose names share a first or a last character, one of them in no list, both ways round.

    A body that a list knows by its short name, such as 央行, is not what the text calls by a longer one.
    """
    holders: dict[tuple[str, str], set[str]] = defaultdict(set)
    for id_, place in places.items():
        for name in place.names:
            holders["begins", name[:1]].add(id_)
            holders["ends", name[-1:]].add(id_)
    both = {two for ids in holders.values() for two in permutations(ids, 2)}
    own = naming.load().own_short
    yield from (
        (short, long)
        for short, long in both
        if not (listed(short) and (listed(long) or places[short].cls in own))
    )


def _nearest(short: _Place, long: _Place) -> tuple[str, str, bool] | None:
    """A name of the first and a longer one of the second, and whether it begins that (else it ends it).

    HBM3E is another thing than HBM3: a name of Latin letters is short for one that goes on in Chinese alone.
    """
    parting = naming.load().parting
    found = [
        (not b.endswith(a), a, b)
        for a in short.names
        for b in long.names
        if len(b) > len(a) > 1
        and (b.startswith(a) or (b.endswith(a) and not b.removesuffix(a).endswith(parting)))
        and not (a.isascii() and _ASCII.search(b.removeprefix(a) if b.startswith(a) else b.removesuffix(a)))
    ]
    if not found:
        return None
    begins, a, b = min(found)
    return a, b, begins


def _row(
    short: str, long: str, places: Mapping[str, _Place], a: str, b: str, begins: bool, rivals: int
) -> tuple[float, ...]:
    rules = naming.load()
    one, two = places[short], places[long]
    same = one.cls == two.cls
    rest = b.removeprefix(a) if begins else b.removesuffix(a)
    return (
        1.0,
        float(begins),
        float(same),
        float(same and begins),
        float(bool(one.clauses & two.clauses)),
        float(bool(one.sentences & two.sentences)),
        float(one.first > two.first),
        math.log(len(a)),
        math.log(len(b) / len(a)),
        float(listed(short)),
        float(listed(long)),
        math.log1p(one.count),
        math.log1p(two.count),
        math.log(rivals),
        float(any(char.isnumeric() for char in rest)),
        float(rules.particle in rest),
    )

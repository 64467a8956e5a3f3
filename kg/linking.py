"""Mentions become entities: gazetteer names, then what the document itself says is one.

What cannot be decided stays apart: an entity that only a weak form named is marked uncertain.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache

from opencc import OpenCC

from kg import naming
from kg.lexicon import Lexicon
from kg.model import Article, Entity, Mention, Span
from kg.naming import NameRules
from kg.schema import load as load_schema
from kg.text import fold, sentences, simplify

_OPEN, _CLOSE = "(", ")"
_MARKS = str.maketrans("", "", " \t\n·•・-–—_.,'’\"“”‘’《》〈〉()")
_ORGANIZATION = "Organization"
_PLACE = "Place"
_PERSON = "Person"


@cache
def group(cls: str) -> str:
    """Names are compared within a group only: organisation, person, place, thing."""
    schema = load_schema()
    return next((top for top in (_ORGANIZATION, _PERSON, _PLACE) if schema.is_a(cls, top)), "Thing")


@dataclass(slots=True)
class _Cluster:
    """Mentions that name one thing; `id` when the gazetteer knows it."""

    id: str | None
    forms: Counter[str] = field(default_factory=Counter)
    surfaces: dict[str, str] = field(default_factory=dict)
    classes: dict[str, float] = field(default_factory=dict)
    members: list[tuple[int, int]] = field(default_factory=list)
    certain: bool = True

    @property
    def cls(self) -> str:
        """The class that most speaks for."""
        return max(sorted(self.classes), key=self.classes.__getitem__)

    def take(self, other: _Cluster) -> None:
        self.id = self.id or other.id
        self.forms += other.forms
        self.surfaces = other.surfaces | self.surfaces
        for cls, weight in other.classes.items():
            self.classes[cls] = self.classes.get(cls, 0.0) + weight
        self.members += other.members


def link(
    articles: Sequence[Article], mentions: Sequence[Sequence[Mention]], lexicon: Lexicon
) -> tuple[dict[str, Entity], list[list[Mention]]]:
    """Entities by id, and the mentions of each article with `entity` set; a weak form without support is dropped."""
    flat = [(a, m, mention) for a, own in enumerate(mentions) for m, mention in enumerate(own)]
    present = _present(flat, lexicon)
    clusters: dict[tuple[str, str], _Cluster] = {}
    for a, m, mention in flat:
        found = _resolve(mention, lexicon, present)
        if found is None:
            continue
        key, id_, certain = found
        cluster = clusters.setdefault(key, _Cluster(id_))
        form = fold(mention.surface).strip()
        cluster.forms[form] += 1
        cluster.surfaces.setdefault(form, simplify(mention.surface).strip())
        cluster.classes[mention.cls] = cluster.classes.get(mention.cls, 0.0) + mention.confidence
        cluster.members.append((a, m))
        cluster.certain = cluster.certain and certain
    merged = _merge(clusters, articles, mentions)
    linked = [list(own) for own in mentions]
    entities: dict[str, Entity] = {}
    kept: set[tuple[int, int]] = set()
    for cluster in merged:
        entity = _entity(cluster, lexicon, articles, mentions)
        entities[entity.id] = _join(entities[entity.id], entity) if entity.id in entities else entity
        for a, m in cluster.members:
            linked[a][m] = replace(linked[a][m], entity=entity.id)
            kept.add((a, m))
    return entities, [[x for m, x in enumerate(own) if (a, m) in kept] for a, own in enumerate(linked)]


def _present(flat: Iterable[tuple[int, int, Mention]], lexicon: Lexicon) -> set[str]:
    """The gazetteer's entities that a safe form names in this document."""
    found = set()
    for _, _, mention in flat:
        ids, weak = lexicon.lookup(mention.surface)
        if ids and not weak:
            found.add(ids[0])
    return found


def _resolve(mention: Mention, lexicon: Lexicon, present: set[str]) -> tuple[tuple[str, str], str | None, bool] | None:
    """(cluster key, gazetteer id, certain), or None for a weak form without support."""
    ids, weak = lexicon.lookup(mention.surface)
    if not ids:
        ids, weak = _shortened(mention, lexicon)
    fitting = [i for i in ids if _fits(lexicon.entries[i].cls, mention.cls)]
    sure = mention.finder == "neural"
    if ids and not weak:
        chosen = next((i for i in fitting if i in present), None) or next(iter(fitting), None)
        if chosen is None and not (sure and mention.confidence > 0.8):
            chosen = ids[0]
        if chosen:
            return ("", chosen), chosen, True
    if weak and ids:
        chosen = next((i for i in fitting if i in present), None)
        if chosen is None and sure:
            chosen = next((i for i in fitting if _supported(i, lexicon, present)), None)
        if chosen:
            return ("", chosen), chosen, True
        if not sure:
            return None
    return (group(mention.cls), _key(mention)), None, not (weak and ids)


def _shortened(mention: Mention, lexicon: Lexicon) -> tuple[tuple[str, ...], bool]:
    """What the gazetteer knows of a name without 有限公司, 集團 or a determiner before it."""
    form = fold(mention.surface).strip()
    short = _strip(form, naming.load(), endings=group(mention.cls) == _ORGANIZATION)
    return lexicon.lookup(short) if short != form and len(short) > 1 else ((), True)


def _supported(id_: str, lexicon: Lexicon, present: set[str]) -> bool:
    """A place's short form needs no support; an organisation's does: its own place is named in the document."""
    entry = lexicon.entries[id_]
    if group(entry.cls) == _PLACE:
        return True
    forms = [fold(form) for form in entry.forms]
    places = (lexicon.entries[i] for i in present if group(lexicon.entries[i].cls) == _PLACE)
    return any(form.startswith(fold(name)) for place in places for _, name in place.labels for form in forms)


def _fits(known: str, seen: str) -> bool:
    return known == seen or group(known) == group(seen)


def _key(mention: Mention) -> str:
    form = fold(mention.surface)
    short = _strip(form, naming.load(), endings=group(mention.cls) == _ORGANIZATION)
    return short.translate(_MARKS) or form.translate(_MARKS) or form


def _strip(form: str, rules: NameRules, *, endings: bool) -> str:
    for word in rules.determiners:
        if form.startswith(word) and len(form) - len(word) > 1:
            form = form[len(word) :]
            break
    changed = endings
    while changed:
        changed = False
        for word in rules.droppable:
            if form.endswith(word) and len(form) - len(word) > 1:
                form, changed = form[: -len(word)], True
    return form


def _merge(
    clusters: dict[tuple[str, str], _Cluster], articles: Sequence[Article], mentions: Sequence[Sequence[Mention]]
) -> list[_Cluster]:
    """Clusters joined by definitions in brackets and by full and short names."""
    of = {member: key for key, cluster in clusters.items() for member in cluster.members}
    parent = {key: key for key in clusters}

    def find(key: tuple[str, str]) -> tuple[str, str]:
        while parent[key] != key:
            key = parent[key]
        return key

    def join(a: tuple[str, str], b: tuple[str, str]) -> None:
        a, b = find(a), find(b)
        if a == b or (clusters[a].id and clusters[b].id):
            return
        first, second = (a, b) if clusters[a].id or not clusters[b].id else (b, a)
        parent[second] = first
        clusters[first].take(clusters[second])

    for first, second in _defined(articles, mentions):
        if first in of and second in of:
            join(of[first], of[second])
    for short, full in _short_names(clusters):
        join(full, short)
    return [clusters[key] for key in clusters if find(key) == key]


def _defined(
    articles: Sequence[Article], mentions: Sequence[Sequence[Mention]]
) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Pairs of mentions of which the second stands alone in brackets right behind the first: X（以下簡稱Y）."""
    rules, pairs = naming.load(), []
    for a, (article, own) in enumerate(zip(articles, mentions, strict=True)):
        folded = fold(article.text)
        ends = {mention.span.end: m for m, mention in enumerate(own)}
        for m, mention in enumerate(own):
            bracket = folded.rfind(_OPEN, max(0, mention.span.start - 12), mention.span.start)
            first = ends.get(bracket)
            if bracket < 0 or first is None or not folded.startswith(_CLOSE, _past_mark(folded, mention.span.end)):
                continue
            between = folded[bracket + 1 : mention.span.start].strip("“” :,")
            same = group(own[first].cls) == group(mention.cls)
            if (
                same
                and (not between or between in rules.introducers)
                and _alike(folded, own[first].span, mention.span, between)
            ):
                pairs.append(((a, first), (a, m)))
    return pairs


def _past_mark(folded: str, at: int) -> int:
    return at + 1 if folded.startswith("”", at) else at


def _alike(folded: str, full: Span, short: Span, introduced: str) -> bool:
    """An introducer, another script, or a name made of the full name's characters in their order."""
    a, b = folded[full.start : full.end], folded[short.start : short.end]
    return bool(introduced) or a.isascii() != b.isascii() or _subsequence(b, a) or _initials(a, b) or _initials(b, a)


def _initials(full: str, short: str) -> bool:
    words = full.split()
    return len(words) > 1 and "".join(w[0] for w in words) == short


def _subsequence(short: str, full: str) -> bool:
    rest = iter(full)
    return all(char in rest for char in short)


def _short_names(clusters: dict[tuple[str, str], _Cluster]) -> list[tuple[tuple[str, str], tuple[str, str]]]:
    """(short, full) keys: an organisation's or a person's name that begins or ends exactly one longer name."""
    by_group: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for key, cluster in clusters.items():
        by_group[group(cluster.cls)].append(key)
    pairs = []
    for kind in (_ORGANIZATION, _PERSON):
        keys = by_group[kind]
        for short in keys:
            if clusters[short].id:
                continue
            full = [key for key in keys if key != short and _is_short(clusters[short], clusters[key], kind)]
            if len(full) == 1:
                pairs.append((short, full[0]))
    return pairs


def _is_short(short: _Cluster, full: _Cluster, kind: str) -> bool:
    a = max(short.forms, key=lambda f: (short.forms[f], f))
    if len(a) < 2:
        return False
    if kind == _PERSON:
        return any(len(b) > len(a) and b.endswith(a) and b[-len(a) - 1] in " ·•・" for b in full.forms)
    rules = naming.load()
    same = short.cls == full.cls
    return same and any(
        len(b) > len(a) and b.startswith(a) and (rules.class_of(b) is not None or b[len(a) :] in rules.droppable)
        for b in full.forms
    )


def _entity(
    cluster: _Cluster, lexicon: Lexicon, articles: Sequence[Article], mentions: Sequence[Sequence[Mention]]
) -> Entity:
    forms = sorted(cluster.forms, key=lambda f: (-cluster.forms[f], -len(f), f))
    surfaces = [cluster.surfaces[f] for f in forms]
    count = len(cluster.members)
    if cluster.id:
        entry = lexicon.entries[cluster.id]
        known = {fold(form) for form in entry.forms}
        added = [*entry.aliases, *(s for f, s in zip(forms, surfaces, strict=True) if f not in known)]
        aliases = tuple(sorted({pair for name in added for pair in labels(name)} - set(entry.labels)))
        return Entity(entry.id, entry.cls, entry.labels, aliases, entry.identifiers, count)
    cls = cluster.cls
    best = max(surfaces[:1] if group(cls) != _PERSON else surfaces, key=len)
    aliases = tuple(sorted({pair for name in surfaces for pair in labels(name)} - set(labels(best))))
    content = f"{group(cls)}\n{fold(best)}"
    if group(cls) == _PERSON:
        content += "\n" + _first_sentence(cluster, articles, mentions)
    id_ = "x-" + hashlib.sha256(content.encode()).hexdigest()[:16]
    return Entity(id_, cls, labels(best), aliases, (), count, cluster.certain)


def _first_sentence(cluster: _Cluster, articles: Sequence[Article], mentions: Sequence[Sequence[Mention]]) -> str:
    """A person in no list is known by where the name stands: two texts that share no sentence share no person."""
    a, m = min(cluster.members)
    text, span = articles[a].text, mentions[a][m].span
    return next((fold(text[s.start : s.end]) for s in sentences(text) if s.covers(span)), "")


@lru_cache(maxsize=65536)
def labels(name: str) -> tuple[tuple[str, str], ...]:
    """A name in both scripts, or as English where it has no Chinese character."""
    simple = simplify(name)
    if not any("\u3400" <= char <= "\u9fff" for char in simple):
        return (("en", simple),)
    return (("zh-Hans", simple), ("zh-Hant", _traditional()(simple)))


@cache
def _traditional():  # type: ignore[no-untyped-def]  # OpenCC has no types
    return OpenCC("s2hk").convert


def _join(a: Entity, b: Entity) -> Entity:
    aliases = tuple(sorted({*a.aliases, *b.aliases, *b.labels} - set(a.labels)))
    return replace(a, aliases=aliases, mentions=a.mentions + b.mentions)

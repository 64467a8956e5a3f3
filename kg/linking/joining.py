"""Which clusters of one document are one thing: definitions in brackets, short names, codes, words around a name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from kg import naming
from kg.lexicon import Lexicon
from kg.linking.cluster import Cluster, Key, Member
from kg.linking.forms import compact, group
from kg.model import Article, Mention
from kg.schema import broad
from kg.text import fold

_OPEN, _CLOSE = "(", ")"
_LATIN = 3
_QUOTES = '“”‘’"'


def join(
    clusters: dict[Key, Cluster], articles: Sequence[Article], mentions: Sequence[Sequence[Mention]], lexicon: Lexicon
) -> list[Cluster]:
    """The clusters that are left when those that are one have been joined; two of the gazetteer's never are."""
    of = {member: key for key, cluster in clusters.items() for member in cluster.members}
    parent = {key: key for key in clusters}

    def find(key: Key) -> Key:
        while parent[key] != key:
            key = parent[key]
        return key

    def unite(a: Key, b: Key) -> None:
        a, b = find(a), find(b)
        if a == b or (clusters[a].id and clusters[b].id):
            return
        first, second = (a, b) if clusters[a].id or not clusters[b].id else (b, a)
        parent[second] = first
        clusters[first].take(clusters[second])

    for edges in (_same_forms(clusters), _tailed(clusters), _same_tickers(clusters)):
        for a, b in edges:
            unite(a, b)
    for one, other in _defined(articles, mentions):
        if one in of and other in of:
            unite(of[one], of[other])
    alive = {key: cluster for key, cluster in clusters.items() if find(key) == key}
    for short, full in (*_short_names(alive), *_endings(alive, lexicon)):
        unite(full, short)
    return [clusters[key] for key in clusters if find(key) == key]


def _same_forms(clusters: Mapping[Key, Cluster]) -> Iterator[tuple[Key, Key]]:
    """One name that the gazetteer does not know is one thing in a document, whatever class each reading gave it."""
    holders: dict[str, list[Key]] = defaultdict(list)
    for key, cluster in clusters.items():
        if not cluster.id:
            for form in cluster.forms:
                holders[compact(form)].append(key)
    for keys in holders.values():
        keys.sort(key=lambda k: (-sum(clusters[k].classes.values()), k))
        yield from ((keys[0], other) for other in keys[1:])


def _tailed(clusters: Mapping[Key, Cluster]) -> Iterator[tuple[Key, Key]]:
    """X技术 is X where the document names X, a technology."""
    holders: dict[str, list[Key]] = defaultdict(list)
    for key, cluster in clusters.items():
        for form in cluster.forms:
            holders[form].append(key)
    for form, keys in sorted(holders.items()):
        for tail, classes in naming.load().tails:
            head = form[: -len(tail)].strip() if form.endswith(tail) else ""
            found = [k for k in holders.get(head, ()) if clusters[k].cls in classes] if len(head) > 1 else []
            if len(found) == 1:
                yield from ((found[0], key) for key in keys if not clusters[key].id)


def _same_tickers(clusters: Mapping[Key, Cluster]) -> Iterator[tuple[Key, Key]]:
    first: dict[str, Key] = {}
    for key, cluster in clusters.items():
        if cluster.ticker:
            yield first.setdefault(cluster.ticker, key), key


def _defined(articles: Sequence[Article], mentions: Sequence[Sequence[Mention]]) -> Iterator[tuple[Member, Member]]:
    """Pairs of mentions of which the second stands alone in brackets right behind the first: X（以下簡稱Y）."""
    rules = naming.load()
    for a, (article, own) in enumerate(zip(articles, mentions, strict=True)):
        folded = fold(article.text)
        ends = {mention.span.end: m for m, mention in enumerate(own)}
        for m, mention in enumerate(own):
            bracket = folded.rfind(_OPEN, max(0, mention.span.start - 12), mention.span.start)
            first = _ending_at(folded, bracket, ends)
            if bracket < 0 or first is None or first == m:
                continue
            inside_end = mention.span.end - folded[mention.span.start : mention.span.end].endswith(_CLOSE)
            if not folded.startswith(_CLOSE, _past_mark(folded, inside_end)):
                continue
            between = folded[bracket + 1 : mention.span.start].strip("“” :,")
            introduced = between in rules.introducers
            full = own[first]
            if (introduced or not between) and _alike(folded, full, mention, inside_end, introduced):
                yield (a, first), (a, m)


def _ending_at(folded: str, at: int, ends: Mapping[int, int]) -> int | None:
    """The mention that ends at `at`, or before a closing quotation mark or a blank there."""
    while at > 0:
        if at in ends:
            return ends[at]
        if folded[at - 1] not in _QUOTES + " ":
            return None
        at -= 1
    return None


def _past_mark(folded: str, at: int) -> int:
    return at + 1 if folded.startswith("”", at) else at


def _alike(folded: str, full: Mention, short: Mention, short_end: int, introduced: bool) -> bool:
    """An introducer, another script, or a name made of the full name's characters in their order.

    Initials and introduced names need not be read as one kind of thing.
    """
    a, b = folded[full.span.start : full.span.end], folded[short.span.start : short_end]
    if introduced or _initials(a, b) or _initials(b, a):
        return True
    if full.cls == "Person" and not a.isascii() and b.isascii() and " " in b:
        return True
    return group(full.cls) == group(short.cls) and (a.isascii() != b.isascii() or _subsequence(b, a))


def _initials(full: str, short: str) -> bool:
    words = full.replace("-", " ").split()
    return len(words) > 1 and "".join(w[0] for w in words) == short


def _subsequence(short: str, full: str) -> bool:
    rest = iter(full)
    return all(char in rest for char in short)


def _short_names(clusters: Mapping[Key, Cluster]) -> list[tuple[Key, Key]]:
    """(short, full) keys: an organisation's or a person's name that begins or ends exactly one longer name."""
    by_group: dict[str, list[Key]] = defaultdict(list)
    for key, cluster in clusters.items():
        by_group[group(cluster.cls)].append(key)
    pairs = []
    for kind in ("Organization", "Person"):
        keys = by_group[kind]
        for short in keys:
            if clusters[short].id:
                continue
            full = [key for key in keys if key != short and _is_short(clusters[short], clusters[key], kind)]
            if len(full) == 1:
                pairs.append((short, full[0]))
    return pairs


def _endings(clusters: Mapping[Key, Cluster], lexicon: Lexicon) -> Iterator[tuple[Key, Key]]:
    """(short, full) keys: a name that ends just one longer name of its class: 政策 … 新能源政策, A800 … 英伟达A800."""
    rules = naming.load()
    shortened = rules.short_by_ending | rules.short_behind_place | rules.short_in_latin
    holders: dict[tuple[str, str], set[Key]] = defaultdict(set)
    before: dict[tuple[str, str], str] = {}
    for key, cluster in clusters.items():
        cls = broad(cluster.cls)
        for form in cluster.forms if cls in shortened else ():
            for at in range(1, len(form) - 1):
                if form[:at].endswith(rules.parting):
                    continue
                holders[cls, form[at:]].add(key)
                before[cls, form[at:]] = form[:at]
    for key, cluster in clusters.items():
        cls = broad(cluster.cls)
        name = max(cluster.forms, key=lambda f: (cluster.forms[f], f))
        longer = holders.get((cls, name), set()) - {key}
        if len(longer) != 1:
            continue
        place = before[cls, name].removesuffix(rules.particle)
        if name.isascii() and cls != "Person":
            chinese = not place.rstrip()[-1:].isascii()
            fitting = chinese and cls in rules.short_in_latin and len(name) >= _LATIN
        else:
            whole = clusters[min(longer)].id
            called = cls == "Company" and whole and _is_name(whole, lexicon)
            by_end = cls in rules.short_by_ending or _is_place(place, lexicon)
            fitting = not cluster.id and not called and by_end
        if fitting:
            yield key, longer.pop()


def _is_place(form: str, lexicon: Lexicon) -> bool:
    return any(group(lexicon.entries[id_].cls) == "Place" for id_ in lexicon.lookup(form)[0])


def _is_name(id_: str, lexicon: Lexicon) -> bool:
    """By its English label, whose last word names begin with a capital: Bank of America, not Hong Kong banks."""
    return dict(lexicon.entries[id_].labels).get("en", "").split(" ")[-1][:1].isupper()


def _is_short(short: Cluster, full: Cluster, kind: str) -> bool:
    a = max(short.forms, key=lambda f: (short.forms[f], f))
    if len(a) < 2:
        return False
    if kind == "Person":
        return any(len(b) > len(a) and b.endswith(a) and b[-len(a) - 1] in " ·•・" for b in full.forms)
    rules = naming.load()
    same = short.cls == full.cls
    return same and any(
        len(b) > len(a) and b.startswith(a) and (rules.class_of(b) is not None or b[len(a) :] in rules.droppable)
        for b in full.forms
    )

"""What the gazetteer knows of a mention: by its form, by a shorter form, by the document's other names."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache

from kg import naming
from kg.lexicon import Lexicon
from kg.linking.forms import compact, group, industry_head, stripped, trimmed
from kg.model import Mention
from kg.naming import KNOWN
from kg.text import fold

Ids = tuple[tuple[str, ...], bool]
NONE: Ids = ((), True)
_SURE = 0.8
_SHORTEST = 3
_NARROWED = frozenset({"Event", "Market", "Policy"})
"""Not bodies: 金管局 need not be that of Singapore where a text names 新加坡金管局 too."""


class Known:
    """The gazetteer as one document sees it: `present` are the entities that a safe form names there."""

    def __init__(self, lexicon: Lexicon, mentions: Iterable[Mention]) -> None:
        self.lexicon = lexicon
        self.present: set[str] = set()
        self._found: dict[tuple[str, str], Ids] = {}
        votes: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
        for mention in mentions:
            ids, weak = self.ids(mention)
            if ids and not weak:
                self.present.add(ids[0])
            if len({group(lexicon.entries[i].cls) for i in ids}) > 1:
                votes[fold(trimmed(mention.surface))][mention.cls] += mention.confidence
        self._places: list[str] = []
        self._read = {form: max(sorted(v), key=v.__getitem__) for form, v in votes.items()}

    def ids(self, mention: Mention) -> Ids:
        """The entries a mention's form may mean, and whether all of them bear it weakly."""
        key = (mention.surface, mention.cls)
        if key not in self._found:
            self._found[key] = self._look_up(fold(trimmed(mention.surface)), mention.cls)
        return self._found[key]

    def _look_up(self, form: str, cls: str) -> Ids:
        found = self.lexicon.lookup(form)
        if found[0]:
            return found
        for shorter in _shorter(form, cls):
            ids, weak = self.lexicon.lookup(shorter)
            fitting = tuple(i for i in ids if _alike(self.lexicon.entries[i].cls, cls))
            if fitting and not weak:
                return fitting, False
        tail = self._without_tail(form)
        if tail[0]:
            return tail
        small = compact(form)
        return _compact_index(self.lexicon).get(small, NONE) if len(small) >= _SHORTEST else NONE

    def enter(self, mentions: Sequence[Mention]) -> None:
        """Begin an article of these mentions: the places it names most are where its 政府 and 央行 are."""
        count = Counter[str]()
        for mention in mentions:
            ids, weak = self.ids(mention)
            if ids and not weak and group(self.lexicon.entries[ids[0]].cls) == "Place":
                count[ids[0]] += 1
        ordered = sorted(count, key=lambda i: (-count[i], i))
        self._places = [name for i in ordered for _, name in self.lexicon.entries[i].labels]

    def _of_place(self, form: str) -> str | None:
        """The body that a place's name and this word name together: 韓國 … 政府 is 韓國政府."""
        for place in self._places:
            ids, weak = self.lexicon.lookup(place + form)
            if ids and not weak and group(self.lexicon.entries[ids[0]].cls) == "Organization":
                return ids[0]
        return None

    def _without_tail(self, form: str) -> Ids:
        for tail, classes in naming.load().tails:
            if form.endswith(tail) and len(form) - len(tail) > 1:
                ids, weak = self.lexicon.lookup(form[: -len(tail)].strip())
                fitting = tuple(i for i in ids if self.lexicon.entries[i].cls in classes)
                if fitting and not weak:
                    return fitting, False
        return NONE

    def resolve(self, mention: Mention) -> tuple[str | None, bool] | None:
        """(gazetteer id or None, certain); None for a weak form that nothing supports."""
        if mention.finder == KNOWN and mention.candidates:
            return mention.candidates[0], True
        entries = self.lexicon.entries
        ids, weak = self.ids(mention)
        read = self._read.get(fold(trimmed(mention.surface)), mention.cls)
        fitting = [i for i in ids if group(entries[i].cls) == group(read)]
        exact = [i for i in fitting if entries[i].cls == read] or fitting
        sure = mention.finder == "neural"
        if ids and not weak:
            chosen = next((i for i in self._narrower(mention, fitting)), None)
            chosen = chosen or next((i for i in exact if i in self.present), None) or next(iter(exact), None)
            if chosen is None and not (sure and mention.confidence > _SURE):
                chosen = ids[0]
            if chosen:
                return chosen, True
        if weak and group(read) == "Organization":
            placed = self._of_place(fold(trimmed(mention.surface)))
            if placed and (ids or placed in self.present or mention.cls == "GovernmentBody"):
                return placed, True
        if weak and ids:
            chosen = next((i for i in fitting if i in self.present), None)
            if chosen is None and sure:
                chosen = next((i for i in fitting if self._supported(i)), None)
            if chosen:
                return chosen, True
            if not sure:
                return None
        return None, not (weak and ids)

    def _narrower(self, mention: Mention, fitting: Sequence[str]) -> Iterable[str]:
        """A thing the document names in full and calls by this wider name too: 香港樓市 … 樓市, 美國關稅 … 關稅."""
        form = fold(trimmed(mention.surface))
        for id_ in fitting:
            entry = self.lexicon.entries[id_]
            if id_ in self.present and entry.cls in _NARROWED and form in {fold(w) for w in entry.weak}:
                yield id_

    def _supported(self, id_: str) -> bool:
        """A place's short form needs no support; an organisation's does: its own place is named in the document."""
        entries = self.lexicon.entries
        if group(entries[id_].cls) == "Place":
            return True
        forms = [fold(form) for form in entries[id_].forms]
        places = (entries[i] for i in self.present if group(entries[i].cls) == "Place")
        return any(form.startswith(fold(name)) for place in places for _, name in place.labels for form in forms)


def _alike(known: str, seen: str) -> bool:
    return known == seen or (group(known) == group(seen) and group(seen) != "Thing")


def _shorter(form: str, cls: str) -> list[str]:
    """Other forms: without 有限公司, 集团, a determiner or what stands before 《; X业 and X行业 for one another."""
    rules = naming.load()
    found = [stripped(form, rules, endings=group(cls) == "Organization")]
    if form.endswith("》") and "《" in form:
        found.append(form[form.rindex("《") + 1 : -1])
    head = industry_head(form)
    if head:
        stem = head[:-1]
        found += [head, *(stem + ending for ending in rules.industry_endings)]
    return [other for other in dict.fromkeys(found) if other != form and len(other) > 1]


@lru_cache(maxsize=4)
def _compact_index(lexicon: Lexicon) -> dict[str, Ids]:
    """Safe forms without their marks and blanks, for names spelt with others: DeepSeek R1 and DeepSeek-R1."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for entry in lexicon.entries.values():
        for form in entry.forms:
            found[compact(fold(form))][entry.id] = None
    return {form: (tuple(ids), False) for form, ids in found.items() if len(ids) == 1}


@lru_cache(maxsize=4)
def tickers(lexicon: Lexicon) -> dict[str, str]:
    """The gazetteer's listed companies by ticker."""
    return {
        value: entry.id for entry in lexicon.entries.values() for name, value in entry.identifiers if name == "ticker"
    }

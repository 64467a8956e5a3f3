"""What annotated texts tell beforehand: facts between listed things, and which names texts are about.

The files that kg.relations.background and kg.linking.keyphraseness read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import combinations
from pathlib import Path

from ahocorasick_rs import AhoCorasick

from kg import schema
from kg.lexicon import Lexicon
from kg.linking import keyphraseness
from kg.linking.forms import group
from kg.observations.corpus import Item
from kg.relations.background import FILE, Row
from kg.text import fold

_HEADER = """\
# Facts between things of the gazetteer: subject, predicate, object, texts that state it, texts with both. Counted in
# annotated news; those written from general knowledge count as one text more. CC0-1.0.
"""


def rows(items: Iterable[Item], lexicon: Lexicon) -> list[Row]:
    """The facts of compact annotations whose ends are both listed; a text that comes twice counts once."""
    stated, together = Counter[tuple[str, str, str]](), Counter[tuple[str, str]]()
    symmetric, predicates = schema.symmetric(), schema.load().relations
    seen: set[str] = set()
    for item in items:
        if item.text in seen:
            continue
        seen.add(item.text)
        ids = {cells[1]: _listed(cells[1], cells[2], lexicon) for cells in item.rows if cells[0] == "E"}
        facts = set()
        for cells in item.rows:
            if cells[0] != "R" or cells[2] not in predicates:
                continue
            subject, object_ = ids.get(cells[1]), ids.get(cells[3])
            if subject and object_ and subject != object_:
                ends = sorted((subject, object_)) if cells[2] in symmetric else (subject, object_)
                facts.add((ends[0], cells[2], ends[1]))
        stated.update(facts)
        together.update(combinations(sorted({id_ for id_ in ids.values() if id_}), 2))
    pairs = ((fact, texts, (min(fact[0], fact[2]), max(fact[0], fact[2]))) for fact, texts in sorted(stated.items()))
    return [Row(*fact, texts, together[pair]) for fact, texts, pair in pairs]


def joined(one: Iterable[Row], two: Iterable[Row]) -> list[Row]:
    """Both, the texts of each added."""
    texts, together = Counter[tuple[str, str, str]](), Counter[tuple[str, str]]()
    for own in (one, two):
        pairs = {}
        for row in own:
            texts[row[:3]] += row.texts
            pairs[min(row.subject, row.object), max(row.subject, row.object)] = row.together
        together.update(pairs)
    return [Row(*fact, n, together[min(fact[0], fact[2]), max(fact[0], fact[2])]) for fact, n in sorted(texts.items())]


def _listed(name: str, cls: str, lexicon: Lexicon) -> str | None:
    ids, _ = lexicon.lookup(fold(name))
    return next((id_ for id_ in ids if group(lexicon.entries[id_].cls) == group(cls)), None)


def annotated_names(items: Iterable[Item], lexicon: Lexicon) -> list[keyphraseness.Row]:
    """For every listed thing and every annotated name, the texts that hold it and those in which it is annotated."""
    texts = {fold(item.text): _forms(item) for item in items}
    forms_of_all = {form for forms in texts.values() for form in forms if len(form) > 1}
    names = sorted(form for form in forms_of_all if not lexicon.lookup(form)[0])
    finder = AhoCorasick(names)
    held, annotated = Counter[str](), Counter[str]()
    for text, forms in texts.items():
        for name in {names[number] for number, *_ in finder.find_matches_as_indexes(text, overlapping=True)}:
            held[name] += 1
            annotated[name] += name in forms
        for id_ in {match.ids[0] for match in lexicon.scan(text)}:
            held[keyphraseness.key(id_)] += 1
            entry = lexicon.entries[id_]
            annotated[keyphraseness.key(id_)] += any(fold(form) in forms for form in (*entry.forms, *entry.weak))
    return [keyphraseness.Row(name, count, annotated[name]) for name, count in sorted(held.items())]


def joined_names(one: Iterable[keyphraseness.Row], two: Iterable[keyphraseness.Row]) -> list[keyphraseness.Row]:
    """Both, the texts of each added."""
    held, annotated = Counter[str](), Counter[str]()
    for row in (*one, *two):
        held[row.name] += row.texts
        annotated[row.name] += row.annotated
    return [keyphraseness.Row(name, count, annotated[name]) for name, count in sorted(held.items())]


def _forms(item: Item) -> set[str]:
    named = (name for cells in item.rows if cells[0] == "E" for name in (cells[1], *cells[3].split("|")))
    return {fold(name).strip() for name in named if name}


def write(facts: Iterable[Row], names: Iterable[keyphraseness.Row], folder: Path) -> None:
    (folder / FILE).write_text(_HEADER + _lines(facts), encoding="utf-8")
    (folder / keyphraseness.FILE).write_text(_lines(names), encoding="utf-8")


def _lines(rows: Iterable[Iterable[object]]) -> str:
    return "".join("\t".join(map(str, row)) + "\n" for row in rows)

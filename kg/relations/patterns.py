"""Relations by patterns: the triggers and constructions of seeds/relations, over folded text and linked names.

Every relation names the pattern that read it (`patterns.supplies.verb-1`); where several did, the surest. Its
confidence is the share of right readings measured for the pattern and the classes of its arguments.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence

from kg import schema
from kg.model import Relation, Span
from kg.relations import manner, reference, scene
from kg.relations.constructions import Pattern, Rules, load
from kg.relations.coordination import Group, Name
from kg.relations.passage import Passage
from kg.relations.scene import Scene
from kg.text import fold

_FLOOR = 0.08 / 0.92
"""Odds below which a reading is not worth handing on."""
_LEAST = 0.015
_LONGEST = 240
Reading = tuple[Pattern, Name, Name, int]
"""Pattern, subject, object, and where its trigger stands."""


def extract(passage: Passage) -> list[Relation]:
    """The surest reading of every (subject, predicate, object), in order."""
    rules = load()
    folded = fold(passage.article.text)
    names = _names(passage)
    names = sorted([*names, *reference.resolve(folded, names)], key=lambda n: n.start)
    view = scene.build(folded, names, rules.joins, rules.marks, rules.respective)
    title = passage.article.body_start
    named = {n.entity for n in names if n.start < title}
    best: dict[tuple[str, str, str], tuple[float, Reading]] = {}
    kinds = {name.cls: rules.kind(name.cls) for name in view.names}
    for reading in (*_triggered(view, rules), *_touching(view, rules), *_inside(view, rules)):
        pattern, subject, object_, _ = reading
        factor = rules.factors.get((pattern.predicate, kinds[subject.cls], kinds[object_.cls]), 0.0)
        if subject.entity == object_.entity or pattern.odds * factor < _LEAST:
            continue
        shown = (subject.entity in named) + 2 * (object_.entity in named)
        odds = pattern.odds * factor * (rules.headline[pattern.predicate][shown] if title else 1.0)
        key = _key(pattern.predicate, subject.entity, object_.entity)
        if odds >= _FLOOR and (key not in best or (odds, pattern.id) > (best[key][0], best[key][1][0].id)):
            best[key] = (odds, reading)
    return [_relation(view, key, odds / (1 + odds), reading) for key, (odds, reading) in sorted(best.items())]


def _key(predicate: str, subject: str, object_: str) -> tuple[str, str, str]:
    if predicate in schema.symmetric() and object_ < subject:
        return object_, predicate, subject
    return subject, predicate, object_


def _relation(view: Scene, key: tuple[str, str, str], confidence: float, reading: Reading) -> Relation:
    pattern, subject, object_, at = reading
    subject_id, predicate, object_id = key
    span = _stated(view, subject, object_, at)
    clauses = [view.clauses[max(0, bisect_right(view.starts, p) - 1)].span.start for p in (at, object_.start)]
    how = manner.read(view.folded, min(clauses), at, object_.start)
    return Relation(
        subject_id, predicate, object_id, span, round(min(0.99, confidence), 4), pattern.id,
        float(how.negated), float(how.forecast), float(how.proposal and not how.forecast),
    )  # fmt: skip


def _names(passage: Passage) -> list[Name]:
    """Linked mentions, the longer where two overlap."""
    names: list[Name] = []
    for mention in sorted(passage.mentions, key=lambda m: (m.span.start, -m.span.end)):
        if mention.entity and len(mention.span) and (not names or mention.span.start >= names[-1].end):
            cls = passage.entities[mention.entity].cls
            names.append(Name(mention.span.start, mention.span.end, mention.entity, cls))
    return names


def _triggered(view: Scene, rules: Rules) -> Iterator[Reading]:
    taken = bytearray(len(view.folded))
    for name in view.names:
        taken[name.start : name.end] = b"\1" * (name.end - name.start)
    hits = rules.finder.find_matches_as_indexes(view.folded, overlapping=True)
    hits = [hit for hit in hits if taken.find(1, hit[1], hit[2]) < 0]
    hidden = _hidden(hits, rules)
    for word, start, end in hits:
        earlier, later = rules.reach[word]
        found = scene.slots(view, start, end, earlier=earlier, later=later)
        if len(found) < 2 and ("LL", "") not in found and ("RR", "") not in found:
            continue
        silent = hidden.get((word, start), frozenset())
        for first, by_object in rules.by_word[word].items():
            if first in found:
                for second in by_object.keys() & found.keys():
                    for subject, object_ in _arguments(view, found[first], found[second], start):
                        for pattern in by_object[second]:
                            if pattern.predicate not in silent:
                                yield pattern, subject, object_, start


def _hidden(hits: Sequence[tuple[int, int, int]], rules: Rules) -> dict[tuple[int, int], frozenset[str]]:
    """By (word, start), the relations for which a longer word around it counts instead: 供应 in 供应商."""
    hidden: dict[tuple[int, int], frozenset[str]] = {}
    for word, start, _ in hits:
        for part, offset in rules.within.get(word, ()):
            key = (part, start + offset)
            hidden[key] = hidden.get(key, frozenset()) | rules.predicates[word]
    return hidden


def _arguments(view: Scene, firsts: list[Group], seconds: list[Group], at: int) -> Iterator[tuple[Name, Name]]:
    for subjects in firsts:
        for objects in seconds:
            yield from _pairs(view, subjects, objects, at)


def _pairs(view: Scene, subjects: Group, objects: Group, at: int) -> Iterator[tuple[Name, Name]]:
    """Each with each, but one to one in a clause that says 分别."""
    if subjects is not objects and len(subjects.names) > 1 and len(objects.names) > 1:
        clause = view.clauses[max(0, bisect_right(view.starts, max(at, objects.start)) - 1)]
        if clause.respective:
            if len(subjects.names) == len(objects.names):
                yield from zip(subjects.names, objects.names, strict=True)
            return
    for subject in subjects.names:
        for object_ in objects.names:
            yield subject, object_


def _touching(view: Scene, rules: Rules) -> Iterator[Reading]:
    for first, second in zip(view.names, view.names[1:], strict=False):
        between = view.folded[first.end : second.start]
        if between.strip(" ") or "\n" in between:
            continue
        for pattern in rules.touching:
            ordered = (first, second) if pattern.subject[0] == "A" else (second, first)
            yield pattern, *ordered, first.end


def _inside(view: Scene, rules: Rules) -> Iterator[Reading]:
    """Names that begin, end or hold another entity's name: 深圳证监局, 前海."""
    forms = {view.folded[n.start : n.end]: n for n in view.names}
    by_part = [(form, name) for form, name in forms.items() if len(form) > 1]
    for part, inner in by_part:
        for whole, outer in by_part:
            if len(whole) <= len(part) or part not in whole or inner.entity == outer.entity:
                continue
            place = "pre" if whole.startswith(part) else "suf" if whole.endswith(part) else "mid"
            for pattern in rules.inside:
                if pattern.subject[1] == place:
                    ordered = (inner, outer) if pattern.subject[0] == "in" else (outer, inner)
                    yield pattern, *ordered, outer.start


def _stated(view: Scene, subject: Name, object_: Name, at: int) -> Span:
    """The clauses from the first to the last of subject, trigger and object; the trigger's where they lie far apart."""
    places = sorted((subject.start, object_.start, at))
    first, last = (max(0, bisect_right(view.starts, p) - 1) for p in (places[0], places[-1]))
    span = Span(view.clauses[first].span.start, view.clauses[last].span.end)
    if len(span) <= _LONGEST:
        return span
    near = max(0, bisect_right(view.starts, at) - 1)
    held = view.clauses[near].span
    while near < last and view.clauses[near + 1].span.end - held.start <= _LONGEST:
        near += 1
        held = Span(held.start, view.clauses[near].span.end)
    return held

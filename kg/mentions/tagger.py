"""Persons, places and organisations by LAC-small: the finder of names in no list when the learned reader is off."""

from __future__ import annotations

from collections.abc import Sequence

from kg import naming
from kg.model import Mention, Span
from kg.text import fold

_DEFAULT = {"person": "Person", "place": "Place", "organization": "Company"}


def find(text: str, words: Sequence[tuple[int, int, str]]) -> list[Mention]:
    """Mentions among LAC's `words` of `text`, a name and a word like 集團 behind it taken as one."""
    rules = naming.load()
    folded = fold(text)
    found = []
    for number, (start, end, tag) in enumerate(words):
        kind = rules.tags.get(tag)
        if kind is None:
            continue
        following = words[number + 1] if number + 1 < len(words) else (0, 0, "")
        if kind != "person" and following[0] == end and folded[end : following[1]] in rules.joins:
            end, kind = following[1], "organization"
        surface = folded[start:end]
        if surface in rules.stop or len(surface) < max(2, rules.person_minimum if kind == "person" else 0):
            continue
        cls = _DEFAULT[kind] if kind == "person" else (rules.class_of(surface) or _DEFAULT[kind])
        found.append(Mention(Span(start, end), text[start:end], cls, "tagger", rules.tag_confidence[tag]))
    return found

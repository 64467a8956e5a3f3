"""Persons, places and organisations by LAC-small: the finder of names in no list when the learned reader is off."""

from __future__ import annotations

from collections.abc import Iterator

from kg import lac, naming
from kg.model import Mention, Span
from kg.text import fold, sentences

_DEFAULT = {"person": "Person", "place": "Place", "organization": "Company"}


def find(text: str) -> list[Mention]:
    rules = naming.load()
    found = []
    for sentence, words in tagged(text):
        folded = fold(text[sentence.start : sentence.end])
        for number, (start, end, tag) in enumerate(words):
            kind = rules.tags.get(tag)
            if kind is None:
                continue
            if number + 1 < len(words) and folded[end : words[number + 1][1]] in rules.joins and kind != "person":
                end, kind = words[number + 1][1], "organization"
            surface = folded[start:end]
            if surface in rules.stop or (kind == "person" and len(surface) < rules.person_minimum) or len(surface) < 2:
                continue
            cls = _DEFAULT[kind] if kind == "person" else (rules.class_of(surface) or _DEFAULT[kind])
            span = Span(sentence.start + start, sentence.start + end)
            found.append(Mention(span, text[span.start : span.end], cls, "tagger", rules.tag_confidence[tag]))
    return found


def tagged(text: str) -> Iterator[tuple[Span, list[tuple[int, int, str]]]]:
    """Each sentence with its words as (start, end, tag), offsets in the sentence."""
    spans = sentences(text)
    model = lac.load()
    for span, path in zip(spans, model.tag([text[s.start : s.end] for s in spans]), strict=True):
        words: list[tuple[int, int, str]] = []
        for at, number in enumerate(path):
            tag, _, place = model.tags[number].rpartition("-")
            if place == "I" and words and words[-1][2] == tag:
                words[-1] = (words[-1][0], at + 1, tag)
            else:
                words.append((at, at + 1, tag or "O"))
        yield span, words

"""Entities of a document that are one under two names."""

from __future__ import annotations

from kg.linking import sameness
from kg.linking.sameness import Pair
from kg.model import Article, Entity, Mention, Piece, Span

TEXT = "北港發展局公布綠色集體運輸系統方案。運輸系統將於明年動工。非綠色項目不在其中，南島亦有運輸系統。"


def _article() -> Article:
    return Article("a", "d", "", TEXT, (Piece(0, 0, len(TEXT)),))


def _named(*names: tuple[str, str, str]) -> tuple[list[Mention], dict[str, Entity]]:
    """(name, class, id) → a mention of each where it first stands, and the entities."""
    mentions = [
        Mention(Span(TEXT.index(n), TEXT.index(n) + len(n)), n, cls, "test", entity=id_) for n, cls, id_ in names
    ]
    return mentions, {id_: Entity(id_, cls, (("zh-Hant", n),)) for n, cls, id_ in names}


def _pairs(*names: tuple[str, str, str]) -> list[tuple[str, str]]:
    mentions, entities = _named(*names)
    return [(p.short, p.long) for p in sameness.pairs([_article()], [mentions], entities)]


def test_a_name_that_begins_or_ends_another_is_compared() -> None:
    long = ("綠色集體運輸系統方案", "Product", "x-b")
    assert _pairs(("綠色集體", "Product", "x-a"), long) == [("x-a", "x-b")]
    assert _pairs(("系統方案", "Policy", "x-c"), long) == [("x-c", "x-b")]
    assert _pairs(("運輸系統", "Product", "x-a"), long) == []
    assert _pairs(("南島", "Product", "x-a"), long) == []


def test_what_the_gazetteer_tells_apart_and_people_and_indices_are_not() -> None:
    assert _pairs(("綠色集體", "Product", "one"), ("綠色集體運輸系統方案", "Product", "two")) == []
    assert _pairs(("綠色集體", "Index", "x-a"), ("綠色集體運輸系統方案", "Index", "x-b")) == []


def test_an_opposite_and_a_known_body_are_not_the_longer_name() -> None:
    assert _pairs(("綠色項目", "Product", "x-a"), ("非綠色項目", "Product", "x-b")) == []
    assert _pairs(("發展局", "GovernmentBody", "one"), ("北港發展局", "GovernmentBody", "x-b")) == []
    assert _pairs(("發展局", "GovernmentBody", "x-a"), ("北港發展局", "GovernmentBody", "x-b")) == [("x-a", "x-b")]


def test_how_a_pair_stands_is_what_its_features_say() -> None:
    mentions, entities = _named(("綠色集體運輸系統", "Product", "x-b"), ("運輸系統將", "Product", "x-a"))
    mentions[1] = Mention(Span(TEXT.index("運輸系統將"), TEXT.index("將")), "運輸系統", "Product", "test", entity="x-a")
    (pair,) = sameness.pairs([_article()], [mentions], entities)
    assert (pair.short, pair.long, len(pair.row)) == ("x-a", "x-b", sameness.FEATURES)
    begins, same, same_and_begins, in_one_clause, in_one_sentence, after = pair.row[1:7]
    assert (begins, same, same_and_begins, in_one_clause, in_one_sentence, after) == (0, 1, 0, 0, 0, 1)


def _pair(short: str, long: str, odds: float) -> Pair:
    return Pair(short, long, (odds,))


def test_the_likeliest_are_joined_and_never_two_of_the_gazetteer() -> None:
    found = [_pair("x-a", "one", 3.0), _pair("x-a", "two", 2.5), _pair("x-b", "x-a", 2.0), _pair("x-c", "x-b", 0.5)]
    assert sameness.merged(found, (1.0,), 0.8) == {"x-a": "one", "x-b": "one"}
    assert sameness.merged([_pair("one", "x-a", 3.0)], (1.0,), 0.8) == {"x-a": "one"}
    assert sameness.merged(found[::-1], (1.0,), 0.8) == {"x-a": "one", "x-b": "one"}


def test_joined_entities_keep_both_names() -> None:
    mentions, entities = _named(
        ("綠色集體運輸系統", "Product", "x-b"), ("南島", "Place", "x-c"), ("系統", "Product", "x-a")
    )
    made, linked = sameness.apply({"x-a": "x-b"}, [mentions], entities)
    assert sorted(made) == ["x-b", "x-c"]
    assert made["x-b"].aliases == (("zh-Hant", "系統"),)
    assert [m.entity for m in linked[0]] == ["x-b", "x-c", "x-b"]

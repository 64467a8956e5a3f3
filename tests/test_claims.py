"""Claims: polarity, modality, who says it over several sentences, roles, confidence, evidence."""

from dataclasses import replace

import pytest
from passages import passage

from kg import claims
from kg.model import AFFIRMED, FACT, FORECAST, NEGATED, PROPOSAL, Author, Document, Relation, Span
from kg.relations import confidence

TEXT = "甲米證券首席經濟學家陳大文表示，乙禾科技將受惠。\n他又指，丙田銀行亦然。\n丁川集團今日開業。"
NAMES = {"Company": ["甲米證券", "乙禾科技", "丙田銀行", "丁川集團"], "Person": ["陳大文"]}


def document(text: str) -> Document:
    return Document("d", "d.txt", text, "0" * 64)


def relation(subject: str, predicate: str, object_: str, text: str = TEXT, **more: float) -> Relation:
    at = text.index(object_)
    return Relation(subject, predicate, object_, Span(at, at + len(object_)), 0.6, "patterns.x.y-1", **more)


def make(*relations: Relation, text: str = TEXT, names: dict[str, list[str]] = NAMES) -> list[claims.Claim]:
    readers = ("patterns", "neural")
    joint = confidence.Joint(0.0, dict.fromkeys(readers, 1.0), dict.fromkeys(readers, 0.0), {}, 0.0, 0.0, 0.1)
    return claims.make(document(text), passage(text, names), relations, joint, {})[0]


@pytest.mark.parametrize(
    ("marks", "expected"),
    [
        ({}, (AFFIRMED, FACT)),
        ({"negated": 1.0}, (NEGATED, FACT)),
        ({"forecast": 0.9, "proposal": 0.6}, (AFFIRMED, FORECAST)),
        ({"proposal": 0.9}, (AFFIRMED, PROPOSAL)),
    ],
)
def test_manner_comes_from_the_surest_reading(marks, expected):
    (claim,) = make(relation("甲米證券", "supports", "丁川集團", **marks))
    assert (claim.polarity, claim.modality) == expected


def test_what_a_person_says_is_theirs_over_a_pronoun_and_a_new_line():
    found = make(
        relation("甲米證券", "benefits", "乙禾科技"),
        relation("甲米證券", "benefits", "丙田銀行"),
        relation("甲米證券", "benefits", "丁川集團"),
    )
    assert {c.object: c.attributed_to for c in found} == {"乙禾科技": "陳大文", "丙田銀行": "陳大文", "丁川集團": None}


def test_a_verb_at_the_end_claims_the_sentence():
    text = "乙禾科技收購丙田銀行，甲米證券表示。"
    (claim,) = make(relation("乙禾科技", "acquires", "丙田銀行", text), text=text)
    assert claim.attributed_to == "甲米證券"


def test_a_view_is_its_holders_and_a_post_is_read_between_firm_and_person():
    view, post = make(relation("陳大文", "commentsOn", "乙禾科技"), relation("陳大文", "worksFor", "甲米證券"))
    assert view.attributed_to == "陳大文"
    assert post.role == "首席經濟學家"


def test_symmetric_claims_are_one_and_readers_that_agree_add_up():
    neural = Relation("丙田銀行", "cooperatesWith", "丁川集團", Span(0, 5), 0.5, "neural")
    (claim,) = make(relation("丁川集團", "cooperatesWith", "丙田銀行"), neural)
    assert claim.confidence == pytest.approx(0.6)
    assert claim.sources == ("neural", "patterns.x.y-1")
    assert claim.evidence[0].quote in TEXT


def test_authors_work_where_the_text_says():
    author = Author("陳大文", role="首席經濟學家", organization="甲米證券", evidence=Span(0, 13))
    (claim,) = claims.of_authors(document(TEXT), passage(TEXT, NAMES), {author: ("陳大文", "甲米證券")})
    assert (claim.predicate, claim.role, claim.evidence[0].quote) == ("worksFor", "首席經濟學家", TEXT[:13])


def test_who_gives_an_opinion_gives_it_of_what_is_most_named():
    text = (
        "雲杉電池前景\n雲杉電池受捧，甲米證券看好。\n雲杉電池和鋰價齊升，鋰價再升，鋰價未見頂。\n乙禾科技買雲杉電池。"
    )
    names = {"Product": ["雲杉電池"], "Commodity": ["鋰價"], "Company": ["甲米證券", "乙禾科技"], "Person": ["陳大文"]}
    seen = passage(text, names)
    seen = replace(seen, article=replace(seen.article, body_start=text.index("\n") + 1))
    people = {Author("陳大文"): ("陳大文", None)}
    assert claims.of_authors(document(text), seen, people) == []
    first, second = claims.of_authors(document(text), replace(seen, authors=("陳大文",)), people)
    assert [(c.predicate, c.object, c.attributed_to) for c in (first, second)] == [
        ("commentsOn", "雲杉電池", "陳大文"), ("commentsOn", "鋰價", "陳大文"),
    ]  # fmt: skip
    assert first.confidence > second.confidence
    assert all(c.object in c.evidence[0].quote for c in (first, second))
    assert claims.of_authors(document(text), replace(seen, authors=("陳大文",)), people, first.confidence) == [first]


def test_what_an_opinion_foresees_is_its_authors():
    seen = replace(passage(TEXT, NAMES), authors=("陳大文",))
    joint = confidence.plain(("patterns",))
    made = [relation("甲米證券", "benefits", "丁川集團", forecast=forecast) for forecast in (0.0, 0.9)]
    (fact, *_), (foreseen, *_) = (claims.make(document(TEXT), seen, [one], joint, {})[0] for one in made)
    assert (fact.attributed_to, foreseen.attributed_to) == (None, "陳大文")


def test_what_is_under_the_threshold_is_told_apart() -> None:
    seen, made = passage(TEXT, NAMES), [relation("甲米證券", "supports", "丁川集團")]
    joint = confidence.plain(("patterns",))
    (claim,), none = claims.make(document(TEXT), seen, made, joint, {})
    assert none == []
    sure, (unsure,) = claims.make(document(TEXT), seen, made, joint, {}, claim.confidence + 0.01)
    assert sure == []
    assert (unsure.subject, unsure.predicate, unsure.object, unsure.confidence) == (
        claim.subject, claim.predicate, claim.object, claim.confidence,
    )  # fmt: skip

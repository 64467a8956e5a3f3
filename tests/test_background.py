"""What other texts state of listed things, and what it does to the confidence of what is read."""

import json
from pathlib import Path

import pytest

from kg import lexicon
from kg.errors import DataError
from kg.observations import corpus
from kg.relations import background, confidence
from kg.relations.background import Background, Row
from kg.train import knowledge

NOTHING = [0.0] * background.FEATURES
FACTS = (
    Row("mine", "supplies", "smelter", 3, 4),
    Row("mine", "competesWith", "quarry", 1, 2),
    Row("fund", "investsIn", "smelter", 2, 2),
)


def test_a_known_fact_another_of_the_same_two_and_nothing_at_all() -> None:
    known = Background(FACTS)
    stated, otherwise, share, subject, object_ = known.row("mine", "supplies", "smelter")
    assert (stated, otherwise) == (1.0, 0.0)
    assert share < 0 < min(subject, object_)
    assert known.row("mine", "harms", "smelter")[:2] == [0.0, 1.0]
    assert known.row("mine", "harms", "smelter")[2] < share
    assert known.row("x-one", "supplies", "x-two") == NOTHING


def test_symmetric_facts_hold_both_ways_and_others_do_not() -> None:
    known = Background(FACTS)
    *one_way, subject, object_ = known.row("quarry", "competesWith", "mine")
    assert known.row("mine", "competesWith", "quarry") == [*one_way, object_, subject]
    assert known.row("smelter", "supplies", "mine")[:2] == [0.0, 1.0]


def test_a_thing_is_believed_to_do_what_it_does_elsewhere() -> None:
    known = Background(FACTS)
    *_, subject, _ = known.row("fund", "investsIn", "x-new")
    *_, other, _ = known.row("mine", "investsIn", "x-new")
    assert other < 0 < subject


def test_what_is_known_is_believed_more_readily_and_makes_no_claim() -> None:
    joint = confidence.load(("neural", "patterns"))
    row = max(background.read(), key=lambda r: r.texts)
    told = {"neural": 0.2}
    known = joint.confidence((row.subject, row.predicate, row.object), told)
    assert known > joint.confidence(("x-one", row.predicate, "x-two"), told)


def test_facts_name_things_of_the_gazetteer() -> None:
    listed = lexicon.load().entries
    rows = list(background.read())
    lost = {end for row in rows for end in (row.subject, row.object) if end not in listed}
    assert not lost
    assert all(row.texts <= row.together for row in rows)


@pytest.mark.parametrize("harm", ["a\tsupplies\tb\n", "a\tsupplies\tb\tmany\t1\n"])
def test_a_damaged_file_is_named(harm: str, tmp_path: Path) -> None:
    (tmp_path / background.FILE).write_text(harm, encoding="utf-8")
    (tmp_path / "confidence.json").write_text("{}", encoding="utf-8")
    with pytest.raises(DataError, match=r"background\.tsv"):
        background.load(tmp_path)


def test_annotations_are_counted_by_text(tmp_path: Path) -> None:
    texts = {"a": "三星向蘋果供應存儲芯片。", "b": "三星與蘋果皆下跌。", "c": "三星向蘋果供應存儲芯片。"}
    entities = ["E\t三星\tCompany\t", "E\t蘋果\tCompany\t", "E\t某廠\tCompany\t"]
    facts = ["R\t三星\tsupplies\t蘋果\t", "R\t某廠\tsupplies\t蘋果\t"]
    lines = [json.dumps({"id": id_, "text": text}, ensure_ascii=False) for id_, text in texts.items()]
    (tmp_path / "t.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    blocks = (["# " + id_, *entities, *(facts if id_ != "b" else ())] for id_ in texts)
    (tmp_path / "t.ann").write_text("\n".join(line for block in blocks for line in block) + "\n", encoding="utf-8")
    rows = knowledge.rows(corpus.items(tmp_path), lexicon.load())
    assert rows == [Row("samsung-electronics", "supplies", "apple", 1, 2)]
    assert knowledge.joined(rows, rows) == [Row("samsung-electronics", "supplies", "apple", 2, 4)]

"""How often annotated texts that hold a name are about what it names."""

import json
from pathlib import Path

import pytest

from kg import lexicon
from kg.errors import DataError
from kg.linking import keyphraseness
from kg.linking.keyphraseness import Keyphraseness, Row
from kg.observations import corpus
from kg.text import fold
from kg.train import knowledge

ROWS = (Row("ent:mine", 9, 8), Row("ent:newspaper", 9, 1), Row("增长动能", 6, 1), Row("快活经济", 4, 4))


def test_what_is_annotated_more_often_than_others_is_likelier() -> None:
    known = Keyphraseness(ROWS)
    assert known.of("mine", "矿业") > 0 > known.of("newspaper", "日报")
    assert known.of(None, "快活经济") > 0 > known.of(None, "增长动能")
    assert known.of(None, "无人提过") == known.of("nobody", "快活经济") == 0


def test_the_file_knows_listed_things_and_other_names() -> None:
    rows = list(keyphraseness.read())
    listed = {row.name.removeprefix("ent:") for row in rows if row.name.startswith("ent:")}
    assert len(listed) > 5000
    assert listed <= lexicon.load().entries.keys()
    assert all(0 <= row.annotated <= row.texts for row in rows)


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    (tmp_path / keyphraseness.FILE).write_text("快活經濟\tmany\t1\n", encoding="utf-8")
    (tmp_path / "entities.json").write_text("{}", encoding="utf-8")
    with pytest.raises(DataError, match=r"keyphraseness\.tsv"):
        keyphraseness.load(tmp_path)


def test_annotated_names_are_counted_over_all_texts_that_hold_them(tmp_path: Path) -> None:
    texts = {"a": "三星認為快活經濟未完。", "b": "市場不信快活經濟，三星下跌。"}
    lines = [json.dumps({"id": id_, "text": text}, ensure_ascii=False) for id_, text in texts.items()]
    (tmp_path / "t.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    blocks = ["# a", "E\t三星\tCompany\t", "E\t快活經濟\tConcept\t", "# b", "E\t三星\tCompany\t"]
    (tmp_path / "t.ann").write_text("\n".join(blocks) + "\n", encoding="utf-8")
    rows = {row.name: row[1:] for row in knowledge.annotated_names(corpus.items(tmp_path), lexicon.load())}
    assert rows[fold("快活經濟")] == (2, 1)
    assert rows["ent:samsung-electronics"] == (2, 2)
    assert "市场" not in rows

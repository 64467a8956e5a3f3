"""Names of one article become entities: scripts, definitions, short names, references to the gazetteer."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from kg import lexicon, linking, overrides
from kg.errors import DataError
from kg.model import Article, Entity, Mention, Piece, Span
from kg.text import simplify


def link(text: str, names: Sequence[tuple[str, str]], known: lexicon.Lexicon | None = None) -> dict[str, Entity]:
    """Entities of a text by each of the given names, every occurrence taken as a mention of the learned reader."""
    article = Article("a1", "d1", "", text, (Piece(0, 0, len(text)),))
    mentions, taken = [], set()
    for name, cls in sorted(names, key=lambda pair: -len(pair[0])):
        at = text.find(name)
        while at >= 0:
            if not taken & set(range(at, at + len(name))):
                mentions.append(Mention(Span(at, at + len(name)), name, cls, "neural", 0.9))
                taken |= set(range(at, at + len(name)))
            at = text.find(name, at + 1)
    mentions.sort(key=lambda m: m.span)
    entities, linked = linking.link([article], [mentions], known or lexicon.load())
    return {m.surface: entities[m.entity] for m in linked[0] if m.entity}


def test_gazetteer_names_are_one_entity() -> None:
    found = link("英偉達股價上升，NVIDIA市值創新高。", [("英偉達", "Company"), ("NVIDIA", "Company")])
    assert found["英偉達"].id == found["NVIDIA"].id == "nvidia"


def test_scripts_give_the_same_entities() -> None:
    text = "青嵐測試半導體（以下簡稱青測）發布新產品。青測表示滿意。"
    names = [("青嵐測試半導體", "Company"), ("青測", "Company")]
    one = link(text, names)
    two = link(simplify(text), [(simplify(n), c) for n, c in names])
    assert {e.id for e in one.values()} == {e.id for e in two.values()}
    assert len({e.id for e in one.values()}) == 1


def test_a_definition_in_another_script_is_the_same_thing() -> None:
    found = link("曙嵐存儲（Shulan）擴產。", [("曙嵐存儲", "Company"), ("Shulan", "Company")])
    assert found["曙嵐存儲"].id == found["Shulan"].id


def test_a_list_in_brackets_is_not_a_definition() -> None:
    found = link("供應商（甲嵐科技、乙峰科技）", [("甲嵐科技", "Company"), ("乙峰科技", "Company")])
    assert found["甲嵐科技"].id != found["乙峰科技"].id


def test_a_short_name_joins_the_one_longer_name_it_begins() -> None:
    found = link("嵐山汽車集團公布業績，嵐山汽車股價上升。", [("嵐山汽車集團", "Company"), ("嵐山汽車", "Company")])
    assert len({e.id for e in found.values()}) == 1


def test_family_name_behind_a_dot_is_the_same_person() -> None:
    found = link("阿諾·貝塔斯指出風險。貝塔斯補充說。", [("阿諾·貝塔斯", "Person"), ("貝塔斯", "Person")])
    assert len({e.id for e in found.values()}) == 1


def test_persons_in_no_list_are_not_one_by_name_alone() -> None:
    one = link("甲公司總裁賀蘭山說。", [("賀蘭山", "Person")])
    two = link("乙大學教授賀蘭山說。", [("賀蘭山", "Person")])
    assert one["賀蘭山"].id != two["賀蘭山"].id


def test_a_weak_form_of_an_organisation_needs_its_place() -> None:
    with_place = link("香港樓市回暖，政府公布措施。", [("香港", "Place"), ("政府", "GovernmentBody")])
    without = link("政府公布措施。", [("政府", "GovernmentBody")])
    assert not with_place["政府"].id.startswith("x-")
    assert without["政府"].id.startswith("x-")
    assert not without["政府"].certain


@pytest.fixture
def corrections(tmp_path: Path) -> Path:
    path = tmp_path / "overrides.toml"
    path.write_text(
        """
        [[alias]]
        name = "英偉達"
        alias = "綠廠"
        [[retype]]
        name = "曙嵐"
        class = "Product"
        [[reject]]
        name = "高盛"
        [[alias]]
        name = "無此公司"
        alias = "沒有"
        """,
        encoding="utf-8",
    )
    return path


def test_corrections_change_the_gazetteer(corrections: Path) -> None:
    made = overrides.read(corrections)
    known = overrides.apply(lexicon.load(), made)
    assert known.lookup("綠廠")[0] == ("nvidia",)
    assert known.entries[known.lookup("曙嵐")[0][0]].cls == "Product"
    assert known.lookup("高盛") == ((), True)
    assert "高盛" in known.rejected


def test_corrections_that_no_longer_apply_are_told(corrections: Path) -> None:
    made = overrides.read(corrections)
    left = overrides.unused(lexicon.load(), made, ["曙岚发布"])
    assert [o.name for o in left] == ["無此公司"]


def test_an_unknown_correction_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "overrides.toml"
    path.write_text("[[swap]]\nname = '甲'\n", encoding="utf-8")
    with pytest.raises(DataError, match="swap"):
        overrides.read(path)

"""Names of one article become entities: scripts, definitions, short names, references to the gazetteer."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from kg import lexicon, linking, mentions, overrides
from kg.errors import DataError
from kg.linking import chances
from kg.linking.keyphraseness import Keyphraseness
from kg.model import Article, Entity, Mention, Piece, Span
from kg.text import simplify


def link(text: str, names: Sequence[tuple[str, str]], known: lexicon.Lexicon | None = None) -> dict[str, Entity]:
    """Entities of a text by each of the given names, every occurrence taken as a mention of the learned reader."""
    article = Article("a1", "d1", "", text, (Piece(0, 0, len(text)),))
    found, taken = [], set()
    for name, cls in sorted(names, key=lambda pair: -len(pair[0])):
        at = text.find(name)
        while at >= 0:
            if not taken & set(range(at, at + len(name))):
                found.append(Mention(Span(at, at + len(name)), name, cls, "neural", 0.9))
                taken |= set(range(at, at + len(name)))
            at = text.find(name, at + 1)
    found.sort(key=lambda m: m.span)
    entities, linked = linking.link([article], [found], known or lexicon.load())
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


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("百度文心與騰訊雲合作，該公司樂觀。", [("百度文心", "Product"), ("騰訊雲", "Company"), ("該公司", "Company")]),
        ("「青嵐」（00001.HK）與青嵐集團。", [("「青嵐」", "Company"), ("青嵐集團", "Company")]),
        ("韓國的政府支持鋰行業。", [("韓國", "Place"), ("政府", "GovernmentBody"), ("鋰行業", "Industry")]),
        ("內地樓市與發展商。", [("內地樓市", "Market"), ("發展商", "Company")]),
    ],
)  # fmt: skip
def test_every_rule_holds_in_both_scripts(text: str, names: list[tuple[str, str]]) -> None:
    one = link(text, names)
    two = link(simplify(text), [(simplify(n), c) for n, c in names])
    assert {simplify(surface): e for surface, e in one.items()} == two


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


def test_a_body_is_also_called_what_the_text_calls_it() -> None:
    found = link("香港樓市回暖，政府公布措施。", [("香港", "Place"), ("政府", "GovernmentBody")])
    assert "政府" in {name for _, name in found["政府"].aliases}
    referred = link("騰訊公布業績，該公司派息。", [("騰訊", "Company"), ("該公司", "Company")])
    assert "該公司" not in {name for _, name in referred["騰訊"].aliases}


def test_a_word_behind_a_place_is_short_for_a_body_there_but_not_for_a_name() -> None:
    kind = link("香港銀行減息，銀行亦下調存息。", [("香港銀行", "Company"), ("銀行", "Company")])
    assert kind["銀行"].id == kind["香港銀行"].id
    name = link("美國銀行發表報告，銀行應減息。", [("美國銀行", "Company"), ("銀行", "Company")])
    assert name["銀行"].id != name["美國銀行"].id


def test_makers_of_products_are_beyond_doubt() -> None:
    text = "百度文心降價，工廠停工。"
    spans = {"百度文心": (0, 4), "百度": (0, 2), "工廠": (7, 9)}
    classes = {"百度文心": "Product", "百度": "Company", "工廠": "Company"}
    own = [Mention(Span(*spans[s]), s, cls, "neural", 0.9, entity=s) for s, cls in classes.items()]
    entities = {s: Entity(s, cls, (("zh-Hant", s),)) for s, cls in classes.items()}
    article = Article("a1", "d1", "", text, (Piece(0, 0, len(text)),))
    assert set(chances.survey([article], [own], entities, (), Keyphraseness(()))) == {"百度文心", "工廠"}


def test_a_collective_of_companies_is_not_its_product_nor_its_industry() -> None:
    found = link("芯片價格上升，芯片企業受惠。", [("芯片企業", "Company"), ("芯片", "Product")])
    assert found["芯片"].id != found["芯片企業"].id
    found = link(
        "房地產回暖，樓市成交上升，開發商樂觀。", [("房地產", "Industry"), ("樓市", "Market"), ("開發商", "Company")]
    )
    assert len({e.id for e in found.values()}) == 3
    assert found["樓市"].cls == "Market"
    assert found["開發商"].cls == "Company"


def test_a_company_and_its_cloud_are_two() -> None:
    found = link("阿里巴巴的阿里雲增長加快。", [("阿里巴巴", "Company"), ("阿里雲", "Company")])
    assert found["阿里巴巴"].id != found["阿里雲"].id


def test_one_indicator_of_several_terms_is_several() -> None:
    found = link(
        "1年期LPR和5年期LPR均下調，LPR改革深化。",
        [("1年期LPR", "Indicator"), ("5年期LPR", "Indicator"), ("LPR", "Indicator")],
    )
    assert len({e.id for e in found.values()}) == 3


@pytest.mark.parametrize("marked", ["“青嵐一號”", "青嵐一號）", "《青嵐一號》"])
def test_marks_around_a_name_are_not_of_it(marked: str) -> None:
    found = link(f"{marked}發布，青嵐一號熱賣。", [(marked, "Product"), ("青嵐一號", "Product")])
    assert len({e.id for e in found.values()}) == 1
    assert {name for _, name in found["青嵐一號"].labels} == {"青岚一号", "青嵐一號"}


def test_one_name_read_as_two_kinds_is_one_thing() -> None:
    article = Article("a1", "d1", "", "Qinglan發布。Qinglan熱賣。", (Piece(0, 0, 20),))
    own = [
        Mention(Span(0, 7), "Qinglan", "Company", "neural", 0.6),
        Mention(Span(10, 17), "Qinglan", "Product", "neural", 0.9),
    ]
    entities, _ = linking.link([article], [own], lexicon.load())
    assert [e.cls for e in entities.values()] == ["Product"]


def test_a_technology_with_the_word_behind_it_is_the_technology() -> None:
    found = link("V2X技術成熟，V2X普及。", [("V2X技術", "Industry"), ("V2X", "Technology")])
    assert found["V2X技術"].id == found["V2X"].id


def test_a_telling_ending_decides_the_class() -> None:
    assert link("青嵐架構公布。", [("青嵐架構", "Company")])["青嵐架構"].cls == "Technology"


def test_a_reference_is_a_mention_of_what_it_means() -> None:
    found = link("青嵐汽車公布業績，該公司表示樂觀。", [("青嵐汽車", "Company"), ("該公司", "Company")])
    assert found["該公司"].id == found["青嵐汽車"].id
    assert not any("公司" in name for _, name in found["青嵐汽車"].aliases)
    assert link("該公司表示樂觀。", [("該公司", "Company")]) == {}


def test_a_government_without_name_is_of_the_place_the_article_is_about() -> None:
    names = [("韓國", "Place"), ("政府", "GovernmentBody"), ("香港", "Place")]
    found = link("韓國擴大投資。韓國的政府將補貼企業，與香港合作。", names)
    assert found["政府"].id == "korea-gov"


def test_a_token_of_company_and_product_is_both() -> None:
    found = link("百度文心發布新版本。", [("百度文心", "Product")])
    assert {m: e.id for m, e in found.items()} == {"百度": "baidu", "百度文心": "ernie-bot"}
    kind = link("三星存儲芯片漲價。", [("三星存儲芯片", "Product")])
    assert kind["三星存儲芯片"].id.startswith("x-")


def test_a_code_behind_a_name_tells_who_it_is() -> None:
    listed = link("某控股（00700.HK）公布業績。", [("某控股", "Company")])
    assert listed["某控股"].id == "tencent"
    new = link("青嵐測試（99998.HK）上市。", [("青嵐測試", "Company")])
    again = link("新名青嵐（99998）上升。", [("新名青嵐", "Company")])
    assert new["青嵐測試"].id == again["新名青嵐"].id
    assert new["青嵐測試"].identifiers == (("ticker", "99998.HK"),)


def test_deepseek_is_what_the_text_says() -> None:
    company = link("DeepSeek在杭州成立。", [("DeepSeek", "Company")])
    model = link("DeepSeek大模型開源。", [("DeepSeek大模型", "Product")])
    read = link("DeepSeek開源。", [("DeepSeek", "Product")])
    assert company["DeepSeek"].id == "deepseek"
    assert read["DeepSeek"].id == "deepseek-model"
    assert model["DeepSeek大模型"].id == "deepseek-model"


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
    text = "高盛與曙嵐合作。"
    article = Article("a1", "d1", "", text, (Piece(0, 0, len(text)),))
    assert [m.surface for m in mentions.find(article, mentions.Context(known, [(0, 2, "nz"), (3, 5, "nz")]))] == [
        "曙嵐"
    ]


def test_corrections_that_no_longer_apply_are_told(corrections: Path) -> None:
    made = overrides.read(corrections)
    left = overrides.unused(lexicon.load(), made, ["曙岚发布"])
    assert [o.name for o in left] == ["無此公司"]


def test_an_unknown_correction_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "overrides.toml"
    path.write_text("[[swap]]\nname = '甲'\n", encoding="utf-8")
    with pytest.raises(DataError, match="swap"):
        overrides.read(path)


def test_a_word_for_its_kind_behind_a_name_adds_nothing() -> None:
    found = link(
        "嵐算升溫，嵐算領域擴張，嵐算板塊領漲，嵐算公司未表態。",
        [("嵐算領域", "Industry"), ("嵐算板塊", "Industry"), ("嵐算", "Industry"), ("嵐算公司", "Company")],
    )
    assert found["嵐算領域"].id == found["嵐算板塊"].id
    assert found["嵐算公司"].id != found["嵐算板塊"].id


@pytest.mark.parametrize(
    ("text", "one", "other", "same"),
    [
        ("星河晶片QX900量產，QX900良率上升。", ("星河晶片QX900", "Product"), ("QX900", "Product"), True),
        ("北方QX基金與QX基金。", ("北方QX", "FinancialInstrument"), ("QX", "FinancialInstrument"), False),
        ("美國《通脹削減法案》與通脹削減法案。", ("美國《通脹削減法案》", "Policy"), ("通脹削減法案", "Policy"), True),
        ("中西部地區增長，中西部受惠。", ("中西部地區", "Place"), ("中西部", "Place"), True),
        ("當局推出青年置業計劃，該計劃受歡迎。", ("青年置業計劃", "Policy"), ("該計劃", "Policy"), True),
        ("星河存儲押注QX5，QX5E亦面世。", ("QX5", "Technology"), ("QX5E", "Technology"), False),
    ],
)  # fmt: skip
def test_forms_of_one_name(text: str, one: tuple[str, str], other: tuple[str, str], same: bool) -> None:
    found = link(text, [one, other])
    assert (found[one[0]].id == found[other[0]].id) is same


def test_a_wide_name_is_the_narrow_thing_that_the_text_names_in_full() -> None:
    both = link("美國關稅惹爭議，關稅推高成本。", [("美國關稅", "Policy"), ("關稅", "Policy")])
    alone = link("關稅推高成本。", [("關稅", "Policy")])
    assert both["關稅"].id == both["美國關稅"].id != alone["關稅"].id


def test_a_name_is_not_short_for_its_opposite_or_for_a_list() -> None:
    names = [("非嵐商物業政策", "Policy"), ("嵐商物業政策", "Policy")]
    found = link("當局放寬非嵐商物業政策，嵐商物業政策不變。", names)
    assert found["嵐商物業政策"].id != found["非嵐商物業政策"].id
    found = link(
        "中央及嵐省政府表態，嵐省政府跟進。", [("中央及嵐省政府", "GovernmentBody"), ("嵐省政府", "GovernmentBody")]
    )
    assert found["嵐省政府"].id != found["中央及嵐省政府"].id

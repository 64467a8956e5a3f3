"""Figures: whose, how much, when, what kind, who says so; evidence that holds its value."""

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.model import FORECAST, TARGET, Article, Document, Entity, Mention, Observation, Piece, Span
from kg.observations import deduplicated, observe, periods
from kg.observations.chooser import Chooser, dumps, loads
from kg.observations.corpus import Stated, annotate
from kg.observations.labels import label
from kg.observations.scene import survey

TODAY = "2025-05-14"
CLASSES = {
    "恒生指數": "Index", "國企指數": "Index", "甲公司": "Company", "乙銀行": "Company", "丙證券": "Company",
    "毛利率": "Indicator", "内地": "Place", "丁屋苑": "Product", "陳大文": "Person",
}  # fmt: skip


def figures(text: str, *, language: str = "zh-Hant", names: Mapping[str, str] = CLASSES) -> list[Observation]:
    """The figures of a text whose names are known."""
    document = Document("d", "d", text, "", date=TODAY, language=language)
    article = Article("a", "d", text.split("\n")[0], text, (Piece(0, 0, len(text)),))
    marked = annotate("d", TODAY, [article], names, {n: [n] for n in names}, ())
    mentions = marked.articles[0][1]
    found = observe(article, document, mentions, marked.entities)
    for observation in found:
        assert text[observation.evidence.span.start : observation.evidence.span.end] == observation.evidence.quote
        assert observation.text in observation.evidence.quote
    return found


def told(text: str) -> set[tuple[str, Decimal, str]]:
    return {(o.about, o.value, o.unit) for o in figures(text)}


def test_movement_and_level_of_an_index() -> None:
    found = told("港股下跌\n恒生指數收報23450點，跌230點，跌幅約1.2%。")
    assert found == {
        ("恒生指數", Decimal(23450), "point"),
        ("恒生指數", Decimal(-230), "point"),
        ("恒生指數", Decimal("-1.2"), "percent"),
    }


def test_subject_is_carried_over_clauses_and_sentences() -> None:
    text = "甲公司公布業績\n甲公司去年收入35.2億元，按年增長12.5%。毛利率22.6%，按年升1.4個百分點。"
    assert {o.about for o in figures(text) if o.unit in ("HKD", "percent-point")} <= {"甲公司"}
    values = {(o.value, o.start) for o in figures(text)}
    assert (Decimal(3520000000), "2024") in values
    assert (Decimal("12.5"), "2024") in values


def test_ranges_are_two_figures_of_one_kind() -> None:
    found = figures("指引\n甲公司預計今季收入按季增長6%至8%。")
    assert [(o.value, o.kind, o.start, o.end) for o in found] == [
        (Decimal(6), FORECAST, "2025-04", "2025-06"),
        (Decimal(8), FORECAST, "2025-04", "2025-06"),
    ]
    assert len({o.indicator for o in found}) == 1


def test_target_price_and_who_says_it() -> None:
    found = figures("港股報告\n乙銀行表示，甲公司今年目標價為88元。")
    assert [(o.about, o.value, o.unit, o.kind, o.attributed_to) for o in found] == [
        ("甲公司", Decimal(88), "HKD", FORECAST, "乙銀行")
    ]
    assert figures("計劃\n甲公司的目標是明年銷量達50萬輛。")[0].kind == TARGET


def test_both_scripts_give_the_same_figures() -> None:
    hant = figures("甲公司業績\n甲公司首季盈利約3.6億美元，營業額9億元，按年跌15%。")
    hans = figures("甲公司业绩\n甲公司首季盈利约3.6亿美元，营业额9亿元，按年跌15%。", language="zh-Hans")
    fields = [[(o.about, o.indicator, o.value, o.unit, o.start, o.kind, o.qualifier) for o in f] for f in (hant, hans)]
    assert fields[0] == fields[1] != []


def test_a_bare_yuan_is_that_of_the_country_told_of() -> None:
    assert [o.unit for o in figures("業績\n甲公司去年在內地的營業額為9億元。")] == ["CNY"]
    assert [o.unit for o in figures("業績\n甲公司去年在香港的營業額為9億元。")] == ["HKD"]
    assert [o.unit for o in figures("港股速報\n甲公司去年營業額為9億元。")] == ["HKD"]


def test_times_names_and_numbers_of_models_are_no_figures() -> None:
    assert figures("會議\n陳大文於2025年3月5日下午3時在甲公司總部會見乙銀行代表。") == []


def test_the_same_figure_in_title_and_text_is_one() -> None:
    found = figures("甲公司去年盈利升45.4%\n甲公司去年盈利升45.4%，主要由於投資收益增加。")
    assert [(o.about, o.value) for o in found] == [("甲公司", Decimal("45.4"))]


def test_differing_periods_are_kept_apart() -> None:
    text = "甲公司\n甲公司2023年盈利5億元，2024年盈利5億元。"
    article = Article("a", "d", "", text, (Piece(0, 0, len(text)),))
    mention = Mention(Span(0, 3), "甲公司", "Company", "test", entity="e")
    scene = survey(article, TODAY, [mention], {"e": Entity("e", "Company", (("zh", "甲公司"),))})
    indices = [i for i, q in enumerate(scene.quantities) if q.measure == "currency"]
    pair = [(i, "e", 0.9) for i in indices]
    assert len(deduplicated(scene, pair, {indices[0]: 0, indices[1]: 1})) == 2
    assert len(deduplicated(scene, pair, dict.fromkeys(indices, periods.DEFAULT))) == 1


def test_labels_put_annotated_figures_on_their_quantities() -> None:
    text = "恒生指數\n恒生指數、國企指數分別升1.5%、2.4%，成交1200億元。"
    article = Article("a", "d", "", text, (Piece(0, 0, len(text)),))
    names = {n: [n] for n in ("恒生指數", "國企指數")}
    stated = (Stated("恒生指數", Decimal("1.5"), "%", TODAY), Stated("國企指數", Decimal("2.4"), "%", TODAY))
    marked = annotate("d", TODAY, [article], CLASSES, names, stated)
    about = [set(x) for x in label(marked)[0].about]
    assert about == [{"恒生指數"}, {"國企指數"}, set()]


def test_a_chooser_is_written_and_read_again() -> None:
    import numpy as np

    rows = np.array([[1.0, -2.0, 0.5], [0.25, 0.0, -1.0], [0.0, 0.0, 0.0]], np.float32)
    chooser = Chooser({"a": 0, "b": 1}, rows, np.zeros(2, np.float32), np.ones(2, np.float32))
    again = loads(dumps(chooser))
    assert again.index == chooser.index
    assert np.allclose(again.rows, rows, atol=0.02)
    assert sum(again.shares(again.embed([["a"], ["b", "c"], []]), np.zeros(1, np.int64))) == pytest.approx(1)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from([*CLASSES, *"升跌至、，。\n報", "3%", "12億元", "去年", "5月"]), max_size=30))
def test_any_text_has_figures_with_evidence(words: list[str]) -> None:
    figures("題\n" + "".join(words))


def test_choosers_of_ones_own_are_trained_and_used(tmp_path: Path) -> None:
    pytest.importorskip("torch")
    from kg.observations.train import train

    text = "業績\n甲公司去年盈利3億元。\n乙銀行去年盈利5億元。"
    article = Article("a", "d", "", text, (Piece(0, 0, len(text)),))
    stated = (Stated("甲公司", Decimal(3), "億元", "2024"), Stated("乙銀行", Decimal(5), "億元", "2024"))
    marked = annotate("d", TODAY, [article], CLASSES, {n: [n] for n in ("甲公司", "乙銀行")}, stated)
    assert train([marked] * 20, tmp_path) == (40, 40)
    document = Document("d", "d", text, "", date=TODAY, language="zh-Hant")
    found = observe(article, document, marked.articles[0][1], marked.entities, models=tmp_path)
    assert [(o.about, o.start) for o in found] == [("甲公司", "2024"), ("乙銀行", "2024")]

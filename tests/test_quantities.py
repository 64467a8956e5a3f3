"""Numbers and units: values, bounds, ranges, and what is no number."""

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.quantities import chinese_number, find
from kg.text import fold


def read(text: str) -> list[tuple[Decimal, str, str | None]]:
    return [(q.value, q.unit, q.qualifier) for q in find(fold(text))]


@pytest.mark.parametrize(
    ("text", "value", "unit", "qualifier"),
    [
        ("三千餘家企業", 3000, "company", "逾"),
        ("佔兩成半", 25, "percent", None),
        ("增長七倍", 7, "times", None),
        ("約三分之一", "33.3", "percent", "约"),
        ("股價腰斬", -50, "percent", None),
        ("升至26000點以上", 26000, "point", "逾"),
        ("規模近1.2萬億元人民幣", 1200000000000, "CNY", "近"),
        ("人民幣 3.5 億元", 350000000, "CNY", None),
        ("US$2.5億", 250000000, "USD", None),
        ("每吨70，205美元", 70205, "USD", None),
        ("升近半成", 5, "percent", "近"),
        ("百分之二十五", 25, "percent", None),
        ("全球第六大貨幣", 6, "rank", None),
        ("差距70點子", 70, "basis-point", None),
        ("下降5.4個百分點", "5.4", "percentage-point", None),
        ("４５００伙", 4500, "unit", None),
        ("九百多亿件", 90000000000, "item", "逾"),
        ("負債為-28.3%", "-28.3", "percent", None),
        ("連升12個月", 12, "month", None),
        ("不超過646.40萬股", 6464000, "share", "最多"),
    ],
)
def test_one_number(text: str, value: object, unit: str, qualifier: str | None) -> None:
    assert read(text) == [(Decimal(str(value)), unit, qualifier)]


@pytest.mark.parametrize(
    ("text", "values", "parts"),
    [
        ("升3%至5%", [3, 5], ["low", "high"]),
        ("跌約0.6%至逾2%", ["0.6", 2], ["low", "high"]),
        ("上試3300至3400美元", [3300, 3400], ["low", "high"]),
        ("預計1至2億元", [100000000, 200000000], ["low", "high"]),
        ("4.7亿元-5.8亿元", [470000000, 580000000], ["low", "high"]),
        ("分別升6.2和2.1個百分點", ["6.2", "2.1"], [None, None]),
        ("由4.1厘跌至1.33厘", ["4.1", "1.33"], [None, None]),
    ],
)
def test_two_numbers(text: str, values: list[object], parts: list[str | None]) -> None:
    found = find(fold(text))
    assert [q.value for q in found] == [Decimal(str(v)) for v in values]
    assert [q.part for q in found] == parts
    assert len({q.unit for q in found}) == 1


@pytest.mark.parametrize("text", ["數十億美元", "一直進行", "採用H100晶片", "统一推进", "几百家"])
def test_nothing_to_read(text: str) -> None:
    assert read(text) == []


def test_chinese_places() -> None:
    assert chinese_number("一千零五") == 1005
    assert chinese_number("三千五") == 3500
    assert chinese_number("二〇二五") == 2025
    assert chinese_number("十二") == 12


@given(st.integers(0, 10**9), st.sampled_from(["元", "%", "個", "點", "萬元", "億美元", ""]))
def test_arabic_numbers_keep_their_value(number: int, unit: str) -> None:
    scale = {"萬元": 10**4, "億美元": 10**8}.get(unit, 1)
    found = find(fold(f"，{number}{unit}。"))
    assert [q.value for q in found] == ([] if not number and scale > 1 else [number * scale])


@given(st.text(alphabet="一二三十百千萬億兆半0123456789.,-~至和、%元個點 a年第約逾", max_size=60))
def test_any_text(text: str) -> None:
    folded = fold(text)
    found = find(folded)
    spans = [q.span for q in found]
    assert all(0 <= s.start < s.end <= len(text) for s in spans)
    assert all(a.end <= b.start for a, b in pairwise(spans))

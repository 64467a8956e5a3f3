"""Times against a document's date."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.text import fold
from kg.times import find

TODAY = "2025-05-14"


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2025年2月4日至3月18日，指數", "2025-02-04", "2025-03-18"),
        ("2025年一季度", "2025-01", "2025-03"),
        ("今年首季", "2025-01", "2025-03"),
        ("去年第四季", "2024-10", "2024-12"),
        ("上月底", "2025-04", "2025-04"),
        ("自去年11月", "2024-11", "2024-11"),
        ("上季", "2025-01", "2025-03"),
        ("明年上半年", "2026-01", "2026-06"),
        ("7～9月", "2025-07", "2025-09"),
        ("2025至2027年收入", "2025", "2027"),
        ("24、25年", "2024", "2025"),
        ("昨日", "2025-05-13", "2025-05-13"),
        ("周三", "2025-05-14", "2025-05-14"),
        ("上周五", "2025-05-09", "2025-05-09"),
        ("周四", "2025-05-08", "2025-05-08"),
        ("十五五期間", "2026", "2030"),
        ("龍年", "2024", "2024"),
        ("年初至今", "2025-01-01", "2025-05-14"),
        ("2020財年末", "2020-12", "2020-12"),
        ("截至 2024 年 12 月 31 日止", "2024-12-31", "2024-12-31"),
        ("2021-10-19", "2021-10-19", "2021-10-19"),
        ("12月", "2024-12", "2024-12"),
        ("二〇二五年三月", "2025-03", "2025-03"),
    ],
)
def test_resolved(text: str, start: str, end: str) -> None:
    assert [(t.start, t.end) for t in find(fold(text), TODAY)] == [(start, end)]


@pytest.mark.parametrize("text", ["連升12個月", "未來3至4年", "連續3日", "3日內", "25.5年", "90日的協議期限達90日"])
def test_lengths_are_no_times(text: str) -> None:
    assert [t for t in find(fold(text), TODAY) if t.start] == []


def test_without_a_date_only_absolute_times_resolve() -> None:
    found = find(fold("去年盈利升，2024年3月見頂"), None)
    assert [(t.start, t.end) for t in found] == [(None, None), ("2024-03", "2024-03")]


@given(st.text(alphabet="0123456789年月日季至-/今去上周期三十度的底初末以來 ", max_size=40), st.none() | st.just(TODAY))
def test_any_text(text: str, today: str | None) -> None:
    found = find(fold(text), today)
    assert all(a.span.end <= b.span.start for a, b in pairwise(found))
    assert all(len(x) in (4, 7, 10) for t in found for x in (t.start, t.end) if x)

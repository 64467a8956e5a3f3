from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from kg.model import Span
from kg.text import clauses, fold, sentences, simplify


@given(st.text(max_size=200))
def test_the_normal_form_keeps_length_and_is_stable(text: str) -> None:
    assert len(fold(text)) == len(simplify(text)) == len(text)
    assert fold(fold(text)) == fold(text)


def test_scripts_widths_and_case_are_one() -> None:
    assert fold("恒生科技指數ＡＩ裏滙") == fold("恒生科技指数ai里汇")
    assert simplify("「SK Hynix」") == "“SK Hynix”"


@given(st.text(alphabet="甲乙丙，。！？\n 」", max_size=60))
def test_sentences_cover_all_but_blanks_in_order(text: str) -> None:
    spans = sentences(text)
    assert all(a.end <= b.start for a, b in pairwise(spans))
    covered = {i for s in spans for i in range(s.start, s.end)}
    assert all(text[i].isspace() for i in range(len(text)) if i not in covered)


def test_closing_quotes_stay_with_their_sentence() -> None:
    text = "他說：「好。」然後走了！"
    assert [text[s.start : s.end] for s in sentences(text)] == ["他說：「好。」", "然後走了！"]


def test_clauses_end_at_commas_but_not_inside_numbers() -> None:
    text = "收報24,580點，升1%"
    assert [text[c.start : c.end] for c in clauses(text, Span(0, len(text)))] == ["收報24,580點，", "升1%"]

"""The same story from several sources."""

import random
from dataclasses import replace

from opencc import OpenCC
from stories import STORIES

from kg.duplicates import copies, groups, sketch
from kg.model import Article


def article(key: str, title: str, text: str) -> Article:
    made = Article("a1", key, title, f"{title}\n{text}", (), body_start=len(title) + 1)
    return replace(made, sketch=sketch(made))


def same_story(articles):
    """Document ids by document id."""
    return {document: first for (document, _), (first, _) in copies(articles).items()}


ORIGINALS = [article(f"o{i}", title, text) for i, (title, text) in enumerate(STORIES)]
SYNDICATED = article("s", "北岸擴港拍板", STORIES[0][1].rsplit("\n", 1)[0] + "\n本報綜合報道。")
SIMPLIFIED = article("z", "茶饮出海", OpenCC("hk2s").convert(STORIES[3][1]))
SHORT = article("k", "短訊", "北岸港擴建工程獲批。")


def test_what_is_told_again_is_found():
    found = same_story([*ORIGINALS, SYNDICATED, SIMPLIFIED, SHORT])
    assert found == {"o0": "o0", "s": "o0", "o3": "o3", "z": "o3"}


def test_order_does_not_matter():
    articles = [*ORIGINALS, SYNDICATED, SIMPLIFIED, SHORT]
    expected = same_story(articles)
    for seed in range(5):
        random.Random(seed).shuffle(articles)
        assert same_story(articles) == expected


def test_taking_one_away_is_as_if_it_had_never_been():
    assert same_story([*ORIGINALS, SYNDICATED]) == {"o0": "o0", "s": "o0"}
    assert same_story(ORIGINALS) == {}


def test_reports_that_differ_in_their_figures_are_not_one():
    text = "收市時恒通指數報{}點，升{}點，升幅{}%，主板成交額{}億元，科技股普遍造好，地產股個別發展，車股則普遍回吐。"
    one = sketch(article("1", "收市", text.format(20331, 145, 0.72, 1830)))
    other = sketch(article("2", "收市", text.format(20518, 187, 0.92, 2011)))
    assert groups({"1": one, "2": one}) == [("1", "2")]
    assert groups({"1": one, "2": other}) == []


def test_what_is_too_short_or_no_text_has_no_sketch():
    assert sketch(SHORT) == b""
    assert sketch(article("e", "", "")) == b""
    assert groups({"1": b"", "2": b""}) == []
    assert sketch(article("x", "", "\ud800" * 50)) == b""

"""The page as a reader uses it."""

import csv
import io
import re

import pytest
import rdflib
from conftest import graph

from kg.rdf import evidence_id

expect = pytest.importorskip("playwright.sync_api", reason="needs the package playwright").expect


def test_opens_on_the_main_entities(open_page, sample):
    one = open_page(sample)
    assert one.page.title() == "测试图谱"
    assert one.size()[0] > 50
    assert one.page.inner_text("#panel h2") == "测试图谱"
    assert one.page.evaluate("document.documentElement.lang") == "zh-Hans"


SEARCHES = {
    "英偉達": "英伟达", "輝達": "英伟达", "老黄": "英伟达", "nvid": "英伟达", "ＮＶＩＤＩＡ": "英伟达",
    "yingweida": "英伟达", "ywd": "英伟达", "00700": "腾讯控股", "騰訊": "腾讯控股", "chongqingyinhang": "重庆银行",
    "cqyh": "重庆银行", "hong kong": "香港", "zhengjianhui": "证监会",
}  # fmt: skip


def test_search_finds_any_form(open_page, sample):
    one = open_page(sample)
    assert {typed: one.find(typed)[0] for typed in SEARCHES} == SEARCHES


def test_search_by_keyboard_focuses(open_page, sample):
    one = open_page(sample)
    one.page.keyboard.press("/")
    one.page.keyboard.type("产品1")
    assert one.page.get_attribute("#find", "aria-expanded") == "true"
    one.page.keyboard.press("ArrowDown")
    active = one.page.get_attribute("#find", "aria-activedescendant")
    wanted = one.page.inner_text(f"#{active} .option-name")
    one.page.keyboard.press("Enter")
    assert one.page.inner_text(".panel .head h2") == wanted


def test_neighbourhood_grows_and_shrinks(open_page, sample):
    one = open_page(sample)
    one.focus("英伟达")
    assert one.size()[0] == 31
    one.page.select_option(".pick select >> nth=1", "10")
    assert one.size()[0] == 11
    one.page.click(".trail button:has-text('另有 51 项')")
    assert one.size()[0] == 31
    one.page.select_option(".pick select >> nth=0", "2")
    assert one.size()[0] > 31
    one.page.click(".panel button:has-text('隐藏')")
    one.page.click(".trail button:has-text('显示已隐藏的 1 项')")
    assert "英伟达" in one.page.inner_text(".trail strong")


def test_back_and_forward(open_page, sample):
    one = open_page(sample)
    one.focus("腾讯")
    one.focus("香港")
    one.page.click("#back")
    one.page.wait_for_selector(".trail strong:has-text('腾讯控股')")
    one.page.click("#forward")
    one.page.wait_for_selector(".trail strong:has-text('香港')")


def test_pinned_entity_stays(open_page, sample):
    one = open_page(sample)
    one.focus("孤岛")
    one.page.click(".panel button:has-text('固定')")
    one.focus("香港")
    assert "pin=far" in one.page.url
    assert one.size()[0] == 4


def test_path_between_two(open_page, sample):
    one = open_page(sample)
    one.focus("英伟达")
    one.page.click(".panel button:has-text('路径')")
    one.page.fill("#path-to", "香港")
    one.page.press("#path-to", "Enter")
    assert "3 步" in one.page.inner_text("#trail")
    assert one.size() == [4, 3]


def test_no_path_says_so(open_page, sample):
    one = open_page(sample, "#path=far,hk")
    assert "没有找到联系" in one.page.inner_text("#trail")


def test_filters_count_and_narrow(open_page, sample):
    one = open_page(sample)
    choice = one.page.locator(".choice:has-text('adopts')")
    assert choice.locator(".row-count").inner_text() == "1"
    choice.locator("input").check()
    assert one.size() == [2, 1]
    assert "predicate=adopts" in one.page.url
    one.page.click("text=全部清除")
    one.page.locator(".choice:has-text('Place类') input").check()
    assert one.size() == [2, 0]
    one.page.click("text=全部清除")
    one.page.locator("summary:has-text('发言者')").click()
    one.page.locator(".choice:has-text('陈主席') input").check()
    assert one.size()[1] == 2


def test_confidence_and_polarity(open_page, sample):
    one = open_page(sample, "#polarity=negated")
    assert one.size() == [2, 1]
    two = open_page(sample, "#confidence=85")
    assert two.size()[1] < 20


def test_brush_over_the_dates(open_page, sample):
    one = open_page(sample)
    area = one.page.locator(".bars").bounding_box()
    middle = area["y"] + area["height"] / 2
    one.page.mouse.move(area["x"] + area["width"] * 0.8, middle)
    one.page.mouse.down()
    one.page.mouse.move(area["x"] + area["width"] * 0.95, middle)
    one.page.mouse.up()
    assert re.search(r"date=202503\d\d-202503\d\d", one.page.url)
    assert 0 < one.size()[1] < 30
    one.page.locator(".brush-area input").first.focus()
    one.page.keyboard.press("Home")
    assert "date=" not in one.page.url


def test_entity_panel(open_page, sample):
    one = open_page(sample)
    one.focus("腾讯")
    text = one.page.inner_text("#panel")
    assert "00700.HK" in text
    assert "騰訊控股" in text
    expect(one.page.locator("#panel svg.plot circle")).to_have_count(3)
    one.page.locator(".figure summary").first.click()
    assert one.page.locator(".figure mark").first.inner_text().startswith("增长")
    one.page.locator(".claims summary:has-text('芯片')").click()
    expect(one.page.locator(".claims mark")).to_have_text(["腾讯控股", "芯片"])
    link = one.page.locator(".claims .source a")
    assert link.get_attribute("href") == "https://example.org/3"
    assert link.get_attribute("rel") == "noopener noreferrer"
    assert "张三" in one.page.locator(".claims .source").inner_text()


def test_conflicting_claims_side_by_side(open_page, sample):
    one = open_page(sample, "#focus=sfc&at=sfc~tencent")
    expect(one.page.locator(".against .claim")).to_have_count(2)
    assert "相互矛盾的主张" in one.page.inner_text("#panel")
    assert "陈主席" in one.page.inner_text(".against")
    two = open_page(sample, "#focus=sfc&at=sfc~cqbank")
    two.page.wait_for_selector(".against .claim.is-negated")


def test_permalink_restores_everything(open_page, sample):
    one = open_page(sample)
    one.focus("英伟达")
    one.page.locator(".choice:has-text('produces') input").check()
    one.page.click("#table-button")
    address = one.page.url
    two = open_page(sample, address[address.index("#") :])
    assert two.size() == one.size()
    assert two.page.is_visible("#table table")
    assert two.page.inner_text(".panel .head h2") == "英伟达"


def test_unknown_address_is_passed_over(open_page, sample):
    one = open_page(sample, "#focus=nobody,%E0%A4%A&at=x~y~z&class=No&document=%&date=x&top=-5&expand=*")
    assert one.size()[0] > 50


def test_table_is_the_same_selection(open_page, sample):
    one = open_page(sample, "#focus=sfc")
    one.page.click("#table-button")
    expect(one.page.locator("#table tbody tr")).to_have_count(one.size()[0])
    one.page.click("#tab-claims")
    one.page.wait_for_selector("#table th:has-text('客体')")
    one.page.locator("#table thead button").first.click()
    assert one.page.get_attribute("#table thead th >> nth=0", "aria-sort") == "ascending"
    one.page.click("#tab-figures")
    one.page.wait_for_selector("#table td:has-text('收入增长')")


def test_canvas_by_keyboard(open_page, sample):
    one = open_page(sample)
    one.page.focus("#canvas")
    one.page.keyboard.press("ArrowRight")
    name = one.page.inner_text(".panel .head h2")
    one.page.keyboard.press("Enter")
    assert one.page.inner_text(".trail strong") == name
    one.page.keyboard.press("Escape")
    expect(one.page.locator(".panel .head")).to_have_count(0)


def test_exports(open_page, sample):
    one = open_page(sample, "#focus=sfc")
    saved = {}
    for kind in ("png", "csv", "ttl"):
        with one.page.expect_download() as download:
            one.page.select_option(".saves", kind)
        saved[kind] = download.value.path().read_bytes()
    assert saved["png"].startswith(b"\x89PNG")
    rows = list(csv.DictReader(io.StringIO(saved["csv"].decode("utf-8-sig"))))
    assert {r["predicate"] for r in rows} >= {"supports", "restricts", "regulates"}
    assert all(r["quote"] for r in rows)
    triples = rdflib.Graph().parse(data=saved["ttl"], format="turtle")
    jl, ent = rdflib.Namespace("https://w3id.org/jinluo/ontology#"), rdflib.Namespace("https://w3id.org/jinluo/entity/")
    assert (ent.sfc, jl.supports, ent.tencent) in triples
    claims = {str(c).rsplit("/", 1)[1] for c in triples.subjects(rdflib.RDF.type, jl.Claim)}
    shown = {"sfc", "tencent", "cqbank", "hk", "chair"}
    assert claims == {c.id for c in graph().claims if {c.subject, c.object} <= shown}
    where = graph().claims[-1].evidence[0]
    assert any(str(e).endswith(evidence_id(where)) for e in triples.subjects(rdflib.RDF.type, jl.Evidence))


def test_languages_and_themes(open_page, sample):
    one = open_page(sample, locale="en-GB", color_scheme="dark")
    assert one.page.evaluate("document.documentElement.dataset.theme") == "dark"
    one.focus("nvidia")
    assert one.page.inner_text(".panel .head h2") == "NVIDIA"
    one.page.select_option(".language", "zh-Hant")
    assert one.page.inner_text(".panel .head h2") == "輝達"
    one.page.click("#theme")
    assert one.page.evaluate("document.documentElement.dataset.theme") == "light"
    one.page.reload()
    one.page.wait_for_selector("html[data-searchable]", state="attached")
    assert one.page.evaluate("document.documentElement.lang + document.documentElement.dataset.theme") == "zh-Hantlight"


def test_phone(open_page, sample):
    one = open_page(sample, wide=390, high=844, has_touch=True)
    assert one.page.evaluate("document.documentElement.scrollWidth") <= 390
    assert not one.page.is_visible("#filters")
    one.page.click("#menu")
    assert one.page.is_visible("#filters")
    one.page.click("#menu")
    one.focus("腾讯")
    box = one.page.locator("#panel").bounding_box()
    assert box["width"] == 390
    assert box["y"] > 300

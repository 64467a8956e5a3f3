"""A real browser (Debian's Chromium, headless) and pages of small graphs made for these tests."""

import re
from decimal import Decimal

import pytest
from hostile import hostile

from kg.assembly import MergedClaim, MergedObservation, content_id
from kg.model import Article, Author, Document, Entity, Evidence, Span
from kg.view import ViewData, render


class Opened:
    """A page with what it must never do recorded: requests, errors, dialogs, blocked scripts."""

    def __init__(self, browser, path, fragment="", *, wide=1400, high=900, **options):
        options = {"locale": "zh-CN", "offline": True, "accept_downloads": True, **options}
        self.context = browser.new_context(viewport={"width": wide, "height": high}, **options)
        self.faults = []
        page = self.page = self.context.new_page()
        page.set_default_timeout(8000)
        page.on("pageerror", lambda e: self.faults.append(f"error {e}"))
        page.on("console", lambda m: m.type in ("error", "warning") and self.faults.append(f"{m.type} {m.text}"))
        page.on("dialog", lambda d: (self.faults.append(f"dialog {d.message}"), d.dismiss()))
        page.on("request", lambda r: r.url.startswith(("file:", "data:", "blob:")) or self.faults.append(r.url))
        self.context.on("page", lambda p: self.faults.append(f"opened {p.url}"))
        page.goto(path.as_uri() + fragment)
        page.wait_for_selector("html[data-searchable]", state="attached")

    def find(self, text):
        self.page.fill("#find", text)
        return self.page.locator("#find-list .option-name").all_text_contents()

    def focus(self, text):
        self.find(text)
        self.page.press("#find", "Enter")
        self.page.wait_for_selector(".panel .head h2")

    def size(self):
        """Entities and links that are shown."""
        return [int(n.replace(",", "")) for n in re.findall(r"[\d,]+", self.page.inner_text(".trail .size"))]


@pytest.fixture
def open_page(chromium):
    opened = []

    def start(path, fragment="", **options):
        opened.append(Opened(chromium, path, fragment, **options))
        return opened[-1]

    yield start
    for one in opened:
        one.context.close()
        assert not one.faults


@pytest.fixture(scope="session")
def sample(tmp_path_factory):
    path = tmp_path_factory.mktemp("view") / "sample.html"
    render(graph(), path)
    return path


@pytest.fixture(scope="session")
def hostile_page(tmp_path_factory):
    path = tmp_path_factory.mktemp("view") / "hostile.html"
    render(hostile(), path)
    return path


def graph():
    """A hub with 60 neighbours, a chain, opposites, a figure over time; documents of three months."""
    names = {
        "nvidia": ("英伟达", "輝達", "NVIDIA", "Company"), "tencent": ("腾讯控股", "騰訊控股", "Tencent", "Company"),
        "sfc": ("证监会", "證監會", "SFC", "GovernmentBody"), "hk": ("香港", "", "Hong Kong", "Place"),
        "chip": ("芯片", "晶片", "chips", "Technology"), "cqbank": ("重庆银行", "重慶銀行", "", "Company"),
        "chair": ("陈主席", "陳主席", "", "Person"), "far": ("孤岛", "孤島", "", "Place"),
    }  # fmt: skip
    entities = [
        Entity(
            key, cls, tuple((tag, n) for tag, n in (("en", en), ("zh-Hans", hans), ("zh-Hant", hant)) if n),
            (("zh-Hant", "英偉達"), ("zh", "老黄公司")) if key == "nvidia" else (),
            (("ticker", "00700.HK"), ("exactMatch", "https://example.org/tencent")) if key == "tencent" else (), 3,
        )
        for key, (hans, hant, en, cls) in names.items()
    ]  # fmt: skip
    entities += [Entity(f"p{i}", "Product", (("zh-Hans", f"产品{i}号"),), mentions=1) for i in range(60)]
    documents = [
        Document(
            f"d{m}",
            f"m{m}.txt",
            "",
            "",
            title=f"{m}月的报道",
            date=f"2025-0{m}-1{m}",
            source=f"https://example.org/{m}",
        )
        for m in (1, 2, 3)
    ]
    articles = [Article("a1", d.id, f"文章 {d.id}", "", (), (Author("张三", role="记者"),)) for d in documents]

    def claim(subject, predicate, object_, month=1, polarity="affirmed", modality="fact", confidence=0.9, by=()):
        labels = {e.id: dict(e.labels)["zh-Hans"] for e in entities}
        quote = f"报道称{labels[subject]}与{labels[object_]}有关。"
        where = Evidence(f"d{month}", "a1", Span(5, 5 + len(quote)), quote)
        key = (subject, predicate, object_, polarity, modality)
        return MergedClaim(content_id(*key), *key, confidence, (where,), by)

    claims = [claim("nvidia", "produces", f"p{i}", 1 + i % 3, confidence=0.5 + i / 200) for i in range(60)]
    claims += [
        claim("nvidia", "develops", "chip", 2, by=("chair",)), claim("nvidia", "produces", "chip", 1),
        claim("tencent", "adopts", "chip", 3), claim("tencent", "locatedIn", "hk", 1),
        claim("sfc", "supports", "tencent", 1, by=("chair",)), claim("sfc", "restricts", "tencent", 3, by=("sfc",)),
        claim("sfc", "regulates", "cqbank", 2), claim("sfc", "regulates", "cqbank", 3, "negated"),
        claim("sfc", "locatedIn", "hk", 2), claim("chair", "worksFor", "sfc", 2, modality="forecast"),
    ]  # fmt: skip
    figures = [
        MergedObservation(
            f"o{m}", "tencent", "收入增长", Decimal(m * 3 - 5), "percent", "actual", f"2025-0{m}", f"2025-0{m}",
            f"增长{m * 3 - 5}%", None, 0.9, (Evidence(f"d{m}", "a1", Span(1, 9), f"收入增长{m * 3 - 5}%，好于预期"),),
        )
        for m in (1, 2, 3)
    ]  # fmt: skip
    kinds = ("Organization", "Company", "GovernmentBody", "Place", "Person", "Technology", "Product")
    classes = {n: ("", {"en": n, "zh-Hans": n + "类"}) for n in kinds}
    relations = {c.predicate: (False, {"en": c.predicate}) for c in claims}
    return ViewData(
        tuple(entities), tuple(claims), tuple(figures), tuple(documents), tuple(articles), classes, relations,
        "测试图谱",
    )  # fmt: skip

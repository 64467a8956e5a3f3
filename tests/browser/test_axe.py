"""No serious fault by axe-core, in each view, language and theme."""

import os
from pathlib import Path

import pytest

PLACES = (os.environ.get("AXE_CORE", ""), "node_modules/axe-core/axe.min.js")


@pytest.fixture(scope="module")
def axe():
    for place in PLACES:
        if place and Path(place).is_file():
            return Path(place).read_text(encoding="utf-8")
    pytest.skip("needs axe-core: npm install axe-core, and AXE_CORE=…/axe.min.js")


VIEWS = (
    "", "#focus=tencent&at=tencent", "#focus=sfc&at=sfc~tencent", "#focus=sfc&view=table",
    "#path=nvidia,hk&predicate=adopts,produces,locatedIn",
)  # fmt: skip


@pytest.mark.parametrize("fragment", VIEWS)
def test_no_serious_fault(open_page, sample, axe, fragment):
    page = open_page(sample, fragment, bypass_csp=True).page
    page.evaluate(axe)
    for _ in ("light", "dark"):
        for summary in page.locator("#panel summary").all()[:4]:
            summary.click()
        page.wait_for_timeout(100)
        found = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
        serious = [
            (v["id"], [n["html"][:120] + " " + n["failureSummary"][:200] for n in v["nodes"][:3]])
            for v in found["violations"]
            if v["impact"] in ("serious", "critical")
        ]
        assert not serious
        page.click("#theme")

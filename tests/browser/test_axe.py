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


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(
    "fragment",
    ["", "#focus=tencent&at=tencent", "#focus=sfc&at=sfc~tencent", "#focus=sfc&view=table", "#path=nvidia,hk&predicate=adopts,produces,locatedIn"],
)
def test_no_serious_fault(open_page, sample, axe, theme, fragment):
    one = open_page(sample, fragment, color_scheme=theme, bypass_csp=True)
    for summary in one.page.locator("#panel summary").all()[:4]:
        summary.click()
    one.page.wait_for_timeout(100)
    one.page.evaluate(axe)
    found = one.page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    serious = [
        (v["id"], [n["html"][:120] + " " + n["failureSummary"][:200] for n in v["nodes"][:3]])
        for v in found["violations"]
        if v["impact"] in ("serious", "critical")
    ]
    assert not serious

"""Speed of the page: python tests/benchmarks/view.py [ENTITIES,CLAIMS …]

Builds a page of a synthetic graph and opens it in Chromium. Times are processor milliseconds of the page's own
thread (what a machine with nothing else to do would take), with the wall clock's beside them.
"""

import shutil
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import CDPSession, Page, sync_playwright

_TESTS = Path(__file__).parents[1]
sys.path[:0] = [str(_TESTS), str(_TESTS / "browser"), str(_TESTS.parent)]
from conftest import FLAGS  # noqa: E402
from synthetic import synthetic  # noqa: E402

from kg.view import render  # noqa: E402

SIZES = ((400, 600), (20_000, 80_000), (200_000, 1_000_000))
TARGETS = {600: 1000, 80_000: 2000, 1_000_000: 5000}
TYPE = """(typed) => {
    const field = document.querySelector('#find');
    field.value = typed;
    field.dispatchEvent(new Event('input'));
}"""
ENTER = "() => document.querySelector('#find').dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter' }))"


def spent(session: CDPSession) -> float:
    """Processor milliseconds of the page's thread so far."""
    metrics = {m["name"]: m["value"] for m in session.send("Performance.getMetrics")["metrics"]}
    return metrics["TaskDuration"] * 1000


def measured(session: CDPSession, page: Page, script: str, *values: str) -> tuple[float, float]:
    before, began = spent(session), time.perf_counter()
    page.evaluate(script, *values)
    return spent(session) - before, (time.perf_counter() - began) * 1000


def run(entities: int, claims: int, folder: Path) -> None:
    data = synthetic(entities, claims)
    began = time.process_time()
    written = render(data, folder / "page.html")
    made = time.process_time() - began
    print(f"\n{entities} entities, {claims} claims: {written.size / 1e6:.1f} MB, made in {made:.1f} CPU s")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        page = browser.new_context(offline=True, viewport={"width": 1400, "height": 900}).new_page()
        session = page.context.new_cdp_session(page)
        session.send("Performance.enable", {"timeDomain": "threadTicks"})
        page.goto(written.path.as_uri())
        page.wait_for_selector("html[data-ready]", state="attached", timeout=300_000)
        ready, wall = spent(session), page.evaluate("Number(document.documentElement.dataset.ready)")
        print(f"  ready    {ready:7.0f} ms (wall {wall}; target {TARGETS.get(claims, '-')})")
        page.wait_for_selector("html[data-searchable]", state="attached", timeout=300_000)
        for typed in ("中国", "zhongguo", "e-0", "Entity 5", f"Entity {entities // 2}", "科技"):
            search, search_wall = measured(session, page, TYPE, typed)
            focus, focus_wall = measured(session, page, ENTER)
            page.wait_for_timeout(300)
            print(f"  {typed:15} search {search:5.0f} ms ({search_wall:.0f}), focus {focus:5.0f} ms ({focus_wall:.0f})")
        page.locator(".crumb").first.click()
        page.wait_for_timeout(500)
        before = spent(session)
        for _ in range(10):
            page.evaluate("document.querySelector('#zoom button').click()")
            page.wait_for_timeout(100)
        redraw, shown = (spent(session) - before) / 10, page.inner_text(".trail .size")
        print(f"  redraw   {redraw:7.1f} ms at {shown} (target 40 at 300)")
        first = measured(session, page, "() => document.querySelector('.choice input').click()")
        print(f"  filter   {first[0]:7.0f} ms ({first[1]:.0f})")
        browser.close()


if __name__ == "__main__":
    sizes = [tuple(map(int, a.split(","))) for a in sys.argv[1:]] or SIZES
    with tempfile.TemporaryDirectory() as made:
        for size in sizes:
            run(*size, Path(made))

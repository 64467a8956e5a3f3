"""Texts of the graph stay texts: nothing runs, nothing leaves, nothing navigates."""

from hostile import ATTACKS


def test_injections_do_nothing(open_page, hostile_page):
    one = open_page(hostile_page, accept_downloads=True)
    page = one.page
    before = page.url
    for key in ("script", "img", "href", "svg", "alert", "include", "gpj", "cmd", "proto", "lone", "長"):
        for _ in one.find(key)[:1]:
            page.press("#find", "Enter")
            page.wait_for_selector(".panel .head h2")
            for summary in page.locator("#panel summary").all():
                summary.click()
    page.wait_for_timeout(200)
    page.click("#table-button")
    for tab in ("entities", "claims", "figures"):
        page.click(f"#tab-{tab}")
    page.click("#labels")
    page.wait_for_timeout(200)
    assert page.evaluate("document.querySelectorAll('img, iframe, object, embed, base, form').length") == 0
    assert page.evaluate("[...document.querySelectorAll('script')].filter((s) => !s.type).length") == 2
    attributes = page.evaluate("[...document.querySelectorAll('*')].flatMap((e) => e.getAttributeNames())")
    assert not [name for name in attributes if name.startswith("on")]
    links = page.evaluate("[...document.querySelectorAll('a[href]')].map((a) => a.getAttribute('href'))")
    assert all(link == "#table" or link.startswith(("http://", "https://")) for link in links)
    assert page.url.split("#")[0] == before.split("#")[0]
    shown = page.evaluate("document.body.innerText")
    assert not set(shown) & set("\u202e\u2066\u200f\x00\x07\x1b\x85")


def test_exports_of_hostile_texts_are_tame(open_page, hostile_page):
    import csv
    import io

    import rdflib

    one = open_page(hostile_page)
    saved = {}
    for kind in ("csv", "ttl"):
        with one.page.expect_download() as download:
            one.page.select_option(".saves", kind)
        saved[kind] = download.value.path().read_bytes()
    cells = [c for row in csv.reader(io.StringIO(saved["csv"].decode("utf-8-sig"))) for c in row]
    assert not [c for c in cells if c[:1] in "=+@" and c]
    assert len(rdflib.Graph().parse(data=saved["ttl"], format="turtle")) >= len(ATTACKS)


def test_policy_refuses_other_scripts(chromium, hostile_page):
    context = chromium.new_context(offline=True)
    page = context.new_page()
    page.goto(hostile_page.as_uri())
    ran = page.evaluate(
        """() => { window.ran = 0; const s = document.createElement('script'); let refused = false;
        try { s.textContent = 'window.ran = 1'; document.body.append(s); } catch { refused = true; }
        try { document.body.innerHTML += '<img src=x onerror="window.ran = 2">'; } catch { refused = true; }
        return [window.ran, refused]; }"""
    )
    assert ran == [0, True]
    context.close()

"""The server with real clients: curl, SPARQLWrapper, RDFLib's SPARQLStore, Comunica, and YASGUI in Chromium.

Comunica is found on PATH or by the variable COMUNICA; with KG_TEST_NPM=1 npm installs it for the test (minutes).
"""

import json
import os
import shutil
import subprocess

import pytest
import rdflib
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from servers import save, serving

ENT = "https://w3id.org/jinluo/entity/"
PREFIXES = "PREFIX jl: <https://w3id.org/jinluo/ontology#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
NAMES = PREFIXES + f"SELECT ?n WHERE {{ ?s jl:produces <{ENT}hbm> ; rdfs:label ?n }}"


@pytest.fixture(scope="module")
def url(tmp_path_factory):
    with serving(save(tmp_path_factory.mktemp("clients") / "out")) as url:
        yield url


def told(*command, **options):
    return subprocess.run(command, capture_output=True, text=True, timeout=240, check=True, **options).stdout


@pytest.mark.skipif(not shutil.which("curl"), reason="needs curl")
def test_curl(url, tmp_path):
    file = tmp_path / "q.rq"
    file.write_text(NAMES, encoding="utf-8")
    by_get = told("curl", "-sSfG", f"{url}sparql", "--data-urlencode", f"query={NAMES}", "-H", "Accept: text/csv")
    by_form = told("curl", "-sSf", f"{url}sparql", "--data-urlencode", f"query@{file}", "-H", "Accept: text/csv")
    media = "Content-Type: application/sparql-query"
    direct = told("curl", "-sSf", f"{url}sparql", "--data-binary", f"@{file}", "-H", media, "-H", "Accept: text/csv")
    assert by_get == by_form == direct == "n\nSK海力士\n"
    assert "HTTP/1.1 200" in told("curl", "-sSfI", f"{url}store?default")


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("form", ["json", "xml", "csv", "tsv"])
def test_sparqlwrapper_rows(url, method, form):
    wrapper = pytest.importorskip("SPARQLWrapper", reason="needs the package SPARQLWrapper")
    client = wrapper.SPARQLWrapper(url + "sparql", returnFormat=form)
    client.setMethod(method)
    client.setQuery(NAMES)
    answer = client.query().convert()
    if form == "json":
        assert answer["results"]["bindings"][0]["n"] == {"type": "literal", "value": "SK海力士", "xml:lang": "zh-Hant"}
    else:
        assert "SK海力士" in (answer.toxml() if form == "xml" else answer.decode())


def test_sparqlwrapper_triples_and_truths(url):
    wrapper = pytest.importorskip("SPARQLWrapper", reason="needs the package SPARQLWrapper")
    client = wrapper.SPARQLWrapper(url + "sparql")
    client.setQuery(f"DESCRIBE <{ENT}hbm>")
    assert len(client.queryAndConvert()) > 5
    client.setReturnFormat("json")
    client.setQuery(f"ASK {{ <{ENT}hbm> a jl:Technology }}")
    assert client.queryAndConvert()["boolean"] is True
    client.setMethod("POST")
    client.setRequestMethod("postdirectly")
    assert client.queryAndConvert()["boolean"] is True
    client.setQuery("SELECT * {")
    with pytest.raises(wrapper.SPARQLExceptions.QueryBadFormed):
        client.query()


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
def test_rdflib_sparqlstore(url, method):
    graph = rdflib.Graph(SPARQLStore(url + "sparql", method=method))
    assert [str(row.n) for row in graph.query(NAMES)] == ["SK海力士"]
    hbm = rdflib.URIRef(ENT + "hbm")
    assert (hbm, None, None) in graph
    assert {label.language for label in graph.objects(hbm, rdflib.SKOS.prefLabel)} == {"en", "zh-Hans", "zh-Hant"}
    assert len(graph) > 100


@pytest.fixture(scope="module")
def comunica(tmp_path_factory):
    found = os.environ.get("COMUNICA") or shutil.which("comunica-sparql")
    if found:
        return found
    if not (os.environ.get("KG_TEST_NPM") and shutil.which("npm")):
        pytest.skip("needs Comunica: set COMUNICA to its comunica-sparql, or KG_TEST_NPM=1 to have npm install it")
    folder = tmp_path_factory.mktemp("comunica")
    told("npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "@comunica/query-sparql@4.5", cwd=folder)
    return str(folder / "node_modules/.bin/comunica-sparql")


def test_comunica(url, comunica):
    rows = json.loads(told(comunica, f"sparql@{url}sparql", NAMES, "-t", "application/sparql-results+json"))
    assert [row["n"]["value"] for row in rows["results"]["bindings"]] == ["SK海力士"]
    detected = told(comunica, f"{url}sparql", f"CONSTRUCT WHERE {{ <{ENT}hbm> ?p ?o }}", "-t", "application/n-triples")
    assert f"<{ENT}hbm>" in detected


@pytest.fixture
def page(chromium, url):
    """A page that must ask nothing of other servers, and log no fault."""
    context = chromium.new_context()
    faults = []
    page = context.new_page()
    page.set_default_timeout(30_000)
    page.on("request", lambda r: None if r.url.startswith((url, "data:", "blob:")) else faults.append(r.url))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda m: faults.append(m.text) if m.type == "error" else None)
    yield page
    context.close()
    assert not faults


def test_yasgui(url, page):
    page.goto(url + "sparql")
    page.wait_for_selector("html[data-ready]", state="attached")
    page.click(".yasqe_queryButton")
    page.wait_for_selector(".yasr table tbody tr")
    assert "SK海力士" in page.inner_text(".yasr table")
    assert page.locator(".parseErrorIcon").count() == 0
    page.select_option("#cookbook", "who-supplies-whom")
    page.wait_for_function("document.querySelector('.CodeMirror').CodeMirror.getValue().includes('jl:supplies')")
    page.click(".yasqe_queryButton")
    page.wait_for_function("document.querySelector('.yasr table')?.innerText.includes('英偉達')")


def test_graph_page(url, page):
    page.goto(url)
    page.wait_for_selector("html[data-searchable]", state="attached")
    page.fill("#find", "hynix")
    page.wait_for_selector("#find-list .option-name")

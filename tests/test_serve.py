"""`kg serve` from outside: forms of answers, refusals, limits, hosts, the other routes."""

import http.client
import http.server
import json
import subprocess
import sys
import threading
import time
import urllib.parse
from concurrent.futures import ThreadPoolExecutor

import pyoxigraph as ox
import pytest
from graphs import hand_made
from servers import ROOT, ask, query, save, serving

from kg.errors import GraphError, KgError
from kg.serve.app import Access
from kg.serve.limits import Limits
from kg.serve.server import run

NAMES = "SELECT ?n WHERE { ?s jl:produces ent:hbm ; rdfs:label ?n }"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
GREEDY = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?a ?i"
DEEP = "SELECT * { ?s " + "/".join(["<http://a>"] * 8000) + " ?o }"


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    return save(tmp_path_factory.mktemp("served") / "out")


@pytest.fixture(scope="module")
def url(out):
    with serving(out, "--timeout", "4", "--memory", "600", "--workers", "2", "--cors", "https://friend.example") as url:
        yield url


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        ("", "application/sparql-results+json"),
        ("*/*", "application/sparql-results+json"),
        ("application/sparql-results+xml", "application/sparql-results+xml"),
        ("text/csv;q=0.5, text/tab-separated-values;q=0.9", "text/tab-separated-values"),
        ("text/*", "text/csv"),
        ("application/sparql-results+json;q=0, */*;q=0.1", "application/sparql-results+xml"),
    ],
)
def test_rows_in_the_form_that_is_wanted_most(url, accept, form):
    reply = query(url, NAMES, accept=accept)
    assert (reply.status, reply.type) == (200, form)
    assert "SK海力士" in reply.text
    assert "accept" in reply.headers["vary"]
    if form != "text/csv":
        assert "zh-Hant" in reply.text


@pytest.mark.parametrize("form", ["text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json"])
def test_triples_in_every_form(url, form):
    reply = query(url, "CONSTRUCT WHERE { ent:hbm ?p ?o }", accept=form)
    assert (reply.status, reply.type) == (200, form)
    triples = {quad.triple for quad in ox.parse(reply.body, format=ox.RdfFormat.from_media_type(form))}
    labels = [t for t in triples if t.predicate.value.endswith("prefLabel")]
    assert len(labels) == 3
    assert "zh-Hant" in reply.text


@pytest.mark.parametrize("form", ["text/tab-separated-values", "application/sparql-results+json"])
def test_text_that_looks_like_a_language_is_left_alone(url, form):
    reply = query(url, 'SELECT ("a" AS ?x) ("@zh-hant \\"@zh-hans" AS ?y) ("甲"@zh-hant AS ?z) {}', accept=form)
    assert reply.text.count("zh-Hant") == 1
    assert "@zh-hant " in reply.text
    assert "@zh-hans" in reply.text


def test_an_answer_that_nobody_accepts(url):
    assert query(url, NAMES, accept="image/png").status == 406
    assert query(url, NAMES, accept="text/turtle").status == 406


def test_large_answers_arrive_whole(url):
    reply = query(url, "SELECT * { ?a ?b ?c . ?d ?e ?f FILTER(?b != ?e) } LIMIT 20000")
    assert len(json.loads(reply.body)["results"]["bindings"]) == 20000
    assert int(reply.headers["content-length"]) == len(reply.body) > 1_000_000


@pytest.mark.parametrize(
    ("sparql", "status"),
    [
        ("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", 400),
        ("SELECT * FROM <http://127.0.0.1:9/> { ?s ?p ?o }", 400),
        ("SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }", 400),
        ("LOAD <http://127.0.0.1:9/>", 400),
        ("INSERT DATA { ent:a a jl:Entity }", 400),
        ("SELECT * {" + "{" * 5000 + "}" * 5001, 400),
        ("SELECT * { # " + "x" * 100_000 + "\n}", 413),
        ("SELECT ?x {", 400),
    ],
)
def test_refused(url, sparql, status):
    assert query(url, sparql).status == status
    assert query(url, "ASK {}").text == '{"head":{},"boolean":true}'


def test_updates_have_no_route(url):
    change = b"INSERT DATA { <http://a/a> <http://a/b> <http://a/c> }"
    assert ask(url + "sparql", data=change, content_type="application/sparql-update").status == 415
    form = urllib.parse.urlencode({"update": change}).encode()
    assert ask(url + "sparql", data=form, content_type="application/x-www-form-urlencoded").status == 400
    assert ask(url + "store?default", data=change, method="PUT", content_type="text/turtle").status == 405
    assert ask(url + "store?default", method="DELETE").status == 405


@pytest.mark.parametrize("hostile", [ENDLESS, GREEDY, DEEP])
def test_a_hostile_query_never_stops_the_next_one(url, hostile):
    with ThreadPoolExecutor() as pool:
        bad = [pool.submit(query, url, hostile) for _ in range(3)]
        time.sleep(0.2)
        good = query(url, NAMES)
        assert good.status == 200
        replies = [future.result() for future in bad]
    assert {reply.status for reply in replies} == {503}
    assert all(reply.headers["retry-after"] for reply in replies)
    assert query(url, NAMES).body == good.body


def test_a_client_that_leaves_frees_its_worker(url):
    for _ in range(2):
        connection = http.client.HTTPConnection(urllib.parse.urlsplit(url).netloc)
        connection.request("GET", "/sparql?" + urllib.parse.urlencode({"query": ENDLESS}))
        connection.close()
    assert query(url, NAMES).status == 200


def test_many_clients_lose_nothing(url):
    with ThreadPoolExecutor(16) as pool:
        replies = list(pool.map(lambda _: query(url, NAMES), range(96)))
    assert {(reply.status, reply.body) for reply in replies} == {(200, replies[0].body)}


@pytest.mark.parametrize(
    ("host", "status"), [("evil.example", 421), ("localhost:1", 200), ("[::1]:80", 200), ("", 421)]
)
def test_only_known_hosts(url, host, status):
    assert query(url, NAMES, host=host).status == status


def test_other_origins_only_when_asked(url, out):
    assert query(url, NAMES, origin="https://friend.example").headers["access-control-allow-origin"]
    assert "access-control-allow-origin" not in query(url, NAMES, origin="https://evil.example").headers
    with serving(out) as shut:
        assert not [h for h in query(shut, NAMES, origin="https://friend.example").headers if "access-control" in h]
        assert ask(shut + "sparql", method="OPTIONS", origin="https://friend.example").status == 405


def test_graph_store_reading(url):
    whole = ask(url + "store?default", accept="application/n-triples")
    assert "https://w3id.org/jinluo/entity/hbm" in whole.text
    assert ask(url + "store?graph=http%3A%2F%2Fnowhere.example%2F").status == 404
    assert ask(url + "store").status == 400
    assert ask(url + "store?default&graph=http%3A%2F%2Fa%2F").status == 400
    head = ask(url + "store?default", method="HEAD")
    assert (head.status, head.body) == (200, b"")


def test_the_endpoint_describes_itself(url):
    service = ask(url + "sparql", accept="text/turtle")
    assert "sparql-service-description#SPARQL11Query" in service.text
    told = {quad.triple for quad in ox.parse(ask(url + ".well-known/void").body, format=ox.RdfFormat.TURTLE)}
    predicates = {triple.predicate.value.rpartition("#")[2] for triple in told}
    assert {"sparqlEndpoint", "triples", "classPartition", "propertyPartition"} <= predicates


@pytest.mark.parametrize("text", ["sk", "海力士", "hynix sk", "ＳＫ", "000660"])
def test_search(url, text):
    found = json.loads(ask(url + "search?" + urllib.parse.urlencode({"q": text})).body)["results"]
    assert found[0]["id"] == "sk-hynix"
    assert ask(url + "search?q=sk&limit=0").status == 400


@pytest.mark.parametrize("name", ["hbm", "高带宽内存", "高頻寬記憶體"])
def test_entity(url, name):
    told = json.loads(ask(url + "entity/" + urllib.parse.quote(name)).body)
    assert (told["class"], told["claimCount"]) == ("Technology", 4)
    assert told["claims"][0]["evidence"][0]["quote"]
    assert {"language": "zh-Hans", "name": "高带宽内存"}.items() <= told["names"][1].items()


def test_no_such_entity(url):
    assert ask(url + "entity/nothing").status == 404
    assert ask(url + "entity/..%2F..%2Fetc%2Fpasswd").status == 404
    assert ask(url + "static/..%2fapp.py").status == 404


def test_pages(url):
    editor = ask(url + "sparql", accept="text/html,application/xhtml+xml,*/*;q=0.8")
    assert editor.type == "text/html"
    assert "default-src 'none'" in editor.headers["content-security-policy"]
    page = ask(url)
    assert page.type == "text/html"
    assert page.headers["x-content-type-options"] == "nosniff"


def test_a_graph_built_anew_is_taken_up(tmp_path):
    output = save(tmp_path / "out", hand_made()[:1])
    more = "ASK { ent:samsung a jl:Company }"
    with serving(output) as url:
        assert '"boolean":false' in query(url, more).text
        save(output)
        deadline = time.monotonic() + 60
        while '"boolean":false' in query(url, more).text:
            assert time.monotonic() < deadline
            time.sleep(0.3)
        assert len(list(output.glob(".serve-*"))) <= 2
    assert not list(output.glob(".serve-*"))


def test_wrong_use_is_told(tmp_path, url):
    with pytest.raises(GraphError, match="kg build"):
        run(tmp_path, "127.0.0.1", 0, Limits(), Access(), print)
    (tmp_path / "store").mkdir()
    with pytest.raises(KgError, match="--port"):
        run(tmp_path, "127.0.0.1", urllib.parse.urlsplit(url).port, Limits(), Access(), print)


def test_a_worker_has_no_network():
    program = """if True:
        import socket
        from kg.serve.frames import Start
        from kg.serve.worker import _confine
        here = socket.create_server(("127.0.0.1", 0))
        _confine(Start("", "", "", {}, 1, 10**9, 1, 1, 1))
        try:
            socket.create_connection(here.getsockname(), 2)
            print("reached")
        except OSError:
            print("nothing")"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    if done.stdout == "reached\n":
        pytest.skip("this system lets no process give its network up")
    assert done.stdout == "nothing\n"


def test_nothing_reaches_another_server(url):
    """Calls that a parser takes though they are written together are refused before it sees them."""
    reached = []

    class Listener(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            reached.append(self.path)

        do_POST = do_GET  # noqa: N815

    with http.server.HTTPServer(("127.0.0.1", 0), Listener) as listener:
        threading.Thread(target=listener.serve_forever, daemon=True).start()
        there = f"http://127.0.0.1:{listener.server_port}/"
        for call in ("SERVICESILENT <U>{}", "?s ?p trueSERVICE <U>{}", "?s ?p 1SERVICE<U>{}", "SERVICEe:x{}",
                     "{?s ?p e:a\\'} SERVICE <U>{} {?s ?p e:a\\'}"):  # fmt: skip
            assert query(url, f"PREFIX e: <{there}> SELECT * {{ {call.replace('U', there)} }}").status == 400
        listener.shutdown()
    assert not reached

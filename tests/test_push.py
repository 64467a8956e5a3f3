"""Pushing: batches and retries against a server of the test's own, then real servers, Oxigraph and Virtuoso."""

import http.server
import json
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner
from graphs import hand_made
from servers import ask, save

from cli.push import command
from kg import graph
from kg.errors import GraphError
from kg.push import Sending, push

QUICK = Sending(bytes_each=2_000, tries=3, wait=0.01, timeout=5)


class Store(http.server.BaseHTTPRequestHandler):
    """Keeps what it is sent by graph; says first what `answers` hold."""

    def do_PUT(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.seen.append((self.command, len(body)))
        status, headers = self.server.answers.pop(0) if self.server.answers else (204, {})
        if status < 300:
            name = urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query)["graph"][0]
            triples = {quad.triple for quad in ox.parse(body, format=ox.RdfFormat.TURTLE)}
            self.server.graphs[name] = triples | (
                self.server.graphs.get(name, set()) if self.command == "POST" else set()
            )
        self.send_response(status)
        for key, value in headers.items():
            self.send_header(key, value)
        self.end_headers()

    do_POST = do_PUT  # noqa: N815

    def log_message(self, *_):
        pass


@pytest.fixture
def server():
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Store) as server:
        server.seen, server.answers, server.graphs = [], [], {}
        server.url = f"http://127.0.0.1:{server.server_port}/store"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def whole(known):
    return {quad.triple for quad in ox.parse("".join(known.ntriples()), format=ox.RdfFormat.N_TRIPLES)}


def test_a_graph_for_each_document_in_bounded_batches(server):
    known = graph.assemble(hand_made())
    sent = list(push(known, server.url, QUICK))
    assert [one.name for one in sent] == [known.base, known.base + "doc/d1", known.base + "doc/d2"]
    assert set().union(*server.graphs.values()) == whole(known)
    assert max(size for _, size in server.seen) <= 2_000
    assert sum(one.batches for one in sent) == len(server.seen) > 10
    before = dict(server.graphs)
    list(push(known, server.url, QUICK))
    assert server.graphs == before


def test_what_may_pass_is_tried_again(server):
    server.answers = [(503, {"Retry-After": "0"}), (500, {}), (204, {}), (429, {"Retry-After": "soon"})]
    known = graph.assemble(hand_made())
    list(push(known, server.url, QUICK))
    assert set().union(*server.graphs.values()) == whole(known)


@pytest.mark.parametrize(
    ("answer", "tries"), [((401, {}), 1), ((404, {}), 1), ((302, {"Location": "/"}), 1), ((503, {}), 3)]
)
def test_what_will_not_pass_is_told(server, answer, tries):
    server.answers = [answer] * 5
    with pytest.raises(GraphError, match=str(answer[0])):
        list(push(graph.assemble(hand_made()), server.url, QUICK))
    assert len(server.seen) == tries


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "store", "ftp://a/b", "http://me:secret@localhost/store", "http://127.0.0.1:9/"]
)
def test_wrong_addresses(url):
    with pytest.raises(GraphError):
        list(push(graph.assemble(hand_made()), url, QUICK))


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


@contextmanager
def running(*arguments, url, cwd):
    process = subprocess.Popen(arguments, cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 120
        while True:
            try:
                urllib.request.urlopen(url, timeout=5).close()
                break
            except urllib.error.HTTPError:
                break
            except OSError:
                assert process.poll() is None, f"{arguments[0]} ended"
                assert time.monotonic() < deadline
                time.sleep(0.3)
        yield
    finally:
        process.terminate()
        process.wait(60)


def pushed(output, url, *options, environment=None):
    result = CliRunner().invoke(command, [str(output), url, *options], env=environment, catch_exceptions=False)
    assert result.exit_code == 0, result.output


def counted(endpoint):
    """Triples by graph, of those that a push makes."""
    query = "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } FILTER(CONTAINS(STR(?g), '/jinluo/')) } GROUP BY ?g"
    reply = ask(endpoint + "?" + urllib.parse.urlencode({"query": query}), accept="application/sparql-results+json")
    return {row["g"]["value"]: int(row["n"]["value"]) for row in json.loads(reply.body)["results"]["bindings"]}


def expected(known):
    from kg.export.triples import named_graphs

    return {name or known.base: len(found) for name, found in named_graphs(known)}


def test_oxigraph_server(tmp_path):
    beside = str(Path(sys.executable).parent)
    program = os.environ.get("OXIGRAPH") or shutil.which("oxigraph") or shutil.which("oxigraph", path=beside)
    if not program:
        pytest.skip("needs the Oxigraph server: pip install oxigraph")
    output, place = save(tmp_path / "out"), f"127.0.0.1:{free_port()}"
    arguments = (program, "serve", "--location", "data", "--bind", place)
    with running(*arguments, url=f"http://{place}/", cwd=tmp_path):
        for _ in range(2):
            pushed(output, f"http://{place}/store", "--batch", "0.01")
            assert counted(f"http://{place}/query") == expected(graph.load(output))
        pushed(output, f"http://{place}/store", "--vocabulary")
        assert "https://w3id.org/jinluo/ontology" in counted(f"http://{place}/query")


def test_virtuoso(tmp_path):
    program = shutil.which("virtuoso-t")
    if not program:
        pytest.skip("needs Virtuoso: apt-get install virtuoso-opensource-7-bin")
    output, port = save(tmp_path / "out"), free_port()
    (tmp_path / "virtuoso.ini").write_text(
        "[Database]\nDatabaseFile=v.db\nErrorLogFile=v.log\nTransactionFile=v.trx\n"
        f"[Parameters]\nServerPort=127.0.0.1:{free_port()}\nNumberOfBuffers=2000\nDirsAllowed=.\n"
        f"[HTTPServer]\nServerPort=127.0.0.1:{port}\nServerRoot=.\nServerThreads=4\n"
    )
    url = f"http://127.0.0.1:{port}"
    with running(program, "-f", "-c", "virtuoso.ini", url=f"{url}/sparql", cwd=tmp_path):
        with pytest.raises(GraphError, match="401"):
            list(push(graph.load(output), f"{url}/sparql-graph-crud-auth", QUICK))
        for _ in range(2):
            secret = {"KG_PUSH_PASSWORD": "dba"}
            pushed(output, f"{url}/sparql-graph-crud-auth", "--user", "dba", "--batch", "0.01", environment=secret)
            assert counted(f"{url}/sparql") == expected(graph.load(output))

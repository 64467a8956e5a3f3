"""What the server adds to a query, and what becomes of many clients at once. Prints milliseconds and counts.

    python tests/benchmarks/serve.py [--triples 20000] [--clients 32] [--seconds 60]

Server and clients share this machine's cores and its loopback alone, so the figures under load are those of both.
"""

from __future__ import annotations

import argparse
import http.client
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median, quantiles
from urllib.parse import urlencode, urlsplit

import pyoxigraph as ox

sys.path.insert(0, str(Path(__file__).parents[1]))
from graph import extractions  # type: ignore[import-not-found]
from servers import save, serving  # type: ignore[import-not-found]

from kg import rdf
from kg.settings import Settings

QUERIES = {
    "ask": "ASK { ?s a jl:Company }",
    "neighbours": "SELECT ?p ?o { ?s rdfs:label 'Thing 0'@en ; ?p ?o } LIMIT 100",
    "claims": "SELECT ?c ?s ?o { ?c rdf:predicate jl:produces ; rdf:subject ?s ; rdf:object ?o } LIMIT 100",
    "count": "SELECT ?k (COUNT(*) AS ?n) { ?s a ?k } GROUP BY ?k ORDER BY ?k",
}
ROUNDS = 200
HOSTILE = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


class Client:
    """One kept connection."""

    def __init__(self, url: str) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=120)

    def ask(self, query: str) -> tuple[int, bytes]:
        self._connection.request("GET", "/sparql?" + urlencode({"query": query}))
        reply = self._connection.getresponse()
        return reply.status, reply.read()


def measured(ask: Callable[[], object]) -> tuple[float, float]:
    """Milliseconds of a call: the median, and what the fastest tenth stays below."""
    times = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        ask()
        times.append((time.perf_counter() - begun) * 1000)
    return median(times), quantiles(times, n=10)[0]


def added(output: Path, url: str) -> None:
    store, prefixes = ox.Store.read_only(str(output / "store")), rdf.prefixes(Settings().base)
    client = Client(url)
    print(f"ms of {ROUNDS} calls each; the fastest tenth tells more where other programs take the cores")
    print(f"{'query':12}{'pyoxigraph':>12}{'endpoint':>12}{'added':>9}{'added, fastest tenth':>24}")
    for name, query in QUERIES.items():

        def raw(query: str = query) -> bytes | None:
            return store.query(query, prefixes=prefixes).serialize(format=ox.QueryResultsFormat.JSON)  # type: ignore[union-attr]

        alone, served = measured(raw), measured(lambda query=query: client.ask(query))  # type: ignore[misc]
        median_added, least_added = (there - here for there, here in zip(served, alone, strict=True))
        print(f"{name:12}{alone[0]:12.2f}{served[0]:12.2f}{median_added:9.2f}{least_added:24.2f}")


def crowd(url: str, clients: int, seconds: float) -> None:
    """All clients ask as fast as they are answered; in the midst of it, one hostile query."""
    times: list[float] = []
    lost: list[str] = []
    expected = {query: Client(url).ask(query)[1] for query in QUERIES.values()}
    until = time.monotonic() + seconds

    def work(number: int) -> None:
        client, queries = Client(url), list(QUERIES.values())
        while time.monotonic() < until:
            number += 1
            query, begun = queries[number % len(queries)], time.perf_counter()
            try:
                status, body = client.ask(query)
                if status != 200 or body != expected[query]:
                    lost.append(f"{status} {body[:100]!r}")
            except OSError as error:
                lost.append(repr(error))
                client = Client(url)
            times.append((time.perf_counter() - begun) * 1000)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(clients)]
    hostile = threading.Thread(target=lambda: print("hostile query:", Client(url).ask(HOSTILE)[0]))
    for thread in (*threads, hostile):
        thread.start()
    for thread in (*threads, hostile):
        thread.join()
    spread = quantiles(times, n=100)
    rate = len(times) / seconds
    print(f"{clients} clients, {seconds:g} s: {len(times)} requests, {rate:.0f} a second, {len(lost)} lost")
    print(f"latency ms: median {spread[49]:.1f}, 95% {spread[94]:.1f}, 99% {spread[98]:.1f}")
    for one in lost[:5]:
        print("lost:", one)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--triples", type=int, default=20_000)
    options.add_argument("--clients", type=int, default=32)
    options.add_argument("--seconds", type=float, default=60.0)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        output = save(Path(folder) / "out", extractions(given.triples))
        with serving(output) as url:
            added(output, url)
            crowd(url, given.clients, given.seconds)


if __name__ == "__main__":
    main()

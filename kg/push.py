"""Sending a graph to another store by the SPARQL 1.1 Graph Store Protocol: a named graph for each document.

A document's graph is replaced (PUT) by its first batch and added to (POST) by the others. There are no blank nodes,
so a batch that is sent twice changes nothing, and a push that broke off is done again from its start.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlsplit
from urllib.request import (
    BaseHandler,
    HTTPBasicAuthHandler,
    HTTPDigestAuthHandler,
    HTTPPasswordMgrWithDefaultRealm,
    HTTPRedirectHandler,
    HTTPSHandler,
    OpenerDirector,
    Request,
    build_opener,
)

from kg import rdf, resources
from kg.errors import GraphError
from kg.export.triples import named_graphs
from kg.schema import JL
from kg.store import VOCABULARY

if TYPE_CHECKING:
    from kg.graph import KnowledgeGraph

_LATER = frozenset({408, 425, 429, 500, 502, 503, 504})
"""Statuses after which trying again may help."""
_LONGEST = 60.0
_TOLD = 300
_MEDIA = {"ntriples": "application/n-triples", "turtle": "text/turtle"}


@dataclass(frozen=True, slots=True)
class Sending:
    """How batches are sent."""

    user: str | None = None
    password: str = ""
    bytes_each: int = 4_000_000
    """Bytes of a batch."""
    tries: int = 5
    wait: float = 0.5
    """Seconds before the second try; each later wait is twice as long, to a minute at most."""
    timeout: float = 60.0
    """Seconds without a word of the server."""


@dataclass(frozen=True, slots=True)
class Sent:
    """One graph that the server has taken."""

    name: str
    triples: int
    batches: int


def push(
    graph: KnowledgeGraph, url: str, sending: Sending | None = None, *, vocabulary: bool = False
) -> Iterator[Sent]:
    """Sends graph after graph to the Graph Store at `url`, and tells each once it is there.

    What no single document bears out goes into a graph named by the base of the IRIs, and with `vocabulary` the
    ontology into one of its own. Raises `GraphError` where the server refuses, or does not answer after all tries.
    """
    server = _Server(url, sending or Sending())
    if vocabulary:
        files = (resources.ontology() / name for name in VOCABULARY)
        yield server.put(JL.removesuffix("#"), [file.read_bytes() for file in files], "turtle")
    for name, found in named_graphs(graph):
        if found:
            lines = rdf.ntriples(found, base=graph.base)
            batches = list(_batches(lines, server.sending.bytes_each))
            yield server.put(name or graph.base, batches, "ntriples", triples=len(lines))


def _batches(lines: Iterable[str], most: int) -> Iterator[bytes]:
    """Whole lines, as many as fit into `most` bytes, at least one."""
    batch: list[bytes] = []
    size = 0
    for line in lines:
        data = line.encode()
        if batch and size + len(data) > most:
            yield b"".join(batch)
            batch, size = [], 0
        batch.append(data)
        size += len(data)
    if batch:
        yield b"".join(batch)


class _Still(HTTPRedirectHandler):
    """Follows no redirect: data and passwords go where the user said."""

    def redirect_request(self, *_: object) -> None:
        return None


class _Server:
    def __init__(self, url: str, sending: Sending) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise GraphError(f"{url}: is no address of a store; give one that begins with http:// or https://")
        if parts.username is not None:
            raise GraphError("the address holds a user name; give it with --user, the password in KG_PUSH_PASSWORD")
        self._url, self.sending = url, sending
        self._opener = _opener(url, sending)

    def put(self, name: str, batches: list[bytes], format: str, *, triples: int = 0) -> Sent:
        for number, batch in enumerate(batches):
            self._try(self._request(name, "POST" if number else "PUT", batch, _MEDIA[format]))
        return Sent(name, triples, len(batches))

    def _request(self, name: str, method: str, batch: bytes, media: str) -> Request:
        url = f"{self._url}{'&' if '?' in self._url else '?'}graph={quote(name, safe='')}"
        return Request(url, data=batch, method=method, headers={"Content-Type": media, "User-Agent": "jinluo"})

    def _try(self, request: Request) -> None:
        wait, reason = self.sending.wait, ""
        for number in range(1, self.sending.tries + 1):
            asked = 0.0
            try:
                with self._opener.open(request, timeout=self.sending.timeout) as response:
                    response.read()
                return
            except HTTPError as error:
                reason = f"it says {error.code} {error.reason}: {error.read(_TOLD).decode(errors='replace').strip()}"
                if error.code not in _LATER:
                    raise GraphError(f"{self._url}: does not take the graph; {reason}{_remedy(error.code)}") from error
                asked = _after(error.headers.get("Retry-After"))
            except (URLError, OSError, ValueError) as error:
                reason = f"it cannot be reached ({getattr(error, 'reason', error)})"
            if number < self.sending.tries:
                time.sleep(min(max(wait, asked), _LONGEST))
                wait *= 2
        raise GraphError(
            f"{self._url}: {self.sending.tries} tries failed; {reason}; push again later, it is safe to repeat"
        )


def _opener(url: str, sending: Sending) -> OpenerDirector:
    handlers: list[BaseHandler] = [
        _Still(),
        HTTPSHandler(context=ssl.create_default_context()),
    ]
    if sending.user is not None:
        known = HTTPPasswordMgrWithDefaultRealm()
        known.add_password(None, url, sending.user, sending.password)
        handlers += [HTTPDigestAuthHandler(known), HTTPBasicAuthHandler(known)]
    return build_opener(*handlers)


def _remedy(status: int) -> str:
    if status in (401, 403):
        return "; give --user and the password in KG_PUSH_PASSWORD"
    if status in (404, 405):
        return "; give the address of its Graph Store, such as …/store"
    return ""


def _after(value: str | None) -> float:
    """Seconds that a Retry-After header asks for."""
    try:
        return float(value or 0)
    except ValueError:
        pass
    try:
        return parsedate_to_datetime(value or "").timestamp() - time.time()
    except ValueError:
        return 0.0

"""A process that answers one task after the other over a store opened read-only: `python -m kg.serve.worker`.

It may be killed at any moment. Its memory, its computing time and its files are bounded by the system, and where
the system allows it, it has no network.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import sys
import tempfile
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, BinaryIO

import msgspec
import pyoxigraph as ox

from kg import sparql
from kg.errors import QueryError
from kg.serve import describe
from kg.serve.answers import answer_graph, answer_query, answer_triples
from kg.serve.frames import Reply, Start, Task, pack, read
from kg.serve.limits import Limits, RefusedError

if TYPE_CHECKING:
    from kg.serve.entities import Index

_INLINE = 200_000
_JSON = "application/json"
_GRACE = 10
"""Seconds of computing beyond the limit of a query, after which the system ends a worker that nobody watches."""
_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000


class Worker:
    """The store and what is worked out from it once."""

    def __init__(self, start: Start) -> None:
        self.start = start
        self.limits = Limits(
            seconds=start.seconds, memory=start.memory, query=start.query, nesting=start.nesting, answer=start.answer
        )
        self.store = ox.Store.read_only(start.store)

    @cached_property
    def partitions(self) -> describe.Partitions:
        return describe.partitions(self.store)

    @cached_property
    def index(self) -> Index:
        from kg.serve.entities import Index

        return Index(self.store, self.start.base)

    def reply(self, task: Task) -> Reply:
        try:
            media, body = ANSWERERS[task.kind](self, task)
        except RefusedError as error:
            return Reply(error.status, body=error.reason.encode("utf-8", "replace"))
        except QueryError as error:
            return Reply(400, body=str(error).encode("utf-8", "replace"))
        except MemoryError:
            return Reply(503, body=b"the answer needs more memory than a query may take")
        if len(body) > self.limits.answer:
            return Reply(503, body=f"the answer is larger than {self.limits.answer} bytes; ask for less".encode())
        if len(body) <= _INLINE:
            return Reply(200, media, body)
        return self._kept(media, body)

    def _kept(self, media: str, body: bytes) -> Reply:
        """An answer too large for the pipe, in a file."""
        with tempfile.NamedTemporaryFile(dir=self.start.spool, delete=False) as file:
            try:
                file.write(body)
                file.flush()
            except OSError as error:
                os.unlink(file.name)
                return Reply(503, body=f"the answer cannot be kept until it is sent ({error.strerror})".encode())
        return Reply(200, media, path=file.name)


def _query(worker: Worker, task: Task) -> tuple[str, bytes]:
    if len(task.text.encode()) > worker.limits.query:
        raise RefusedError(413, f"the query is larger than {worker.limits.query} bytes")
    sparql.check(task.text, nesting=worker.limits.nesting)
    return answer_query(worker.store, task, worker.start.prefixes)


def _graph(worker: Worker, task: Task) -> tuple[str, bytes]:
    return answer_graph(worker.store, task, worker.start.prefixes)


def _service(worker: Worker, task: Task) -> tuple[str, bytes]:
    return answer_triples(describe.service(worker.store, task.url), task, worker.start.prefixes)


def _dataset(worker: Worker, task: Task) -> tuple[str, bytes]:
    triples = describe.dataset(worker.store, worker.partitions, task.url, worker.start.base)
    return answer_triples(triples, task, worker.start.prefixes)


def _search(worker: Worker, task: Task) -> tuple[str, bytes]:
    return _JSON, _encode({"query": task.text, "results": worker.index.find(task.text, task.limit)})


def _entity(worker: Worker, task: Task) -> tuple[str, bytes]:
    return _JSON, _encode(worker.index.tell(task.text, task.limit))


ANSWERERS: dict[str, Callable[[Worker, Task], tuple[str, bytes]]] = {
    "query": _query,
    "graph": _graph,
    "service": _service,
    "dataset": _dataset,
    "search": _search,
    "entity": _entity,
}


def main(given: BinaryIO, taken: BinaryIO) -> None:
    start = msgspec.msgpack.decode(read(given), type=Start)
    _confine(start)
    worker = Worker(start)
    taken.write(pack(Reply(200)))
    taken.flush()
    while True:
        try:
            task = msgspec.msgpack.decode(read(given), type=Task)
        except EOFError:
            return
        _bound_computing(start.seconds)
        taken.write(pack(worker.reply(task)))
        taken.flush()


def _confine(start: Start) -> None:
    """Memory by the limit, no core files, and no network where the system lets a process give it up."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (start.memory, start.memory))
    unshare = getattr(ctypes.CDLL(None), "unshare", None)
    if unshare is not None and unshare(_NEW_NETWORK) != 0:
        unshare(_NEW_USER | _NEW_NETWORK)


def _encode(told: Mapping[str, object]) -> bytes:
    return json.dumps(told, ensure_ascii=False, indent=1).encode() + b"\n"


def _bound_computing(seconds: float) -> None:
    used = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
    cores = os.cpu_count() or 1
    resource.setrlimit(resource.RLIMIT_CPU, (int(used + seconds * cores) + _GRACE, resource.RLIM_INFINITY))


if __name__ == "__main__":
    main(sys.stdin.buffer, os.fdopen(os.dup(1), "wb"))

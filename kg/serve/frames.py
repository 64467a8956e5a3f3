"""What the server and its workers say to each other, over pipes: a length of four bytes, then msgpack."""

from __future__ import annotations

from typing import BinaryIO

import msgspec


class Task(msgspec.Struct, frozen=True):
    """`kind` is a key of `kg.serve.worker.ANSWERERS`; the rest is what that kind needs."""

    kind: str
    text: str = ""
    """A query, the IRI of a graph, what to search for, or an entity."""
    accept: str = ""
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    limit: int = 0
    url: str = ""
    """Where the client found this server."""


class Reply(msgspec.Struct, frozen=True):
    """A whole answer, in `body` or, when it is large, in the file `path`, which the receiver deletes."""

    status: int
    media: str = "text/plain"
    body: bytes = b""
    path: str = ""


class Start(msgspec.Struct, frozen=True):
    """The first frame that a worker gets."""

    store: str
    spool: str
    base: str
    prefixes: dict[str, str]
    seconds: float
    memory: int
    answer: int
    query: int
    nesting: int


def pack(message: msgspec.Struct) -> bytes:
    data = msgspec.msgpack.encode(message)
    return len(data).to_bytes(4, "big") + data


def read(stream: BinaryIO) -> bytes:
    """The next frame. Raises `EOFError` when the other side is gone."""
    head = stream.read(4)
    size = int.from_bytes(head, "big")
    data = stream.read(size)
    if len(head) < 4 or len(data) < size:
        raise EOFError
    return data

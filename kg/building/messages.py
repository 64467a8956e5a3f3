"""What a build and its workers say to each other: msgpack behind its length in four bytes."""

from __future__ import annotations

from typing import BinaryIO, TypeVar

import msgspec

from kg.model import Problem
from kg.settings import Settings


class Hello(msgspec.Struct, tag=True, frozen=True):
    """The first message: options, and the folder where fresh extractions go."""

    settings: Settings
    fresh: str


class Read(msgspec.Struct, tag=True, frozen=True):
    """Read a file. `spooled` holds its bytes where `name` is not a path (standard input)."""

    number: int
    name: str
    spooled: str = ""


class Extract(msgspec.Struct, tag=True, frozen=True):
    """Extract an encoded document and put the result on the shelf under `key`."""

    number: int
    name: str
    key: str
    document: bytes


class Run(msgspec.Struct, tag=True, frozen=True):
    """Do an encoded job of assembly."""

    number: int
    name: str
    job: bytes


class Made(msgspec.Struct, tag=True, frozen=True):
    """The answer of a job."""

    number: int
    answer: bytes


class Found(msgspec.Struct, tag=True, frozen=True):
    """A document was read."""

    number: int
    name: str
    id: str
    document: bytes


class Failed(msgspec.Struct, tag=True, frozen=True):
    """A document is lost; the task goes on."""

    number: int
    problem: Problem


class Refused(msgspec.Struct, tag=True, frozen=True):
    """No document can be done: a model is missing, a list is wrong, the disk is full."""

    reason: str


class Done(msgspec.Struct, tag=True, frozen=True):
    number: int


Task = Read | Extract | Run
Reply = Found | Made | Failed | Refused | Done

M = TypeVar("M")


def _from_text(cls: type, value: object) -> object:
    """A path, which travels as its text."""
    return cls(value)


HELLOS: msgspec.msgpack.Decoder[Hello] = msgspec.msgpack.Decoder(Hello, dec_hook=_from_text)
TASKS: msgspec.msgpack.Decoder[Task] = msgspec.msgpack.Decoder(Task)
REPLIES: msgspec.msgpack.Decoder[Reply] = msgspec.msgpack.Decoder(Reply)


def pack(message: msgspec.Struct) -> bytes:
    content = msgspec.msgpack.encode(message, enc_hook=str)
    return len(content).to_bytes(4, "big") + content


def send(sink: BinaryIO, message: msgspec.Struct) -> None:
    sink.write(pack(message))
    sink.flush()


def receive(source: BinaryIO, decoder: msgspec.msgpack.Decoder[M]) -> M | None:
    """The next message; None at the end of the stream."""
    head = source.read(4)
    if len(head) < 4:
        return None
    content = source.read(int.from_bytes(head, "big"))
    return decoder.decode(content)

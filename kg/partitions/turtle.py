"""The graph's file with some of its subjects changed: the blocks that stand are copied, not made again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from kg import rdf
from kg.partitions.jobs import Block
from kg.partitions.subjects import block
from kg.rdf import Extent

_BETWEEN = b"\n\n"
_SECTIONS = {f"{name}:".encode(): number for number, name in enumerate(rdf.NODES)}
_READ = 1 << 20
_LAST = (len(_SECTIONS), b"")
Key = tuple[int, bytes]


def write(target: BinaryIO, changes: Iterable[Block], *, old: Path | None, extent: Extent, base: str) -> None:
    """The Turtle of a graph: `old`, where there is one, with `changes`, which are in its order."""
    for line in rdf.declarations(base):
        target.write(line.encode())
    target.write(b"\n" + description(extent, base))
    standing = _standing(old) if old else iter(())
    at, text = next(standing, (_LAST, b""))
    for change in changes:
        key = change.section, change.subject.encode()
        while at < key:
            target.write(b"\n" + text)
            at, text = next(standing, (_LAST, b""))
        if at == key:
            at, text = next(standing, (_LAST, b""))
        if change.text:
            target.write(b"\n" + change.text.encode())
    while at < _LAST:
        target.write(b"\n" + text)
        at, text = next(standing, (_LAST, b""))


def description(extent: Extent, base: str) -> bytes:
    """The block that describes the data set, which stands first."""
    return block(rdf.arrange(rdf.described(extent, base))).encode()


def _standing(path: Path) -> Iterator[tuple[Key, bytes]]:
    """The blocks of a file that stands, without its declarations and the description of the data set."""
    for text in _blocks(path):
        head = text[: text.index(b" ")]
        prefix, colon, name = head.partition(b":")
        if (number := _SECTIONS.get(prefix + colon)) is not None:
            yield (number, name), text


def _blocks(path: Path) -> Iterator[bytes]:
    """What stands between blank lines, each ended by a line break. No literal holds a line break."""
    left = b""
    with path.open("rb") as stream:
        while data := stream.read(_READ):
            *whole, left = (left + data).split(_BETWEEN)
            yield from (text + b"\n" for text in whole)
    if left:
        yield left

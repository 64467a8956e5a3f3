"""Rows: what one document says of one subject of the graph. A partition keeps those of some subjects, in any order.

A row is a section (the kind of subject), the subject's id, the document's id, and content. Beside the file of rows
stands an index of fixed width, so that rows are chosen without reading them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from mmap import ACCESS_READ, mmap
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

ENTITY, CLAIM, OBSERVATION, EVIDENCE, ARTICLE, DOCUMENT, REFERENCE, PROBLEM = range(8)
"""Sections. The first six are subjects of the graph, in the order of its file; a reference tells that a document
depends on an entity, a problem what was set aside."""
FACTS = (CLAIM, OBSERVATION)
HASHED = (CLAIM, OBSERVATION, EVIDENCE, ARTICLE)
"""Sections whose ids are hashes: their partitions, one behind the other, are in order."""
_INDEX = np.dtype([("subject", "<u8"), ("document", "<u8"), ("size", "<u4")])
_SECTION_BITS = 3
_DIGITS = 24

Marks = NDArray[np.uint64]


class Row(msgspec.Struct, array_like=True, frozen=True):
    section: int
    subject: str
    document: str
    content: msgspec.Raw


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows as bytes, which may be a file's, with their index."""

    content: bytes | mmap
    index: NDArray[np.void]

    @property
    def subjects(self) -> Marks:
        found: Marks = self.index["subject"]
        return found

    @property
    def documents(self) -> Marks:
        found: Marks = self.index["document"]
        return found

    def where(self, wanted: NDArray[np.bool_]) -> Iterator[Row]:
        """The rows of which `wanted` is true."""
        ends = np.cumsum(self.index["size"], dtype=np.int64)
        at = np.flatnonzero(wanted)
        view = memoryview(self.content)
        for start, end in zip((ends[at] - self.index["size"][at]).tolist(), ends[at].tolist(), strict=True):
            yield _decode(view[start:end])

    def kept(self, wanted: NDArray[np.bool_]) -> Rows:
        """The rows of which `wanted` is true, as rows."""
        ends = np.cumsum(self.index["size"], dtype=np.int64)
        starts = ends - self.index["size"]
        edges = np.flatnonzero(np.diff(wanted.astype(np.int8), prepend=0, append=0))
        runs = (self.content[starts[a] : ends[b - 1]] for a, b in edges.reshape(-1, 2).tolist())
        return self if wanted.all() else Rows(b"".join(runs), self.index[wanted])

    @property
    def sections(self) -> Marks:
        return self.subjects & np.uint64(2**_SECTION_BITS - 1)

    def write(self, path: Path) -> None:
        path.with_suffix(".rows").write_bytes(self.content)
        path.with_suffix(".index").write_bytes(self.index.tobytes())


NONE = Rows(b"", np.empty(0, _INDEX))


def read(path: Path) -> Rows:
    """The rows that `Rows.write` wrote."""
    index = np.frombuffer(path.with_suffix(".index").read_bytes(), _INDEX)
    if not len(index):
        return NONE
    with path.with_suffix(".rows").open("rb") as stream:
        return Rows(mmap(stream.fileno(), 0, access=ACCESS_READ), index)


def joined(parts: Sequence[Rows]) -> Rows:
    return Rows(b"".join(p.content for p in parts), np.concatenate([NONE.index, *(p.index for p in parts)]))


def mark(id_: str) -> int:
    """64 bits of an id; of one that is a hash its first digits, so that marks are in the order of such ids."""
    if len(id_) == _DIGITS:
        try:
            return int(id_[:16], 16)
        except ValueError:
            pass
    return int.from_bytes(blake2b(id_.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")


def subject_mark(section: int, id_: str) -> int:
    """A mark of which the last bits tell the section."""
    return mark(id_) >> _SECTION_BITS << _SECTION_BITS | section


class Sheets:
    """Rows on their way to partitions; `count` of these is a power of two."""

    def __init__(self, count: int) -> None:
        self.count = count
        self._content: list[list[bytes]] = [[] for _ in range(count)]
        self._index: list[list[tuple[int, int, int]]] = [[] for _ in range(count)]
        self._shift = 64 - (count - 1).bit_length()

    def add(self, section: int, subject: str, document: str, content: object) -> None:
        row = _ENCODER.encode((section, subject, document, content))
        marked = subject_mark(section, subject)
        place = marked >> self._shift
        self._content[place].append(row)
        self._index[place].append((marked, mark(document) if document else 0, len(row)))

    def write(self, path: Path) -> list[tuple[int, int]]:
        """One file with the rows of each partition behind those of the one before; bytes and rows of each."""
        sizes = []
        with path.with_suffix(".rows").open("wb") as rows, path.with_suffix(".index").open("wb") as index:
            for content, entries in zip(self._content, self._index, strict=True):
                sizes.append((rows.write(b"".join(content)), len(entries)))
                index.write(np.array(entries, _INDEX).tobytes())
        return sizes


def read_part(path: Path, sizes: Sequence[tuple[int, int]], part: int) -> Rows:
    """The rows of one partition in a file that `Sheets.write` wrote."""
    start, before = (sum(s[i] for s in sizes[:part]) for i in (0, 1))
    size, count = sizes[part]
    with path.with_suffix(".rows").open("rb") as rows, path.with_suffix(".index").open("rb") as index:
        rows.seek(start)
        index.seek(before * _INDEX.itemsize)
        return Rows(rows.read(size), np.frombuffer(index.read(count * _INDEX.itemsize), _INDEX))


_ENCODER = msgspec.msgpack.Encoder()
_decode = msgspec.msgpack.Decoder(Row).decode

"""One assembly: from the keys of extractions to rows, tables and the blocks of the graph's file that changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from heapq import merge
from itertools import islice
from pathlib import Path
from typing import TypeVar

import msgspec
import numpy as np

from kg.assembly.census import change
from kg.model import Entity, Problem
from kg.partitions import jobs, rows, tables
from kg.partitions.contents import add_entity
from kg.partitions.jobs import Batch, Block
from kg.partitions.rows import DOCUMENT, HASHED, PROBLEM, REFERENCE, Rows, Sheets, mark, subject_mark
from kg.partitions.tables import Tables
from kg.rdf import Extent, local
from kg.shelf import Shelf

Scheduler = Callable[[str, Sequence[bytes]], Iterator[bytes]]
"""Has jobs of a name done, wherever it likes; the answers come in the order of the jobs."""
TABLES = "tables"
T = TypeVar("T")
_BATCH = 400
"""Documents that one job reads."""
_LOT = 20_000
"""Entities that are turned into rows at a time."""


def partitions_for(documents: int) -> int:
    """A power of two: about 500 to 1,000 documents each. It depends on the documents alone, never on the workers."""
    return 1 << (documents // 1000).bit_length()


@dataclass(frozen=True, slots=True)
class Place:
    """Where an assembly finds and puts what. `old` is the state that stands, None where all is made anew."""

    shelf: Shelf
    old: Path | None
    new: Path
    work: Path


@dataclass(slots=True)
class Assembled:
    """`blocks` counts subjects that changed; `Changes` reads them. `copies` is the file that `jobs.copies_at` reads."""

    partitions: int
    counts: dict[str, int]
    extent: Extent
    blocks: int
    problems: tuple[Problem, ...]
    tables: Tables
    copies: str


@dataclass(frozen=True, slots=True)
class Changes:
    """The subjects that an assembly changed, in the order of the graph's file. Can be gone through again."""

    folder: Path
    partitions: int

    def __iter__(self) -> Iterator[Block]:
        for section in range(DOCUMENT + 1):
            parts = [jobs.blocks(part_path(self.folder, part), section) for part in range(self.partitions)]
            if section in HASHED:
                for part in parts:
                    yield from part
            else:
                yield from merge(*parts, key=lambda b: b.subject)

    def forget(self) -> None:
        """Deletes them, when they are written."""
        for path in self.folder.glob("*.blocks-*"):
            path.unlink()


def assemble(documents: Mapping[str, str], place: Place, schedule: Scheduler) -> Assembled:
    """`documents` are the keys of extractions by the documents' ids. `place.old` must be of as many partitions.

    Raises `GraphError` where an extraction, also one of a document that goes, is missing or damaged.
    """
    return _Assembly(dict(documents), place, schedule).run()


def part_path(folder: Path, part: int) -> Path:
    """Without suffix: rows, index and blocks of a partition have each their own."""
    return folder / f"part-{part:05}"


@dataclass(slots=True)
class _Assembly:
    documents: dict[str, str]
    place: Place
    schedule: Scheduler
    partitions: int = 1
    tables: Tables = field(default_factory=Tables)

    def run(self) -> Assembled:
        for folder in (self.place.new, self.place.work):
            folder.mkdir(parents=True, exist_ok=True)
        self.partitions = partitions_for(len(self.documents))
        if self.place.old is not None:
            self.tables = tables.read(self.place.old / TABLES)
        before = self.tables.documents
        self.tables.documents = self.documents
        gone = {i: k for i, k in before.items() if self.documents.get(i) != k}
        new = {i: k for i, k in self.documents.items() if before.get(i) != k}
        self._summarize(gone, -1)
        self._summarize(new, 1)
        changed, moved = self.tables.resolve(lambda ids: self._places(ids, gone, new))
        again = {i: self.documents[i] for i in self._dependents(moved) - gone.keys() - new.keys()}
        sources = [*self._spread({**new, **again}), *self._entities(changed)]
        self._gather(sources, {**gone, **again}, changed)
        copies = self._copies()
        blocks = self._reduce(copies)
        self.tables.write(self.place.new / TABLES)
        return self._assembled(blocks, copies)

    def _do(self, name: str, given: Sequence[msgspec.Struct]) -> Iterator[bytes]:
        return self.schedule(name, [msgspec.msgpack.encode(job) for job in given])

    def _batches(self, documents: Mapping[str, str]) -> list[Batch]:
        shelf, left = self.place.shelf, iter(sorted(documents.items()))
        made = []
        while batch := tuple(islice(left, _BATCH)):
            made.append(Batch(str(shelf.settled.resolve()), str(shelf.fresh.resolve()), batch))
        return made

    def _summarize(self, documents: Mapping[str, str], sign: int) -> None:
        batches = self._batches(documents)
        given = [jobs.Summarize(b, str(self._described(n)) if sign > 0 else "") for n, b in enumerate(batches)]
        for answer in self._do("summarize", given):
            share = msgspec.msgpack.decode(answer, type=tables.Share)
            change(self.tables.census.versions, ((v, sign * n) for v, n in share.versions))
            change(self.tables.census.colleagues, ((v, sign * n) for v, n in share.colleagues))
            change(self.tables.dates, ((d, sign * n) for d, n in share.dates.items()))
            self.tables.counts["articles"] += sign * share.articles
            _take(self.tables.census.writers, share.writers, sign)
            _take(self.tables.texts, share.texts, sign)
            _take(self.tables.sketches, share.sketches, sign)

    def _described(self, number: int) -> Path:
        return self.place.work.resolve() / f"described-{number}"

    def _places(self, ids: set[str], gone: Mapping[str, str], new: Mapping[str, str]) -> dict[str, set[str]]:
        """Which documents describe these entities."""
        found: dict[str, set[str]] = {id_: set() for id_ in ids}
        for number in range(len(self._batches(new))):
            content = self._described(number).read_bytes()
            for document, described in msgspec.msgpack.decode(content, type=list[tuple[str, list[str]]]):
                for id_ in ids.intersection(described):
                    found[id_].add(document)
        for row in self._standing(REFERENCE, ids):
            if row.document not in gone and msgspec.msgpack.decode(row.content):
                found[row.subject].add(row.document)
        return found

    def _dependents(self, ids: set[str]) -> set[str]:
        """Documents that stand and depend on one of these entities."""
        return {row.document for row in self._standing(REFERENCE, ids)}

    def _standing(self, section: int, ids: set[str]) -> Iterator[rows.Row]:
        """Rows of the state that stands, of these subjects."""
        if self.place.old is None or not ids:
            return
        wanted = np.fromiter((subject_mark(section, i) for i in ids), np.uint64)
        for part in range(self.partitions):
            held = rows.read(part_path(self.place.old, part))
            yield from (row for row in held.where(np.isin(held.subjects, wanted)) if row.subject in ids)

    def _spread(self, documents: Mapping[str, str]) -> list[tuple[str, jobs.Sizes]]:
        resolution = self.tables.resolution
        path = self._file("resolution", (resolution.became, resolution.classes))
        targets = [self.place.work.resolve() / f"spread-{n}" for n in range(-(-len(documents) // _BATCH))]
        batches = zip(self._batches(documents), targets, strict=True)
        given = [jobs.Spread(batch, path, self.partitions, str(target)) for batch, target in batches]
        sizes = (msgspec.msgpack.decode(a, type=jobs.Sizes) for a in self._do("spread", given))
        return [(str(target), size) for target, size in zip(targets, sizes, strict=True)]

    def _entities(self, changed: Mapping[str, Entity | None]) -> Iterator[tuple[str, jobs.Sizes]]:
        left, number = (e for e in changed.values() if e is not None), 0
        while lot := list(islice(left, _LOT)):
            sheets = Sheets(self.partitions)
            for entity in lot:
                add_entity(sheets, entity)
            target = self.place.work.resolve() / f"entities-{number}"
            yield str(target), sheets.write(target)
            number += 1

    def _gather(
        self, sources: Sequence[tuple[str, jobs.Sizes]], gone: Mapping[str, str], entities: Iterable[str]
    ) -> None:
        leaving = jobs.Gone(
            _packed(mark(i) for i in gone), _packed(subject_mark(rows.ENTITY, local(i)) for i in entities)
        )
        path = self._file("gone", leaving)
        given = [
            jobs.Gather(part, self._old(part), str(part_path(self.place.new, part)), tuple(sources), path)
            for part in range(self.partitions)
        ]
        for _ in self._do("gather", given):
            pass
        for source, _ in sources:
            for suffix in (".rows", ".index"):
                Path(source).with_suffix(suffix).unlink()

    def _old(self, part: int) -> str:
        return str(part_path(self.place.old, part)) if self.place.old is not None else ""

    def _copies(self) -> str:
        """Finds copies anew; what was and what is, for the jobs that follow."""
        before = self.tables.copies
        other = self.tables.find_copies()
        change_ = jobs.CopyChange([*before.items()], [*self.tables.copies.items()], _packed(mark(i) for i in other))
        return self._file("copies", change_)

    def _reduce(self, copies: str) -> int:
        blocks = 0
        given = [
            jobs.Reduce(self._old(part), str(part_path(self.place.new, part)), copies)
            for part in range(self.partitions)
        ]
        for answer in self._do("reduce", given):
            made = msgspec.msgpack.decode(answer, type=jobs.Reduced)
            change(self.tables.counts, made.counts.items())
            blocks += made.blocks
        return blocks

    def _assembled(self, blocks: int, copies: str) -> Assembled:
        counts, dates = dict(self.tables.counts), sorted(self.tables.dates)
        span = (dates[0], dates[-1]) if dates else ()
        extent = Extent(len(self.tables.known), len(self.documents), counts.get("triples", 0), span)
        return Assembled(self.partitions, counts, extent, blocks, tuple(self._problems()), self.tables, copies)

    def _problems(self) -> Iterator[Problem]:
        decode = msgspec.msgpack.Decoder(Problem).decode
        for part in range(self.partitions):
            held: Rows = rows.read(part_path(self.place.new, part))
            yield from (decode(row.content) for row in held.where(held.sections == PROBLEM))

    def _file(self, name: str, content: object) -> str:
        """A file for jobs, named by its content: jobs remember such files."""
        data = msgspec.msgpack.encode(content)
        path = self.place.work.resolve() / f"{name}-{blake2b(data, digest_size=8).hexdigest()}"
        path.write_bytes(data)
        return str(path.resolve())


def _take(held: dict[str, T], own: Mapping[str, T], sign: int) -> None:
    if sign > 0:
        held.update(own)
    else:
        for id_ in own:
            del held[id_]


def _packed(found: Iterable[int]) -> bytes:
    return np.fromiter(found, "<u8").tobytes()

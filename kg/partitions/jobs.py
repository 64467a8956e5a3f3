"""The jobs of assembly: functions of bytes to bytes over files, the same here and on any machine that shares them.

`summarize` documents; `spread` their rows over partitions; `gather` a partition's rows, those that stood and those
that are new; `reduce` a partition to the blocks of the graph's file that changed.
Doing a job twice is as doing it once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

import msgspec
import numpy as np
from numpy.typing import NDArray

from kg.assembly.copies import ArticleKey, Copies
from kg.assembly.facts import Resolution, facts
from kg.assembly.summary import summarize as summary_of
from kg.model import Extraction
from kg.partitions import contents, rows, subjects
from kg.partitions.rows import ARTICLE, DOCUMENT, ENTITY, FACTS, OBSERVATION, Marks, Rows, Sheets
from kg.partitions.tables import Share, share
from kg.shelf import Shelf

Sizes = list[tuple[int, int]]
T = TypeVar("T")


class Batch(msgspec.Struct, frozen=True):
    """Some documents by id, with the keys of their extractions, and where these are."""

    settled: str
    fresh: str
    documents: tuple[tuple[str, str], ...]

    def read(self) -> Iterator[Extraction]:
        shelf = Shelf(Path(self.settled), Path(self.fresh))
        return (shelf.get(key) for _, key in self.documents)


class Summarize(msgspec.Struct, frozen=True):
    """`described` takes the ids of the entities that each document describes; nothing is written where it is empty."""

    batch: Batch
    described: str = ""


class Spread(msgspec.Struct, frozen=True):
    batch: Batch
    resolution: str
    partitions: int
    target: str


class Gather(msgspec.Struct, frozen=True):
    """`sources` are files of `Sheets` with the sizes of their parts; `gone` holds documents' and entities' marks."""

    part: int
    old: str
    new: str
    sources: tuple[tuple[str, Sizes], ...]
    gone: str


class Reduce(msgspec.Struct, frozen=True):
    """`copies` holds what was a copy, what is one, and the marks of documents where that changed."""

    old: str
    new: str
    copies: str


class Reduced(msgspec.Struct, frozen=True):
    """What a partition adds to the counts of the graph."""

    counts: dict[str, int]
    blocks: int


class Block(msgspec.Struct, array_like=True, frozen=True):
    """A subject that changed: its Turtle, empty where it is gone."""

    section: int
    subject: str
    text: str


class Gone(msgspec.Struct, frozen=True):
    documents: bytes
    entities: bytes


class CopyChange(msgspec.Struct, frozen=True):
    before: list[tuple[ArticleKey, ArticleKey]]
    after: list[tuple[ArticleKey, ArticleKey]]
    documents: bytes


def summarize(job: Summarize) -> Share:
    found = [(e, summary_of(e)) for e in job.batch.read()]
    if job.described:
        described = [(s.document, [e.id for e in s.entities]) for _, s in found]
        Path(job.described).write_bytes(msgspec.msgpack.encode(described))
    return share(found)


def spread(job: Spread) -> Sizes:
    resolution = _resolution(job.resolution)
    sheets = Sheets(job.partitions)
    for extraction in job.batch.read():
        summary = summary_of(extraction)
        contents.add_document(sheets, extraction, summary, facts(extraction, summary, resolution))
    return sheets.write(Path(job.target))


def gather(job: Gather) -> None:
    """Beside the rows stand the marks of the subjects that changed."""
    new = rows.joined([rows.read_part(Path(path), sizes, job.part) for path, sizes in job.sources])
    old = rows.read(Path(job.old)) if job.old else rows.NONE
    gone = _file(job.gone, Gone)
    leaving = np.isin(old.documents, _marks(gone.documents))
    leaving |= (old.sections == ENTITY) & (old.documents == 0) & np.isin(old.subjects, _marks(gone.entities))
    whole = rows.joined([old.kept(~leaving), new])
    whole.write(Path(job.new))
    touched = np.unique(np.concatenate([old.subjects[leaving], new.subjects]))
    Path(job.new).with_suffix(".touched").write_bytes(touched.tobytes())


def reduce(job: Reduce) -> Reduced:
    old, new = (rows.read(Path(p)) if p else rows.NONE for p in (job.old, job.new))
    path = Path(job.new).with_suffix(".touched")
    copies = _file(job.copies, CopyChange)
    told_of = np.isin(new.documents, _marks(copies.documents)) & np.isin(new.sections, (*FACTS, ARTICLE))
    touched = np.union1d(np.frombuffer(path.read_bytes(), "<u8"), new.subjects[told_of])
    before, after = (subjects.by_subject(side.where(_shown(side, touched))) for side in (old, new))
    counts, blocks = Counter[str](), 0
    formerly, now = copies_at(job.copies)
    with ExitStack() as stack:
        streams = [stack.enter_context(_blocks(path, section).open("wb")) for section in range(DOCUMENT + 1)]
        for subject in sorted(before.keys() | after.keys()):
            stood, stands = (
                subjects.triples(subject, side[subject], known) if subject in side else []
                for side, known in ((before, formerly), (after, now))
            )
            counts["triples"] += len(stands) - len(stood)
            for side, by in ((before, -1), (after, 1)):
                if subject in side and subject[0] in FACTS:
                    counts[_kind(side[subject][0])] += by
            if stood != stands:
                blocks += 1
                data = msgspec.msgpack.encode(Block(*subject, subjects.block(stands) if stands else ""))
                streams[subject[0]].write(len(data).to_bytes(4, "big") + data)
    path.unlink()
    return Reduced(dict(counts), blocks)


def blocks(path: Path, section: int) -> Iterator[Block]:
    """The blocks of a section that `reduce` left beside the rows at `path`, in order."""
    decode = msgspec.msgpack.Decoder(Block).decode
    with _blocks(path, section).open("rb") as stream:
        while head := stream.read(4):
            yield decode(stream.read(int.from_bytes(head, "big")))


def _blocks(path: Path, section: int) -> Path:
    return path.with_suffix(f".blocks-{section}")


def _shown(side: Rows, touched: Marks) -> NDArray[np.bool_]:
    """Rows of touched subjects that stand in the graph's file."""
    return np.isin(side.subjects, touched) & (side.sections <= DOCUMENT)


def _kind(row: rows.Row) -> str:
    """Under what a claim or figure is counted."""
    if row.section == OBSERVATION:
        return "observations"
    return f"claim:{contents.as_claim(row.content).predicate}"


def _marks(data: bytes) -> Marks:
    return np.frombuffer(data, "<u8")


@lru_cache(maxsize=2)
def _resolution(path: str) -> Resolution:
    became, classes = msgspec.msgpack.decode(Path(path).read_bytes(), type=tuple[dict[str, str], dict[str, str]])
    return Resolution(became, classes)


@lru_cache(maxsize=2)
def copies_at(path: str) -> tuple[Copies, Copies]:
    """What was a copy and what is one, by an encoded `CopyChange`."""
    change = _file(path, CopyChange)
    return dict(change.before), dict(change.after)


@lru_cache(maxsize=4)
def _file(path: str, kind: type[T]) -> T:
    return msgspec.msgpack.decode(Path(path).read_bytes(), type=kind)


def _job(work: Callable[..., object], kind: type[msgspec.Struct]) -> Callable[[bytes], bytes]:
    decoder = msgspec.msgpack.Decoder(kind)
    return lambda job: msgspec.msgpack.encode(work(decoder.decode(job)))


JOBS: dict[str, Callable[[bytes], bytes]] = {
    "summarize": _job(summarize, Summarize),
    "spread": _job(spread, Spread),
    "gather": _job(gather, Gather),
    "reduce": _job(reduce, Reduce),
}


def do(name: str, job: bytes) -> bytes:
    """Does an encoded job of that name; the answer is encoded too."""
    return JOBS[name](job)


def here(name: str, jobs: Sequence[bytes]) -> Iterator[bytes]:
    """The simplest scheduler: one job after the other, in this process."""
    return (do(name, job) for job in jobs)

"""The graph as partitions of sorted N-Triples and Parquet: for stores and engines that take many files at once."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import msgspec

from kg import rdf
from kg.building.manifest import sha256
from kg.errors import GraphError
from kg.partitions import jobs, rows, subjects
from kg.partitions.rows import DOCUMENT
from kg.rdf import Extent, Triple

FOLDER, MANIFEST = "partitions", "manifest.json"
_DATASET = "dataset"
_COLUMNS = ("subject", "predicate", "object")


class Part(msgspec.Struct, frozen=True):
    """One partition: its rows, without suffix, and the files to write, without suffix too; `copies` as `Assembled`."""

    rows: str
    copies: str
    base: str
    target: str


class Written(msgspec.Struct, array_like=True, frozen=True):
    """A file that was written, its SHA-256, and how many triples it holds."""

    name: str
    sha256: str
    triples: int


def write(job: Part) -> list[Written]:
    """Raises `GraphError` where pyarrow is missing."""
    held = rows.read(Path(job.rows))
    _, copies = jobs.copies_at(job.copies)
    grouped = subjects.by_subject(held.where(held.sections <= DOCUMENT))
    return _write([t for s, own in grouped.items() for t in subjects.triples(s, own, copies)], job.base, job.target)


def finish(folder: Path, parts: Sequence[Written], extent: Extent, base: str) -> None:
    """Adds the triples that describe the data set, and the manifest."""
    files = [*parts, *_write(rdf.described(extent, base), base, str(folder / _DATASET))]
    listed = [{"name": w.name, "sha256": w.sha256, "triples": w.triples} for w in sorted(files, key=lambda w: w.name)]
    whole = {"base": base, "triples": sum(w.triples for w in files if w.name.endswith(".nt")), "files": listed}
    (folder / MANIFEST).write_text(json.dumps(whole, indent=1) + "\n", encoding="utf-8")


def _write(found: Sequence[Triple], base: str, target: str) -> list[Written]:
    try:
        import pyarrow as pa  # type: ignore[import-untyped]
        import pyarrow.parquet as pq  # type: ignore[import-untyped]
    except ImportError as error:
        raise GraphError("partitions need pyarrow: pip install 'jinluo[parquet]'") from error
    lines = rdf.ntriples(found, base=base)
    triples, table = Path(target + ".nt"), Path(target + ".parquet")
    with triples.open("w", encoding="utf-8", newline="\n") as stream:
        stream.writelines(lines)
    cells = zip(*(line[:-3].split(" ", 2) for line in lines), strict=True)
    columns = dict(zip(_COLUMNS, cells, strict=False)) or dict.fromkeys(_COLUMNS, ())
    pq.write_table(pa.table({name: pa.array(column, pa.string()) for name, column in columns.items()}), table)
    return [Written(path.name, sha256(path), len(lines)) for path in (triples, table)]

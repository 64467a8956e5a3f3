"""The Oxigraph store: written once for a graph, opened read-only to be asked.

A store that is open must not be carried into a forked process: start workers with spawn or forkserver.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from itertools import islice
from pathlib import Path
from shutil import copyfile, rmtree
from typing import TYPE_CHECKING

from kg import resources
from kg.errors import GraphError

if TYPE_CHECKING:
    import pyoxigraph as ox

FOLDER = "store"
_BATCH = 500_000
"""Lines that are in memory at a time."""
_PART = 4_000_000
"""Bytes of Turtle that are loaded at a time."""
_SUBJECTS = 5_000
"""Subjects that are changed at a time."""
_TABLE = ".sst"
_NAMED = ("CURRENT", "MANIFEST")
VOCABULARY = ("classes.ttl", "relations.ttl", "claims.ttl")


def memory(lines: Iterable[str]) -> ox.Store:
    """A store in memory of N-Triples `lines`, with the vocabulary beside them."""
    import pyoxigraph as ox

    return _fill(ox.Store(), lines)


def write(lines: Iterable[str], folder: Path) -> None:
    """A store on disk at `folder`: made beside it, then put in its place whole.

    Raises `GraphError` where it cannot be written; what stood there before then stays.
    """
    import pyoxigraph as ox

    new, old = folder.with_name(folder.name + ".new"), folder.with_name(folder.name + ".old")
    try:
        for left in (new, old):
            rmtree(left, ignore_errors=True)
        new.parent.mkdir(parents=True, exist_ok=True)
        store = _fill(ox.Store(str(new)), lines)
        store.flush()
        del store
        if folder.exists():
            os.rename(folder, old)
        os.rename(new, folder)
        rmtree(old, ignore_errors=True)
    except OSError as error:
        rmtree(new, ignore_errors=True)
        raise _unwritten(folder, error) from error


def from_turtle(turtle: Path, folder: Path) -> None:
    """A store on disk, made new at `folder` of the graph's file. Raises `GraphError` where it cannot be written."""
    import pyoxigraph as ox

    try:
        store = _vocabulary(ox.Store(str(folder)))
        for part in _parts(turtle):
            store.bulk_load(part, format=ox.RdfFormat.TURTLE)
        store.flush()
    except OSError as error:
        raise _unwritten(folder, error) from error


def _parts(turtle: Path) -> Iterator[bytes]:
    """A file of blocks between blank lines in parts, each with the declarations, which are the first block."""
    with turtle.open("rb") as stream:
        declarations, end, left = stream.read(_PART).partition(b"\n\n")
        while data := stream.read(_PART):
            whole, cut, left = (left + data).rpartition(b"\n\n")
            if cut:
                yield declarations + end + whole + cut
        yield declarations + end + left


def change(old: Path, folder: Path, changes: Iterable[tuple[str, bytes]], declarations: str) -> None:
    """The store at `old` with other triples for some subjects, made new at `folder`; `old` stays as it is.

    Each change is a subject's IRI and what is said of it now, as Turtle. Raises `GraphError`.
    """
    import pyoxigraph as ox

    try:
        folder.mkdir()
        for path in old.iterdir():
            _share(path, folder / path.name)
        store = ox.Store(str(folder))
        left = iter(changes)
        while batch := list(islice(left, _SUBJECTS)):
            _replace(store, dict(batch), declarations)
        store.flush()
    except OSError as error:
        raise _unwritten(folder, error) from error


def _replace(store: ox.Store, batch: Mapping[str, bytes], declarations: str) -> None:
    import pyoxigraph as ox

    text = declarations.encode() + b"\n" + b"\n".join(batch.values())
    wanted = {quad.triple for quad in ox.parse(text, format=ox.RdfFormat.TURTLE)}
    standing = {q.triple: q for iri in batch for q in store.quads_for_pattern(ox.NamedNode(iri), None, None)}
    for triple, quad in standing.items():
        if triple not in wanted:
            store.remove(quad)
    store.extend(ox.Quad(t.subject, t.predicate, t.object) for t in wanted - standing.keys())


def files(folder: Path) -> list[Path]:
    """The files that hold the store's content."""
    return sorted(f for f in folder.iterdir() if f.suffix in (_TABLE, ".log") or f.name.startswith(_NAMED))


def _share(path: Path, target: Path) -> None:
    """A table never changes once it is written, so two stores may share it; all else is copied."""
    if path.suffix == _TABLE:
        with suppress(OSError):
            os.link(path, target)
            return
    copyfile(path, target)


def _unwritten(folder: Path, error: OSError) -> GraphError:
    return GraphError(f"{folder}: the store cannot be written ({error}); free some space or choose another folder")


def open_store(output: Path) -> ox.Store:
    """The store of an output folder, read-only. Raises `GraphError` where there is none or it is damaged."""
    import pyoxigraph as ox

    folder = output / FOLDER
    if not folder.is_dir():
        raise GraphError(f"{output}: holds no graph (no folder {FOLDER}); make one with: kg build PATH -o {output}")
    try:
        return ox.Store.read_only(str(folder))
    except OSError as error:
        raise GraphError(f"{folder}: the store cannot be opened ({error}); build the graph again") from error


def _fill(store: ox.Store, lines: Iterable[str]) -> ox.Store:
    import pyoxigraph as ox

    left = iter(lines)
    while batch := "".join(islice(left, _BATCH)):
        store.bulk_load(batch.encode(), format=ox.RdfFormat.N_TRIPLES)
    return _vocabulary(store)


def _vocabulary(store: ox.Store) -> ox.Store:
    import pyoxigraph as ox

    for name in VOCABULARY:
        store.bulk_load(path=str(resources.ontology() / name), format=ox.RdfFormat.TURTLE)
    return store

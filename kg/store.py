"""The Oxigraph store: written once for a graph, opened read-only to be asked.

A store that is open must not be carried into a forked process: start workers with spawn or forkserver.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from shutil import rmtree
from typing import TYPE_CHECKING

from kg import resources
from kg.errors import GraphError

if TYPE_CHECKING:
    import pyoxigraph as ox

FOLDER = "store"
_BATCH = 500_000
"""Lines that are in memory at a time."""
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
        raise GraphError(
            f"{folder}: the store cannot be written ({error}); free some space or choose another folder"
        ) from error


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

    for name in VOCABULARY:
        store.bulk_load(path=str(resources.ontology() / name), format=ox.RdfFormat.TURTLE)
    left = iter(lines)
    while batch := "".join(islice(left, _BATCH)):
        store.bulk_load(batch.encode(), format=ox.RdfFormat.N_TRIPLES)
    return store

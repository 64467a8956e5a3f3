"""The graph's file and the store, of what an assembly changed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec

from kg import rdf, store
from kg.partitions import turtle
from kg.partitions.assemble import Changes
from kg.rdf import Extent

TURTLE = "graph.ttl"
_MANY = 40
"""Where more subjects changed than one for so many triples, a store is made anew: that is faster."""


class Publish(msgspec.Struct, frozen=True):
    """`turtle` and `store` are those that stand, empty where there are none; the new ones are put into `target`."""

    folder: str
    partitions: int
    blocks: int
    extent: Extent
    base: str
    turtle: str
    store: str
    target: str


def publish(job: Publish) -> None:
    target, changes = Path(job.target), Changes(Path(job.folder), job.partitions)
    file, folder = target / TURTLE, target / store.FOLDER
    with file.open("wb") as stream:
        turtle.write(stream, changes, old=Path(job.turtle) if job.turtle else None, extent=job.extent, base=job.base)
    if job.store and job.blocks * _MANY < job.extent.triples:
        store.change(Path(job.store), folder, _changed(job, changes), "".join(rdf.declarations(job.base)))
    else:
        store.from_turtle(file, folder)


def _changed(job: Publish, changes: Changes) -> Iterator[tuple[str, bytes]]:
    yield job.base, turtle.description(job.extent, job.base)
    spaces = list(rdf.NODES.values())
    for change in changes:
        yield f"{job.base}{spaces[change.section]}{change.subject}", change.text.encode()

"""The files of a graph: made beside those that stand, then put in their places together.

`.work/outputs` takes them while they are made. When all are whole and on the disk, the file `.work/commit` is
written; from then on the change is done to its end, by a later build if need be (`recover`).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from shutil import copyfileobj, rmtree

from kg import rdf, store
from kg.building import light
from kg.building import manifest as manifests
from kg.building.manifest import Manifest
from kg.building.shelf import Shelf
from kg.errors import GraphError
from kg.graph import EXTRACTIONS, KnowledgeGraph
from kg.model import encode
from kg.rdf import Triple

WORK = ".work"
TURTLE, PAGE, PROBLEMS, TEXTS = "graph.ttl", "graph.html", "problems.jsonl", "texts"


class Outputs:
    """The output folder of one build, which holds its lock."""

    def __init__(self, output: Path) -> None:
        self.output = output
        self.work = output / WORK
        self.new = self.work / "outputs"
        self.marker = self.work / "commit"
        self.shelf = Shelf(output / EXTRACTIONS, self.work / EXTRACTIONS)

    def recover(self) -> None:
        """Ends a change that was cut off after its commit; throws away one that was cut off before."""
        try:
            if self.marker.exists():
                self._put_in_place()
        except OSError as error:
            raise GraphError(f"{self.output}: cannot be written ({error.strerror}); free some space") from error
        rmtree(self.new, ignore_errors=True)

    def write(self, graph: KnowledgeGraph, known: Manifest) -> None:
        """All files of `graph`, in place of those that stood. Raises `GraphError` and leaves what stood."""
        from kg import view

        try:
            rmtree(self.new, ignore_errors=True)
            self.new.mkdir(parents=True)
            self._triples(graph)
            self._texts(graph)
            view.render(view.from_graph(graph), self.new / PAGE)
            (self.new / PROBLEMS).write_bytes(b"".join(encode(p) + b"\n" for p in graph.problems))
            files = tuple((name, manifests.sha256(self.new / name)) for name in (TURTLE, PAGE, PROBLEMS))
            done = Manifest(known.base, known.fingerprint, known.documents, known.failed, files)
            (self.new / manifests.NAME).write_bytes(manifests.render(done))
            _sync(self.new)
            self.marker.write_bytes(b"")
            _sync(self.work)
            self._put_in_place()
        except OSError as error:
            raise GraphError(
                f"{self.output}: cannot be written ({error.strerror or error}); free some space, or choose another; "
                "what was built before is still there"
            ) from error

    def _triples(self, graph: KnowledgeGraph) -> None:
        """Turtle and store in one go over the triples; the description of the data set stands first in the file."""
        rest = self.new / "rest"
        with rest.open("w", encoding="utf-8", newline="\n") as stream:
            first: list[Triple] = []

            def lines() -> Iterator[str]:
                for found in light.triples(graph.parts, graph.base):
                    stream.write("".join(rdf.blocks(first)))
                    first[:] = found
                    yield from rdf.ntriples(found, base=graph.base)

            store.write(lines(), self.new / store.FOLDER)
        with (self.new / TURTLE).open("w", encoding="utf-8", newline="\n") as stream:
            stream.writelines(rdf.declarations(graph.base))
            stream.writelines(rdf.blocks(first))
            with rest.open(encoding="utf-8", newline="\n") as body:
                copyfileobj(body, stream)
        rest.unlink()

    def _put_in_place(self) -> None:
        """Each step may be done twice."""
        planned = manifests.read(self.new) or manifests.read(self.output)
        if planned is None:
            raise GraphError(f"{self.marker}: stands without a manifest; delete {self.work} and build again")
        self.shelf.settle(entry.key for entry in planned.documents)
        self._place_texts(planned)
        for name in (TURTLE, PAGE, PROBLEMS):
            if (self.new / name).exists():
                os.replace(self.new / name, self.output / name)
        if (self.new / store.FOLDER).exists():
            rmtree(self.output / store.FOLDER, ignore_errors=True)
            os.replace(self.new / store.FOLDER, self.output / store.FOLDER)
        if (self.new / manifests.NAME).exists():
            os.replace(self.new / manifests.NAME, self.output / manifests.NAME)
        self.marker.unlink(missing_ok=True)
        rmtree(self.work, ignore_errors=True)
        _sync(self.output)

    def _texts(self, graph: KnowledgeGraph) -> None:
        """`texts/ID.txt`: each document as read, where the offsets of evidences count; only those not there yet."""
        (self.new / TEXTS).mkdir()
        for document in graph.documents:
            content = document.text.encode("utf-8", "surrogatepass")
            name = f"{document.id}.txt"
            try:
                there = (self.output / TEXTS / name).read_bytes()
            except OSError:
                there = b""
            if there != content:
                (self.new / TEXTS / name).write_bytes(content)

    def _place_texts(self, planned: Manifest) -> None:
        folder = self.output / TEXTS
        folder.mkdir(exist_ok=True)
        for path in (self.new / TEXTS).glob("*"):
            os.replace(path, folder / path.name)
        wanted = {f"{entry.id}.txt" for entry in planned.documents}
        for path in folder.iterdir():
            if path.name not in wanted:
                path.unlink(missing_ok=True)


def _sync(folder: Path) -> None:
    """All files of a folder, and the folder, onto the disk."""
    for path in [*folder.rglob("*"), folder]:
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

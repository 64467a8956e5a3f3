"""The files of a graph: made beside those that stand, then put in their places together.

`.work/outputs` takes them while they are made. When all are whole and on the disk, the file `.work/commit` is
written; from then on the change is done to its end, by a later build if need be (`recover`).
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from shutil import rmtree

import msgspec

from kg import store
from kg.building import manifest as manifests
from kg.building import parts, seal, stages
from kg.building.disk import sync
from kg.building.manifest import Manifest
from kg.building.page import Page
from kg.building.publish import TURTLE, Publish
from kg.errors import GraphError
from kg.graph import EXTRACTIONS
from kg.model import Problem, encode
from kg.partitions.assemble import Assembled, Changes, Place, Scheduler, assemble, part_path, partitions_for
from kg.partitions.tables import text_bytes, text_digest
from kg.shelf import Shelf

WORK = ".work"
ASSEMBLY, PAGE, PROBLEMS, TEXTS = "assembly", "graph.html", "problems.jsonl", "texts"
_FEW = 300
"""Documents for which no processes are started: this one is faster."""


@dataclass(frozen=True, slots=True)
class Means:
    """How an output is made: by so many processes here, or by an engine's scheduler; and whether in partitions too."""

    workers: int = 1
    schedule: Scheduler | None = None
    partitions: bool = False


class Outputs:
    """The output folder of one build, which holds its lock."""

    def __init__(self, output: Path) -> None:
        self.output = output
        self.work = output / WORK
        self.new = self.work / "outputs"
        self.marker = self.work / "commit"
        self.shelf = Shelf(output / EXTRACTIONS, self.work / EXTRACTIONS)
        self._goes_on = False
        """Whether the assembly that stands is whole, and of this code, so that it can be changed."""

    def recover(self) -> None:
        """Ends a change that was cut off after its commit; throws away one that was cut off before."""
        try:
            if self.marker.exists():
                self._put_in_place()
        except OSError as error:
            raise self._unwritten(error) from error
        rmtree(self.new, ignore_errors=True)

    def write(self, known: Manifest, told: Sequence[Problem], means: Means) -> Assembled:
        """All files of the graph, in place of those that stood; `told` are problems beside those of its documents.

        Raises `GraphError` and leaves what stood.
        """
        try:
            wanted = seal.code(known.base), partitions_for(len(known.chosen))
            self._goes_on = seal.unbroken(self.output / ASSEMBLY / seal.NAME, self.output, wanted)
            try:
                made = self._make(known, means)
            except GraphError:  # an extraction that is to go may be damaged: all is made anew without it
                if not self._goes_on:
                    raise
                self._goes_on = False
                made = self._make(known, means)
            problems = tuple(sorted({*made.problems, *told}, key=lambda p: (p.document, p.code, p.reason)))
            (self.new / PROBLEMS).write_bytes(b"".join(encode(p) + b"\n" for p in problems))
            self._finish(replace(known, partitions=made.partitions))
            return replace(made, problems=problems)
        except OSError as error:
            raise self._unwritten(error) from error

    def _make(self, known: Manifest, means: Means) -> Assembled:
        for left in (self.new, self.work / "jobs"):
            rmtree(left, ignore_errors=True)
        self.new.mkdir(parents=True)
        documents, base = known.chosen, known.base
        with self._spreading(means.workers if len(documents) > _FEW else 1) as spread:
            schedule = means.schedule or stages.of_one_name(spread)
            old = self.output / ASSEMBLY if self._goes_on else None
            made = assemble(documents, Place(self.shelf, old, self.new / ASSEMBLY, self.work / "jobs"), schedule)
            self._texts(documents, made)
            if means.partitions or (self.output / parts.FOLDER).is_dir():
                self._partitions(made, base, schedule)
            list(spread(self._last_jobs(made, base)))
        Changes(self.new / ASSEMBLY, made.partitions).forget()
        return made

    @contextmanager
    def _spreading(self, workers: int) -> Iterator[stages.Spread]:
        if workers == 1:
            yield stages.here
            return
        with stages.crew_of(workers, self.work) as crew:
            yield partial(stages.spread, crew)

    def _partitions(self, made: Assembled, base: str, schedule: Scheduler) -> None:
        target, rows = self.new / parts.FOLDER, self.new / ASSEMBLY
        target.mkdir()
        names = [part_path(Path(), number).name for number in range(made.partitions)]
        given = [parts.Part(str((rows / n).resolve()), made.copies, base, str((target / n).resolve())) for n in names]
        answers = schedule("part", [msgspec.msgpack.encode(part) for part in given])
        written = [w for answer in answers for w in msgspec.msgpack.decode(answer, type=list[parts.Written])]
        parts.finish(target, written, made.extent, base)

    def _last_jobs(self, made: Assembled, base: str) -> list[tuple[str, bytes]]:
        folder = str((self.new / ASSEMBLY).resolve())
        old = [str((self.output / name).resolve()) if self._goes_on else "" for name in (TURTLE, store.FOLDER)]
        target = self.new.resolve()
        page = Page(folder, made.partitions, base, made.copies, str(target / PAGE))
        publish = Publish(folder, made.partitions, made.blocks, made.extent, base, old[0], old[1], str(target))
        return [("publish", msgspec.msgpack.encode(publish)), ("page", msgspec.msgpack.encode(page))]

    def _texts(self, documents: dict[str, str], made: Assembled) -> None:
        """`texts/ID.txt`: each document as read, where the offsets of evidences count; only those not there yet."""
        (self.new / TEXTS).mkdir()
        for id_, key in documents.items():
            name = f"{id_}.txt"
            try:
                there = (self.output / TEXTS / name).read_bytes()
            except OSError:
                there = b""
            if text_digest(there) != made.tables.texts[id_]:
                (self.new / TEXTS / name).write_bytes(text_bytes(self.shelf.get(key).document.text))

    def _finish(self, known: Manifest) -> None:
        files = tuple((name, manifests.sha256(self.new / name)) for name in (TURTLE, PAGE, PROBLEMS))
        (self.new / manifests.NAME).write_bytes(manifests.render(replace(known, outputs=files)))
        held = [*(self.new / ASSEMBLY).iterdir(), *store.files(self.new / store.FOLDER)]
        sums = seal.sums((str(p.relative_to(self.new)), p) for p in held)
        sealed = seal.Seal(seal.code(known.base), known.partitions, {**sums, TURTLE: dict(files)[TURTLE]})
        seal.write(self.new / ASSEMBLY / seal.NAME, sealed)
        rmtree(self.work / "jobs")
        sync(self.work)
        self.marker.write_bytes(b"")
        sync(self.work, only=self.marker)
        self._put_in_place()

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
        for name in (store.FOLDER, ASSEMBLY, parts.FOLDER):
            if (self.new / name).exists():
                rmtree(self.output / name, ignore_errors=True)
                os.replace(self.new / name, self.output / name)
        if (self.new / manifests.NAME).exists():
            os.replace(self.new / manifests.NAME, self.output / manifests.NAME)
        self.marker.unlink(missing_ok=True)
        rmtree(self.work, ignore_errors=True)
        sync(self.output, only=self.output)

    def _place_texts(self, planned: Manifest) -> None:
        folder = self.output / TEXTS
        folder.mkdir(exist_ok=True)
        for path in (self.new / TEXTS).glob("*"):
            os.replace(path, folder / path.name)
        wanted = {f"{entry.id}.txt" for entry in planned.documents}
        for name in os.listdir(folder):
            if name not in wanted:
                (folder / name).unlink(missing_ok=True)

    def _unwritten(self, error: OSError) -> GraphError:
        return GraphError(
            f"{self.output}: cannot be written ({error.strerror or error}); free some space, or choose another; "
            "what was built before is still there"
        )

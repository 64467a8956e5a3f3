"""Many documents to one graph: `build` for Python, `run` for output folders."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from kg import graph as graphs
from kg import resources
from kg.building import manifest as manifests
from kg.building.crew import Crew
from kg.building.fingerprint import fingerprint
from kg.building.lock import locked
from kg.building.manifest import Entry, Manifest
from kg.building.messages import Done, Extract, Failed, Found, Read
from kg.building.outputs import Outputs
from kg.building.progress import Listener, State, silent
from kg.building.shelf import Shelf, key_of
from kg.building.sources import find
from kg.errors import DataError, GraphError, KgError, ReadError
from kg.graph import KnowledgeGraph
from kg.model import Extraction, Problem, encode
from kg.pipeline import extract
from kg.read import STDIN, read
from kg.settings import Settings

__all__ = ["Outcome", "State", "build", "default_settings", "run"]

OVERRIDES = "overrides.toml"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a build came to. `graph` is None where nothing could be read, and then what stood before still stands."""

    graph: KnowledgeGraph | None
    problems: tuple[Problem, ...]
    seconds: float
    extracted: int
    kept: int

    @property
    def failed(self) -> tuple[Problem, ...]:
        """What could not be read or extracted at all."""
        return tuple(p for p in self.problems if p.fatal)


def default_settings() -> Settings:
    """All extractors, the learned ones only where their model is installed."""
    learned = (resources.seeds() / "models" / "reader.onnx").is_file()
    return Settings() if learned else Settings(extractors=("patterns",))


def build(
    sources: Iterable[Path | str],
    output: Path | str | None = None,
    *,
    settings: Settings | None = None,
    workers: int | None = None,
) -> KnowledgeGraph:
    """The graph of files and folders; with `output`, written there too, in processes of their own.

    What could not be read is in the graph's `problems`. Raises `ReadError` where nothing could be read at all.
    """
    settings = settings or default_settings()
    if output is not None:
        outcome = run(sources, Path(output), settings=settings, workers=workers)
        if outcome.graph is None:
            raise _nothing(outcome.problems)
        return outcome.graph
    found = find(sources)
    extractions: list[Extraction] = []
    problems = list(found.problems)
    for name in found.files:
        problems += _here(name, settings, extractions)
    if not extractions:
        raise _nothing(tuple(problems))
    return _with_problems(graphs.assemble(extractions, base=settings.base), problems)


def run(
    sources: Iterable[Path | str],
    output: Path,
    *,
    settings: Settings,
    workers: int | None = None,
    listener: Listener = silent,
    keep: bool = False,
    without: Sequence[str] = (),
) -> Outcome:
    """Builds `output` from `sources` and, with `keep`, from the documents it holds, but for those named `without`.

    Raises `GraphError` where the folder cannot be used and `DataError` where a list is wrong; what stood there stays.
    """
    found = find(sources)
    with locked(output):
        outputs = Outputs(output)
        try:
            outputs.recover()
        except OSError as error:
            raise GraphError(f"{output}: cannot be written ({error.strerror}); free some space") from error
        if settings.overrides is None and (output / OVERRIDES).is_file():
            settings = replace(settings, overrides=output / OVERRIDES)
        work = _Work(outputs, settings, listener)
        if keep:
            work.take_over(without)
        work.fail(*found.problems)
        work.process(found.files, workers or os.cpu_count() or 1)
        return work.finish()


class _Work:
    """One run: which documents the graph will hold, and what went wrong."""

    def __init__(self, outputs: Outputs, settings: Settings, listener: Listener) -> None:
        self.outputs, self.settings, self.listener = outputs, settings, listener
        self.shelf: Shelf = outputs.shelf
        self.fingerprint = fingerprint(settings)
        self.entries: set[Entry] = set()
        self._seen: set[Entry] = set()
        self.problems: set[Problem] = set()
        self.state = State()
        self._old: list[Extract] = []
        self._number = 0
        self._entry_of: dict[int, Entry] = {}

    def fail(self, *problems: Problem) -> None:
        self.problems.update(problems)

    def take_over(self, without: Sequence[str]) -> None:
        """The documents of the graph that stands; they are extracted again where the code or the lists changed."""
        known = manifests.read(self.outputs.output)
        if known is None:
            raise GraphError(
                f"{self.outputs.output}: holds no graph; make one with: kg build PATH -o {self.outputs.output}"
            )
        gone = set(without)
        missing = gone - {n for e in known.documents for n in (e.name, e.id)} - {p.document for p in known.failed}
        if missing:
            raise GraphError(
                f"{self.outputs.output}: holds no document {', '.join(sorted(missing))}; kg stats lists them"
            )
        self.fail(*(p for p in known.failed if p.document not in gone))
        for entry in known.documents:
            if entry.name in gone or entry.id in gone:
                continue
            document = encode(self.shelf.get(entry.key).document)
            self._old += self._found(Found(0, entry.name, entry.id, document))

    def process(self, files: Sequence[str], workers: int) -> None:
        """Reads `files` and extracts what is new, in child processes."""
        self.outputs.work.mkdir(exist_ok=True)
        reading = set()
        with Crew(workers, self.settings, self.shelf.fresh) as crew:
            for name in files:
                self._number += 1
                reading.add(self._number)
                crew.submit(Read(self._number, name, self._spool() if name == STDIN else ""))
            for task in self._old:
                crew.submit(task)
            self.listener(self.state)
            for reply in crew.replies():
                if isinstance(reply, Found):
                    for task in self._found(reply):
                        crew.submit(task)
                elif isinstance(reply, Failed):
                    self.fail(reply.problem)
                    self._entry_of.pop(reply.number, None)
                    self.state.failed += 1
                elif isinstance(reply, Done):
                    reading.discard(reply.number)
                    if entry := self._entry_of.pop(reply.number, None):
                        self._add(entry)
                self.state.reading = bool(reading)
                self.listener(self.state)
        (self.outputs.work / "stdin").unlink(missing_ok=True)

    def finish(self) -> Outcome:
        """Assembles and writes."""
        if not self.entries:
            return self._outcome(None)
        self.state.stage = "assemble"
        self.listener(self.state)
        entries = tuple(sorted(self.entries))
        graph = graphs.assemble((self.shelf.get(e.key) for e in entries), base=self.settings.base)
        graph = _with_problems(graph, self.problems)
        self.state.stage = "write"
        self.listener(self.state)
        failed = tuple(sorted(self.problems, key=_order))
        self.outputs.write(graph, graph.problems, Manifest(self.settings.base, self.fingerprint, entries, failed))
        self.state.stage = "done"
        self.listener(self.state)
        return self._outcome(graph)

    def _outcome(self, graph: KnowledgeGraph | None) -> Outcome:
        problems = graph.problems if graph else tuple(sorted(self.problems, key=_order))
        kept = self.state.kept
        return Outcome(graph, problems, self.state.seconds, self.state.done - kept, kept)

    def _found(self, found: Found) -> list[Extract]:
        """The task that the document needs, if its extraction is not there."""
        entry = Entry(found.name, found.id, key_of(found.document, self.fingerprint))
        if entry in self._seen:
            return []
        self._seen.add(entry)
        self.state.found += 1
        if self.shelf.has(entry.key):
            self.state.kept += 1
            self._add(entry)
            return []
        self._number += 1
        self._entry_of[self._number] = entry
        return [Extract(self._number, found.name, entry.key, found.document)]

    def _add(self, entry: Entry) -> None:
        self.entries.add(entry)
        self.state.done += 1

    def _spool(self) -> str:
        """Standard input as a file that a worker can read."""
        path = self.outputs.work / "stdin"
        path.write_bytes(sys.stdin.buffer.read(self.settings.max_bytes + 1))
        return str(path)


def _here(name: str, settings: Settings, extractions: list[Extraction]) -> list[Problem]:
    """Reads and extracts in this process; what came is added to `extractions`, what went wrong is returned."""
    problems: list[Problem] = []
    documents = read(Path(name), settings)
    while True:
        try:
            extractions.append(extract(next(documents), settings))
        except StopIteration:
            return problems
        except ReadError as error:
            problems.append(Problem(error.name, error.code, error.reason, fatal=True))


def _with_problems(graph: KnowledgeGraph, problems: Iterable[Problem]) -> KnowledgeGraph:
    every = sorted({*graph.problems, *problems}, key=_order)
    return KnowledgeGraph(replace(graph.parts, problems=tuple(every)), base=graph.base)


def _order(problem: Problem) -> tuple[str, str, str]:
    return problem.document, problem.code, problem.reason


def _nothing(problems: Sequence[Problem]) -> KgError:
    first = problems[0] if problems else Problem("", "empty", "no file was named")
    return ReadError(first.document, first.code, first.reason) if first.document else DataError(first.reason)

"""The map stage: files to extractions on the shelf, by child processes; here, or on each machine of an engine."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from kg.building.crew import Crew
from kg.building.fingerprint import fingerprint
from kg.building.manifest import Entry
from kg.building.messages import Done, Extract, Failed, Found, Read
from kg.building.progress import Listener, State, silent
from kg.errors import DataError
from kg.model import Problem, decode, encode
from kg.read import STDIN
from kg.settings import Settings
from kg.shelf import Shelf, key_of

_GROUPS_A_WORKER = 8
_WORTH = 16
"""Tasks that take about as long as it takes to load lists and models into one more process."""


@dataclass(frozen=True, slots=True)
class Mapped:
    """What the map stage made of some files."""

    entries: tuple[Entry, ...]
    problems: tuple[Problem, ...]
    kept: int


@dataclass(frozen=True, slots=True)
class Job:
    """Files for a machine of an engine, and what it must know to extract them."""

    files: tuple[str, ...]
    settings: Settings
    fingerprint: str
    settled: str
    fresh: str


def work(job: bytes) -> bytes:
    """Runs an encoded `Job`; the answer is for `Extracting.adopt`. Doing it twice is as doing it once."""
    given = decode(job, Job)
    if fingerprint(given.settings) != given.fingerprint:
        raise DataError("the worker has another version of jinluo, or of its lists, than the driver")
    mapped = Extracting(Shelf(Path(given.settled), Path(given.fresh)), given.settings, given.fingerprint)
    mapped.process(given.files, 1)
    return mapped.result()


class Extracting:
    """Which documents were read and extracted (`entries`), and what went wrong (`problems`)."""

    def __init__(self, shelf: Shelf, settings: Settings, code: str, listener: Listener = silent) -> None:
        self.shelf, self.settings, self.fingerprint, self.listener = shelf, settings, code, listener
        self.entries: set[Entry] = set()
        self.problems: set[Problem] = set()
        self.state = State()
        self._seen: set[Entry] = set()
        self._tasks: list[Extract] = []
        self._entry_of: dict[int, Entry] = {}
        self._number = 0

    def take(self, name: str, id_: str, document: bytes) -> None:
        """An encoded document that need not be read; it is extracted by `process`, if its extraction is not there."""
        entry = Entry(name, id_, key_of(document, self.fingerprint))
        if entry in self._seen:
            return
        self._seen.add(entry)
        self.state.found += 1
        if self.shelf.has(entry.key):
            self.state.kept += 1
            self._add(entry)
            return
        self._number += 1
        self._entry_of[self._number] = entry
        self._tasks.append(Extract(self._number, name, entry.key, document))

    def process(self, files: Iterable[str], workers: int) -> None:
        """Reads `files` and extracts what is new. Raises `GraphError` when no document can be done."""
        reading = set()
        self.shelf.fresh.mkdir(parents=True, exist_ok=True)
        with Crew(workers, self.settings, self.shelf.fresh, worth=_WORTH) as crew:
            for name in files:
                self._number += 1
                reading.add(self._number)
                crew.submit(Read(self._number, name, self._spool() if name == STDIN else ""))
            self._submit(crew)
            self.listener(self.state)
            for reply in crew.replies():
                if isinstance(reply, Found):
                    self.take(reply.name, reply.id, reply.document)
                    self._submit(crew)
                elif isinstance(reply, Failed):
                    self.problems.add(reply.problem)
                    self._entry_of.pop(reply.number, None)
                    self.state.failed += 1
                elif isinstance(reply, Done):
                    reading.discard(reply.number)
                    if entry := self._entry_of.pop(reply.number, None):
                        self._add(entry)
                self.state.reading = bool(reading)
                self.listener(self.state)
        (self.shelf.fresh / "stdin").unlink(missing_ok=True)

    def jobs(self, files: Sequence[str], workers: int) -> list[bytes]:
        """`files` in groups, as jobs for so many machines."""
        size = max(1, -(-len(files) // (workers * _GROUPS_A_WORKER)))
        places = str(self.shelf.settled.resolve()), str(self.shelf.fresh.resolve())
        groups = (tuple(files[at : at + size]) for at in range(0, len(files), size))
        return [encode(Job(group, self.settings, self.fingerprint, *places)) for group in groups]

    def result(self) -> bytes:
        """What was made, encoded, for `adopt` of another process."""
        return encode(Mapped(tuple(sorted(self.entries)), tuple(self.problems), self.state.kept))

    def adopt(self, result: bytes) -> None:
        """Adds what `result` of another process tells."""
        mapped = decode(result, Mapped)
        self.entries.update(mapped.entries)
        self.problems.update(mapped.problems)
        self.state.done += len(mapped.entries)
        self.state.found += len(mapped.entries)
        self.state.kept += mapped.kept
        self.state.failed += len(mapped.problems)
        self.listener(self.state)

    def _submit(self, crew: Crew) -> None:
        for task in self._tasks:
            crew.submit(task)
        self._tasks.clear()

    def _add(self, entry: Entry) -> None:
        self.entries.add(entry)
        self.state.done += 1

    def _spool(self) -> str:
        """Standard input as a file that a worker can read."""
        path: Path = self.shelf.fresh / "stdin"
        path.write_bytes(sys.stdin.buffer.read(self.settings.max_bytes + 1))
        return str(path)

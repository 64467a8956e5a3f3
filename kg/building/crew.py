"""A build's child processes: kept busy, watched, replaced when they die, never more than one document lost with one.

A task whose worker died is tried again in a fresh process; what kills its worker every time is given up with a
code. No answer depends on which worker gave it.
"""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

from kg.building.messages import REPLIES, Done, Failed, Hello, Read, Refused, Reply, Run, Task, pack
from kg.errors import GraphError
from kg.model import Problem
from kg.settings import Settings

_ATTEMPTS = 3
_QUEUE = 64
"""Documents that wait for an extracting worker, for each of them; beyond, readers are not listened to."""
_PATIENCE = 5.0
"""Wall seconds allowed for one second of CPU, on a busy machine."""


@dataclass(eq=False)
class _Child:
    reads: bool
    process: subprocess.Popen[bytes]
    buffer: bytearray = field(default_factory=bytearray)
    task: Task | None = None
    heard: float = 0.0
    listened: bool = True

    @property
    def pipe(self) -> int:
        """Where its answers come."""
        assert self.process.stdout is not None
        return self.process.stdout.fileno()


class Crew:
    """`size` extracting processes and as many reading ones. Use as a context manager: no child outlives it."""

    def __init__(self, size: int, settings: Settings, fresh: Path, *, worth: int = 1) -> None:
        """`worth` is how many documents must wait for each extracting process before one more is started."""
        self.size, self.settings, self._worth = size, settings, worth
        self._hello = Hello(settings, str(fresh))
        self._waiting: dict[bool, deque[Task]] = {True: deque(), False: deque()}
        self._children: list[_Child] = []
        self._attempts: dict[int, int] = {}
        self._selector = selectors.DefaultSelector()
        self._limit = settings.max_cpu_seconds * _PATIENCE + 30
        self._idle_deaths = 0

    def __enter__(self) -> Crew:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for child in self._children:
            child.process.kill()
        for child in self._children:
            self._bury(child)
        self._selector.close()

    def submit(self, task: Task) -> None:
        self._waiting[isinstance(task, Read)].append(task)

    def replies(self) -> Iterator[Reply]:
        """Answers as they come, until all tasks are done; more may be submitted meanwhile. A `Done` ends each task.

        Raises `GraphError` when no document can be done.
        """
        while self._waiting[True] or self._waiting[False] or any(c.task for c in self._children):
            self._assign()
            self._listen()
            for key, _ in self._selector.select(timeout=1.0):
                yield from self._hear(key.data)
            for child in list(self._children):
                if isinstance(child.task, Run | None) or not child.listened:
                    continue
                if time.monotonic() - child.heard > self._limit:
                    child.process.kill()
                    yield from self._lose(child, "time", "takes longer than is allowed: split it or raise the limit")

    def _assign(self) -> None:
        for reads in (False, True):
            waiting = self._waiting[reads]
            while waiting:
                child = next((c for c in self._children if c.reads == reads and c.task is None), None)
                hired = sum(c.reads == reads for c in self._children)
                if child is None and hired < self.size and (reads or len(waiting) >= self._worth * hired):
                    child = self._hire(reads)
                if child is None or (reads and self._full):
                    break
                self._give(child, waiting.popleft())

    @property
    def _full(self) -> bool:
        return len(self._waiting[False]) >= _QUEUE * self.size

    def _hire(self, reads: bool) -> _Child:
        root = str(Path(__file__).resolve().parent.parent.parent)
        paths = [root, *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "kg.building.worker"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(paths), "OMP_NUM_THREADS": "1"},
        )  # fmt: skip
        child = _Child(reads, process)
        self._children.append(child)
        self._selector.register(child.pipe, selectors.EVENT_READ, child)
        self._write(child, pack(self._hello))
        return child

    def _give(self, child: _Child, task: Task) -> None:
        child.task, child.heard = task, time.monotonic()
        self._write(child, pack(task))

    def _write(self, child: _Child, message: bytes) -> None:
        assert child.process.stdin is not None
        with suppress(BrokenPipeError):  # its end is noticed where its answers are read
            child.process.stdin.write(message)
            child.process.stdin.flush()

    def _listen(self) -> None:
        """Readers are heard only while there is room for what they find; the time they wait does not count."""
        for child in self._children:
            wanted = not (child.reads and self._full)
            if wanted == child.listened:
                continue
            if wanted:
                self._selector.register(child.pipe, selectors.EVENT_READ, child)
                child.heard = time.monotonic()
            else:
                self._selector.unregister(child.pipe)
            child.listened = wanted

    def _hear(self, child: _Child) -> Iterator[Reply]:
        data = os.read(child.pipe, 1 << 20)
        if not data:
            yield from self._lose(child, *self._cause(child))
            return
        child.heard = time.monotonic()
        child.buffer += data
        while len(child.buffer) >= 4:
            end = 4 + int.from_bytes(child.buffer[:4], "big")
            if len(child.buffer) < end:
                break
            reply = REPLIES.decode(bytes(child.buffer[4:end]))
            del child.buffer[:end]
            if isinstance(reply, Refused):
                raise GraphError(reply.reason)
            if isinstance(reply, Done):
                child.task = None
                self._attempts.pop(reply.number, None)
            yield reply

    def _cause(self, child: _Child) -> tuple[str, str]:
        code = child.process.wait()
        if code == -signal.SIGXCPU:
            limit = f"{self.settings.max_cpu_seconds:g} s"
            return "time", f"needs more than {limit} of computing: split it or raise the limit"
        return "crash", f"ended its process ({signal.Signals(-code).name if code < 0 else f'status {code}'}) every time"

    def _lose(self, child: _Child, code: str, reason: str) -> Iterator[Reply]:
        """A worker is gone: its task goes back into the queue, or is given up."""
        self._children.remove(child)
        if child.listened:
            self._selector.unregister(child.pipe)
        self._bury(child)
        task = child.task
        if task is None:
            self._idle_deaths += 1
            if self._idle_deaths > _ATTEMPTS * self.size:
                raise GraphError(f"the worker processes cannot be started: {sys.executable} -m kg.building.worker")
            return
        attempts = self._attempts[task.number] = self._attempts.get(task.number, 0) + 1
        if code == "crash" and attempts < _ATTEMPTS:
            self._waiting[isinstance(task, Read)].append(task)
            return
        yield Failed(task.number, Problem(task.name, code, reason, fatal=True))
        yield Done(task.number)

    @staticmethod
    def _bury(child: _Child) -> None:
        for pipe in (child.process.stdin, child.process.stdout):
            if pipe is not None:
                with suppress(OSError):  # unsent bytes of a task that nobody will do
                    pipe.close()
        child.process.wait()

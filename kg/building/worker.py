"""A child process of a build: reads files, extracts documents, one task after the other, within limits.

Run as `python -m kg.building.worker`. Tasks come on standard input and answers go to standard output, as
msgpack behind its length; the first message is `Hello`. It ends when its input does.
"""

from __future__ import annotations

import contextlib
import math
import os
import resource
import signal
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from kg.building.messages import (
    HELLOS,
    TASKS,
    Done,
    Extract,
    Failed,
    Found,
    Hello,
    Made,
    Read,
    Refused,
    Reply,
    Run,
    Task,
    receive,
    send,
)
from kg.errors import KgError, ReadError
from kg.model import Document, Problem, decode, encode
from kg.settings import Settings
from kg.shelf import Shelf


def main() -> None:
    """Serves the process at the other end of the pipes until it closes them."""
    source, sink = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # nothing that a library prints may reach the pipe
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    hello = receive(source, HELLOS)
    if hello is None:
        return
    _confine(hello.settings)
    worker = _Worker(hello, sink)
    while (task := receive(source, TASKS)) is not None:
        worker.serve(task)


class _Worker:
    def __init__(self, hello: Hello, sink: BinaryIO) -> None:
        self.settings = hello.settings
        self.fresh = Path(hello.fresh)
        self.shelf = Shelf(self.fresh, self.fresh)
        self.sink = sink

    def serve(self, task: Task) -> None:
        if isinstance(task, Run):
            for reply in _run(task):
                send(self.sink, reply)
            return
        _arm(self.settings)
        answers = self._read(task) if isinstance(task, Read) else self._extract(task)
        for reply in answers:
            send(self.sink, reply)
            _arm(self.settings)

    def _read(self, task: Read) -> Iterator[Reply]:
        from kg.read import read, read_bytes

        try:
            if task.spooled:
                documents = read_bytes(task.name, Path(task.spooled).read_bytes(), self.settings)
            else:
                documents = read(Path(task.name), self.settings)
        except (KgError, OSError) as error:
            yield Failed(task.number, _problem(task.name, error))
            documents = None
        while documents is not None:
            try:
                document = next(documents)
            except StopIteration:
                break
            except ReadError as error:
                yield Failed(task.number, Problem(error.name, error.code, error.reason, fatal=True))
            except Exception as error:
                yield Failed(task.number, _problem(task.name, error))
                break
            else:
                yield Found(task.number, document.name, document.id, encode(document))
        yield Done(task.number)

    def _extract(self, task: Extract) -> Iterator[Reply]:
        from kg.pipeline import extract
        from kg.shapes import sift

        document = decode(task.document, Document)
        try:
            extraction = sift(extract(document, self.settings))
        except ReadError as error:
            yield Failed(task.number, Problem(error.name, error.code, error.reason, fatal=True))
            yield Done(task.number)
            return
        except KgError as error:
            yield Refused(str(error))
            return
        except Exception as error:
            yield Failed(task.number, _problem(document.name, error))
            yield Done(task.number)
            return
        try:
            self.shelf.put(task.key, extraction)
        except OSError as error:
            yield Refused(f"{self.fresh}: cannot be written ({error.strerror}); free some space")
            return
        yield Done(task.number)


def _run(task: Run) -> Iterator[Reply]:
    from kg.building.stages import do

    try:
        yield Made(task.number, do(task.name, task.job))
    except KgError as error:
        yield Refused(str(error))
        return
    except OSError as error:
        yield Refused(f"a file of the graph cannot be written ({error.strerror or error}); free some space")
        return
    yield Done(task.number)


def _problem(name: str, error: Exception) -> Problem:
    """What went wrong with one document, and where in the code."""
    if isinstance(error, MemoryError):
        return Problem(name, "memory", "needs more memory than is allowed: split it", fatal=True)
    if isinstance(error, RecursionError):
        return Problem(name, "depth", "is nested too deeply", fatal=True)
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"
    return Problem(name, "exception", f"{type(error).__name__} at {place}: {str(error)[:200]}", fatal=True)


def _confine(settings: Settings) -> None:
    """Memory and core dumps for the whole life of the process, and an end when the parent ends."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_DATA, (settings.max_memory, settings.max_memory))
    with contextlib.suppress(OSError, AttributeError):
        import ctypes

        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


def _arm(settings: Settings) -> None:
    """From now on the process may use `max_cpu_seconds`; beyond, SIGXCPU ends it."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = math.ceil(used.ru_utime + used.ru_stime + settings.max_cpu_seconds)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    if hard == resource.RLIM_INFINITY or soft < hard:
        resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))


if __name__ == "__main__":
    with contextlib.suppress(BrokenPipeError):
        main()

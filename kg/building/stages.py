"""The jobs of a build beyond extraction, by name, and who does them: this process, or child processes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import msgspec

from kg.building.crew import Crew
from kg.building.messages import Failed, Made, Run
from kg.errors import GraphError
from kg.partitions import jobs
from kg.partitions.assemble import Scheduler
from kg.settings import Settings

Spread = Callable[[Sequence[tuple[str, bytes]]], Iterator[bytes]]
"""Has named jobs done side by side."""


def _page(job: bytes) -> bytes:
    from kg.building.page import Page, render

    return msgspec.msgpack.encode(render(msgspec.msgpack.decode(job, type=Page)))


def _publish(job: bytes) -> bytes:
    from kg.building.publish import Publish, publish

    publish(msgspec.msgpack.decode(job, type=Publish))
    return b""


def _part(job: bytes) -> bytes:
    from kg.building.parts import Part, write

    return msgspec.msgpack.encode(write(msgspec.msgpack.decode(job, type=Part)))


def _extract(job: bytes) -> bytes:
    from kg.building.extracting import work

    return work(job)


_OWN: dict[str, Callable[[bytes], bytes]] = {"page": _page, "publish": _publish, "part": _part, "extract": _extract}


def do(name: str, job: bytes) -> bytes:
    """Does an encoded job. Raises `GraphError`, or `OSError` where a file cannot be written."""
    return _OWN[name](job) if name in _OWN else jobs.do(name, job)


def here(given: Sequence[tuple[str, bytes]]) -> Iterator[bytes]:
    """One job after the other, in this process."""
    return (do(name, job) for name, job in given)


def of_one_name(how: Spread) -> Scheduler:
    return lambda name, given: how([(name, job) for job in given])


def spread(crew: Crew, given: Sequence[tuple[str, bytes]]) -> Iterator[bytes]:
    """Named jobs side by side; answers in the order of the jobs, as soon as they are due."""
    for number, (name, job) in enumerate(given):
        crew.submit(Run(number, name, job))
    early: dict[int, bytes] = {}
    due = 0
    for reply in crew.replies():
        if isinstance(reply, Failed):
            raise GraphError(f"a process of the build {reply.problem.reason}; build again, which goes on from here")
        if isinstance(reply, Made):
            early[reply.number] = reply.answer
        while due in early:
            yield early.pop(due)
            due += 1


def crew_of(workers: int, work: Path) -> Crew:
    """Processes for jobs, under no limits of a document's."""
    return Crew(workers, replace(Settings(), max_memory=2**40), work)

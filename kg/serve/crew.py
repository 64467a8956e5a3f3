"""Worker processes that may be killed, and the queries that wait for one."""

from __future__ import annotations

import asyncio
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from contextlib import suppress
from pathlib import Path

import msgspec

from kg.serve.frames import Reply, Start, Task, pack
from kg.serve.limits import Limits, RefusedError

_STARTING = 30.0
"""Seconds for a worker to open its store."""


class Crew:
    """`limits.workers` processes. A query that takes too long costs its process, which another one replaces."""

    def __init__(self, start: Start, limits: Limits) -> None:
        self._start, self._limits = start, limits
        self._free: asyncio.LifoQueue[Process | None] = asyncio.LifoQueue()
        self._living: set[Process] = set()
        self._waiting = self._busy = 0
        self._closed = False

    async def open(self) -> None:
        """Starts one process, so that a store that cannot be opened is told at once; the others start when needed."""
        self.prepare()
        self._free.get_nowait()
        self._free.put_nowait(await self._begin())

    def prepare(self) -> None:
        """Makes room for the processes, each of which starts when it is needed."""
        for _ in range(self._limits.workers):
            self._free.put_nowait(None)

    async def ask(self, task: Task) -> Reply:
        """Raises `RefusedError` 503 where no worker is free in time, or the task takes too much time or memory."""
        if self._waiting >= self._limits.waiting:
            raise RefusedError(503, "too many queries are waiting; come again later")
        self._waiting += 1
        try:
            process = await asyncio.wait_for(self._free.get(), self._limits.patience)
        except TimeoutError:
            raise RefusedError(503, "all workers are busy; come again later") from None
        finally:
            self._waiting -= 1
        whole = False
        try:
            self._busy += 1
            process = process or await self._begin()
            reply = await asyncio.wait_for(_exchange(process, task), self._limits.seconds)
            whole = True
            return reply
        except TimeoutError:
            raise RefusedError(503, f"the query took longer than {self._limits.seconds:g} seconds") from None
        except (asyncio.IncompleteReadError, OSError):
            raise RefusedError(503, "the query needs more memory than one may take, or broke its process") from None
        finally:
            self._busy -= 1
            if not whole and process is not None:
                self._end(process)
            self._free.put_nowait(process if whole and not self._closed else None)

    async def close(self) -> None:
        """Waits for the queries that run, then ends all processes."""
        self._closed = True
        with suppress(TimeoutError):
            async with asyncio.timeout(self._limits.seconds):
                while self._busy or self._waiting:
                    await asyncio.sleep(0.05)
        self.kill()

    def kill(self) -> None:
        for process in list(self._living):
            self._end(process)

    def _end(self, process: Process) -> None:
        self._living.discard(process)
        with suppress(ProcessLookupError):
            process.kill()

    async def _begin(self) -> Process:
        package = str(Path(__file__).resolve().parents[2])
        paths = [package, *filter(None, [os.environ.get("PYTHONPATH")])]
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-P", "-m", "kg.serve.worker", stdin=PIPE, stdout=PIPE, stderr=DEVNULL,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(paths), "MALLOC_ARENA_MAX": "2"},
        )  # fmt: skip
        self._living.add(process)
        try:
            await asyncio.wait_for(_exchange(process, self._start), _STARTING)
        except BaseException:
            self._end(process)
            raise
        return process


async def _exchange(process: Process, message: msgspec.Struct) -> Reply:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(pack(message))
    await process.stdin.drain()
    size = int.from_bytes(await process.stdout.readexactly(4), "big")
    return msgspec.msgpack.decode(await process.stdout.readexactly(size), type=Reply)

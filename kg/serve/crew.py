"""Worker processes that may be killed, and the queries that wait for one."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Coroutine
from contextlib import suppress
from pathlib import Path

import msgspec

from kg.serve.frames import Reply, Start, Task, pack
from kg.serve.limits import Limits, RefusedError

_STARTING = 30.0
"""Seconds for a worker to open its store."""
_LOOKING = 0.2
"""Seconds between looks at whether others wait."""


class Crew:
    """`limits.workers` processes. A query that takes too long costs its process, which another one replaces."""

    def __init__(self, start: Start, limits: Limits) -> None:
        self._start, self._limits = start, limits
        self._free: asyncio.LifoQueue[Process | None] = asyncio.LifoQueue()
        self._living: set[Process] = set()
        self._starting: set[asyncio.Task[None]] = set()
        self._waiting = self._busy = 0
        self._closed = False

    async def open(self) -> None:
        """Starts one process, so that a store that cannot be opened is told at once; the others start when needed."""
        first = await self._begin()
        self.prepare()
        self._free.get_nowait()
        self._free.put_nowait(first)

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
            async with asyncio.timeout(self._limits.patience):
                process = await self._free.get()
        except TimeoutError:
            raise RefusedError(503, "all workers are busy; come again later") from None
        finally:
            self._waiting -= 1
        whole = False
        try:
            self._busy += 1
            if process is None or process.returncode is not None:
                process = await self._begin()
            reply = await self._within(_exchange(process, task))
            whole = True
            return reply
        except (asyncio.IncompleteReadError, OSError):
            raise RefusedError(503, "the query needs more memory than one may take, or broke its process") from None
        finally:
            self._busy -= 1
            if whole and not self._closed:
                self._free.put_nowait(process)
            else:
                self._replace(process)

    def _replace(self, process: Process | None) -> None:
        """Ends a process and has another one started, which the next query need not wait for."""
        if process is not None:
            self._end(process)
        if not self._closed:
            starting = asyncio.create_task(self._fill())
            self._starting.add(starting)
            starting.add_done_callback(self._starting.discard)

    async def _fill(self) -> None:
        process = None
        with suppress(OSError, EOFError, TimeoutError):  # then the next query tries, and tells
            process = await self._begin()
        self._free.put_nowait(process)

    async def _within(self, exchange: Coroutine[None, None, Reply]) -> Reply:
        """The reply, if it comes within the limit of time, which is shorter while others wait."""
        asked, begun = asyncio.ensure_future(exchange), time.monotonic()
        try:
            while True:
                spent = time.monotonic() - begun
                left = (self._limits.crowded if spent < self._limits.crowded else spent + _LOOKING) - spent
                await asyncio.wait({asked}, timeout=min(left, self._limits.seconds - spent))
                if asked.done():
                    return asked.result()
                spent = time.monotonic() - begun
                if spent >= self._limits.seconds:
                    raise RefusedError(503, f"the query took longer than {self._limits.seconds:g} seconds")
                if spent >= self._limits.crowded and self._waiting:
                    raise RefusedError(
                        503, f"the query took longer than {self._limits.crowded:g} seconds, and others wait"
                    )
        finally:
            asked.cancel()

    async def close(self) -> None:
        """Waits for the queries that run, then ends all processes."""
        self._closed = True
        with suppress(TimeoutError):
            async with asyncio.timeout(self._limits.seconds):
                while self._busy or self._waiting:
                    await asyncio.sleep(0.05)
        self.kill()

    def kill(self) -> None:
        self._closed = True
        for starting in self._starting:
            starting.cancel()
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

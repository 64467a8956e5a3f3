"""The graph that a server shows now: its snapshot and its workers, changed for others when the graph is built again."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from kg import graph, query, rdf
from kg.errors import GraphError
from kg.serve.crew import Crew
from kg.serve.frames import Reply, Start, Task
from kg.serve.limits import Limits, RefusedError
from kg.serve.snapshot import Snapshot, mark

_LOOKING = 2.0
"""Seconds between looks at the output folder."""
_INDEXING = 300.0
"""Seconds that making the index of names may take."""
_BY_NAME = ("search", "entity")
"""Tasks that need the index of names, which one worker alone holds."""
PAGE = "graph.html"


class Service:
    def __init__(self, output: Path, limits: Limits) -> None:
        self._output, self._limits = output, limits
        self._changing = asyncio.Lock()

    async def open(self) -> None:
        """Raises `GraphError`."""
        self._snapshot = await asyncio.to_thread(Snapshot, self._output)
        self._base = graph.base_of(self._output)
        try:
            self._crew = Crew(self._start(), self._limits)
            self._names = Crew(self._start(), replace(self._limits, workers=1, seconds=_INDEXING, crowded=_INDEXING))
            await self._crew.open()
        except (OSError, EOFError, TimeoutError, asyncio.IncompleteReadError) as error:
            self._snapshot.remove()
            raise GraphError(f"{self._output}: its store cannot be opened ({error}); build the graph again") from error
        self._names.prepare()
        self._warming = asyncio.create_task(self._warm(self._names))

    async def ask(self, task: Task) -> Reply:
        crew = self._names if task.kind in _BY_NAME else self._crew
        return await crew.ask(task)

    async def page(self) -> Path:
        """The graph's page: that of the output folder, or one made now."""
        made = self._output / PAGE
        if made.is_file():
            return made
        async with self._changing:
            kept = self._snapshot.spool.parent / PAGE
            if not kept.is_file():
                await asyncio.to_thread(_render, self._output, kept)
            return kept

    @cached_property
    def settings(self) -> bytes:
        """What the query page needs: prefixes, and the cookbook."""
        cookbook = [{"name": q.name, "text": q.text, "en": q.english, "zh": q.chinese} for q in query.named().values()]
        return json.dumps({"prefixes": rdf.prefixes(self._base), "queries": cookbook}, ensure_ascii=False).encode()

    async def _warm(self, names: Crew) -> None:
        """Has the index of names made before somebody asks for it."""
        with suppress(RefusedError):
            await names.ask(Task("search", limit=1))

    async def watch(self) -> None:
        """Takes up a graph that was built anew, until cancelled. Queries under way end on the one they began with."""
        while True:
            await asyncio.sleep(_LOOKING)
            seen = mark(self._output)
            if seen is None or seen == self._snapshot.mark:
                continue
            before = (self._snapshot, self._crew, self._names)
            with suppress(GraphError):  # a build is just putting its files in place: look again
                await self.open()
                await _retire(*before)

    async def close(self) -> None:
        self._warming.cancel()
        self._crew.kill()
        self._names.kill()
        await asyncio.to_thread(self._snapshot.remove)

    def _start(self) -> Start:
        return Start(
            store=str(self._snapshot.folder.resolve()),
            spool=str(self._snapshot.spool.resolve()),
            base=self._base,
            prefixes=rdf.prefixes(self._base),
            seconds=self._limits.seconds,
            memory=self._limits.memory,
            answer=self._limits.answer,
            query=self._limits.query,
            nesting=self._limits.nesting,
        )


async def _retire(snapshot: Snapshot, *crews: Crew) -> None:
    for crew in crews:
        await crew.close()
    await asyncio.to_thread(snapshot.remove)


def _render(output: Path, path: Path) -> None:
    from kg import view

    view.render(view.from_graph(graph.load(output)), path)

"""The ASGI application: routes, hosts and headers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from kg.serve import pages, protocol
from kg.serve.frames import Reply, Task
from kg.serve.hosts import Hosts
from kg.serve.limits import Limits, RefusedError
from kg.serve.negotiate import GRAPHS, choose
from kg.serve.service import Service

_SHOWN, _MOST = 20, 1000
_CHUNK = 262_144
_GONE = 499
"""Status for a client that left; nobody reads it."""


@dataclass(frozen=True, slots=True)
class Access:
    """Who may ask: names that the Host header may give, and origins that CORS lets in (none by default)."""

    hosts: tuple[str, ...] = ("localhost", "127.0.0.1", "::1")
    origins: tuple[str, ...] = ()


def application(output: Path, limits: Limits | None = None, access: Access | None = None) -> Starlette:
    """The server of an output folder. Raises `GraphError`, when it starts, where the folder holds no graph."""
    limits, access = limits or Limits(), access or Access()
    routes = Routes(Service(output, limits), limits)
    middleware = [Middleware(Hosts, allowed=access.hosts)]
    if access.origins:
        middleware.append(Middleware(CORSMiddleware, allow_origins=access.origins, allow_methods=["GET", "POST"],
                                     allow_headers=["*"]))  # fmt: skip
    return Starlette(
        routes=routes.table(),
        middleware=middleware,
        exception_handlers={RefusedError: _refused},
        lifespan=routes.lifespan,
    )


class Routes:
    """The answers of one server."""

    def __init__(self, service: Service, limits: Limits) -> None:
        self._service, self._limits = service, limits

    def table(self) -> Sequence[Route | Mount]:
        return [
            Route("/", self.page),
            Route("/sparql", self.sparql, methods=["GET", "POST"]),
            Route("/store", self.store),
            Route("/search", self.search),
            Route("/entity/{name:path}", self.entity),
            Route("/.well-known/void", self.dataset),
            Route("/settings.json", self.settings),
            Mount("/static", StaticFiles(directory=pages.STATIC)),
        ]

    @asynccontextmanager
    async def lifespan(self, _: Starlette) -> AsyncIterator[None]:
        await self._service.open()
        watching = asyncio.create_task(self._service.watch())
        try:
            yield
        finally:
            watching.cancel()
            with suppress(asyncio.CancelledError):
                await watching
            await self._service.close()

    async def page(self, _: Request) -> Response:
        return FileResponse(await self._service.page(), media_type="text/html", headers=pages.SAFE)

    async def sparql(self, request: Request) -> Response:
        task = await protocol.question(request, self._limits)
        if task is not None:
            return await self._answer(request, task)
        accept = protocol.accepted(request)
        if choose(accept, [*GRAPHS, "text/html"]) == "text/html":
            return pages.editor()
        return await self._answer(request, Task("service", accept=accept, url=_endpoint(request)))

    async def store(self, request: Request) -> Response:
        return await self._answer(request, protocol.graph(request))

    async def dataset(self, request: Request) -> Response:
        return await self._answer(request, Task("dataset", accept=protocol.accepted(request), url=_endpoint(request)))

    async def search(self, request: Request) -> Response:
        return await self._answer(request, Task("search", request.query_params.get("q", ""), limit=_limit(request)))

    async def entity(self, request: Request) -> Response:
        return await self._answer(request, Task("entity", request.path_params["name"], limit=_limit(request)))

    async def settings(self, _: Request) -> Response:
        return Response(self._service.settings, media_type="application/json")

    async def _answer(self, request: Request, task: Task) -> Response:
        """The reply to `task`; when the client leaves before, its worker is stopped."""
        asked = asyncio.ensure_future(self._service.ask(task))
        left = asyncio.ensure_future(_left(request))
        try:
            await asyncio.wait({asked, left}, return_when=asyncio.FIRST_COMPLETED)
            if not asked.done():
                return Response(status_code=_GONE)
            return _response(asked.result())
        finally:
            for future in (asked, left):
                future.cancel()


def _response(reply: Reply) -> Response:
    media = f"{reply.media}; charset=utf-8" if reply.media.startswith("text/") else reply.media
    headers = {
        "content-type": media,
        "vary": "accept",
        "cache-control": "no-cache",
        "x-content-type-options": "nosniff",
    }
    if reply.status == 503:
        headers["retry-after"] = "5"
    if not reply.path:
        return Response(reply.body, reply.status, headers)
    path = Path(reply.path)
    headers["content-length"] = str(path.stat().st_size)
    return StreamingResponse(_once(path), reply.status, headers)


def _once(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        path.unlink()
        while chunk := stream.read(_CHUNK):
            yield chunk


async def _left(request: Request) -> None:
    """Returns when the client has gone."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


async def _refused(_: Request, error: Exception) -> Response:
    assert isinstance(error, RefusedError)
    return _response(Reply(error.status, body=error.reason.encode("utf-8", "replace")))


def _endpoint(request: Request) -> str:
    return str(request.url.replace(path="/sparql", query="", fragment=""))


def _limit(request: Request) -> int:
    given = request.query_params.get("limit", str(_SHOWN))
    if not given.isascii() or not given.isdigit() or not 0 < int(given[:9]) <= _MOST:
        raise RefusedError(400, f"limit is a number from 1 to {_MOST}")
    return int(given)

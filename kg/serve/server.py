"""Listening on a socket, by uvicorn."""

from __future__ import annotations

import socket
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import uvicorn

from kg import store
from kg.errors import GraphError, KgError
from kg.serve.app import Access, application
from kg.serve.limits import Limits

_ENDING = 5
"""Seconds that answers under way have when the server ends."""


def run(output: Path, host: str, port: int, limits: Limits, access: Access, ready: Callable[[str], object]) -> None:
    """Serves until interrupted; `ready` gets the URL as soon as requests are taken.

    Raises `GraphError` where the folder holds no graph, `KgError` where the port is taken.
    """
    if not (output / store.FOLDER).is_dir():
        raise GraphError(f"{output}: holds no graph; make one with: kg build PATH -o {output}")
    listening = _listen(host, port)
    name, taken = listening.getsockname()[:2]
    config = uvicorn.Config(
        application(output, limits, access),
        lifespan="on",
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_ENDING,
        h11_max_incomplete_event_size=limits.query * 3 + 16_384,
    )
    server = _Server(config, lambda: ready(f"http://{f'[{name}]' if ':' in name else name}:{taken}/"))
    with listening, suppress(KeyboardInterrupt):
        server.run(sockets=[listening])
    if not server.started:
        raise GraphError(f"{output}: its store cannot be opened; build the graph again")


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, ready: Callable[[], object]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._ready()


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listening = socket.create_server((host, port), family=family)
    except OSError as error:
        raise KgError(f"{host}:{port}: cannot be taken ({error.strerror or error}); choose another --port") from error
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # connections take it over: no wait between writes
    return listening

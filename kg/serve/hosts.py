"""Which names a server answers to: a page elsewhere must not reach it by a name of its own (DNS rebinding)."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send


class Hosts:
    """Middleware: 421 for requests whose Host header names none of `allowed`."""

    def __init__(self, app: ASGIApp, allowed: Iterable[str]) -> None:
        self._app = app
        self._allowed = {_plain(name) for name in allowed}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or self._welcome(scope):
            await self._app(scope, receive, send)
            return
        reason = "this server does not go by that name; let it in with: kg serve --allow-host NAME"
        await PlainTextResponse(reason, 421)(scope, receive, send)

    def _welcome(self, scope: Scope) -> bool:
        named = [value.decode("latin-1") for key, value in scope["headers"] if key == b"host"]
        try:
            return len(named) == 1 and _plain(urlsplit("//" + named[0]).hostname or "") in self._allowed
        except ValueError:
            return False


def _plain(name: str) -> str:
    """A host in one spelling: lower case, no closing dot, addresses in their shortest form."""
    name = name.strip("[]").lower().removesuffix(".")
    try:
        return str(ip_address(name))
    except ValueError:
        return name

"""The SPARQL 1.1 Protocol's query operation (section 2.1) and the Graph Store Protocol's reading: requests to tasks."""

from __future__ import annotations

from urllib.parse import parse_qsl

from starlette.requests import Request

from kg.serve.frames import Task
from kg.serve.limits import Limits, RefusedError

FORM, QUERY = "application/x-www-form-urlencoded", "application/sparql-query"
_ESCAPING = 3
"""A form may take up to three bytes for one of the query."""


async def question(request: Request, limits: Limits) -> Task | None:
    """The query of a request; None for a GET that asks nothing, which gets the service description.

    Raises `RefusedError` 400, 413 or 415.
    """
    parameters = _pairs(request.scope["query_string"])
    if request.method == "POST":
        parameters += await _posted(request, limits)
    values = {name: [v for n, v in parameters if n == name] for name, _ in parameters}
    if "update" in values or "using-graph-uri" in values or "using-named-graph-uri" in values:
        raise RefusedError(400, "updates are not answered: this endpoint only reads")
    queries = values.get("query", [])
    if not queries and request.method in ("GET", "HEAD"):
        return None
    if len(queries) != 1:
        raise RefusedError(400, f"give one parameter query; there are {len(queries)}")
    defaults, named = values.get("default-graph-uri", []), values.get("named-graph-uri", [])
    return Task("query", queries[0], accepted(request), tuple(defaults), tuple(named))


def graph(request: Request) -> Task:
    """The graph that a request of the Graph Store Protocol names (section 4). Raises `RefusedError` 400."""
    values = _pairs(request.scope["query_string"])
    names = [value for name, value in values if name == "graph"]
    default = any(name == "default" for name, _ in values)
    if len(names) + default != 1:
        raise RefusedError(400, "name one graph: ?default or ?graph=IRI")
    if names and not names[0]:
        raise RefusedError(400, "the IRI of the graph is empty")
    return Task("graph", names[0] if names else "", accepted(request))


def accepted(request: Request) -> str:
    """All Accept headers of a request as one."""
    return ", ".join(request.headers.getlist("accept"))


async def _posted(request: Request, limits: Limits) -> list[tuple[str, str]]:
    media, _, parameters = request.headers.get("content-type", "").partition(";")
    media = media.strip().lower()
    if media not in (FORM, QUERY):
        raise RefusedError(415, f"send {QUERY} or {FORM}, not {media or 'nothing'}")
    charset = parameters.lower().partition("charset=")[2].strip(' "') or "utf-8"
    if charset not in ("utf-8", "utf8", "us-ascii"):
        raise RefusedError(415, f"send UTF-8, not {charset}")
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limits.query * _ESCAPING:
            raise RefusedError(413, f"the query is larger than {limits.query} bytes")
    if media == FORM:
        return _pairs(bytes(body))
    return [("query", _text(bytes(body)))]


def _pairs(data: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(_text(data), keep_blank_values=True, errors="strict", max_num_fields=100)
    except ValueError as error:
        raise RefusedError(400, f"the parameters cannot be read: {error}") from error


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise RefusedError(400, f"the request is not UTF-8: {error}") from error

"""Answers of a store in the form that a client accepts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

import pyoxigraph as ox

from kg import sparql
from kg.serve.frames import Task
from kg.serve.limits import RefusedError
from kg.serve.negotiate import GRAPHS, RESULTS, choose

_FORMATS = {
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
}
_RDF = {
    "ttl": ox.RdfFormat.TURTLE,
    "nt": ox.RdfFormat.N_TRIPLES,
    "rdf": ox.RdfFormat.RDF_XML,
    "jsonld": ox.RdfFormat.JSON_LD,
    "trig": ox.RdfFormat.TRIG,
    "nq": ox.RdfFormat.N_QUADS,
}
_PREFIXED = ("ttl", "trig", "rdf")
_CONTROL = bytes(c for c in range(32) if c not in b"\t\n\r")
"""Characters that XML cannot hold."""
_QUOTED = re.compile(rb'"(?:[^"\\\n]|\\.)*+"?(?:@(zh-han[st]))?')
"""Any literal, so that what stands in one is never taken for a tag."""
_TAGS = {
    "json": re.compile(rb'"xml:lang":"(zh-han[st])"'),
    "xml": re.compile(rb'<literal xml:lang="(zh-han[st])"'),
    "jsonld": re.compile(rb'"@language":"(zh-han[st])"'),
    "rdf": re.compile(rb'<[\w:.-]+ xml:lang="(zh-han[st])"'),
    **dict.fromkeys(("tsv", "ttl", "nt", "trig", "nq"), _QUOTED),
}
"""Language tags in each format, in places where no text can stand: pyoxigraph lowers their case."""


def answer_query(store: ox.Store, task: Task, prefixes: Mapping[str, str]) -> tuple[str, bytes]:
    """Media type and body. Raises `RefusedError`: 400 for no SPARQL or a graph that is not there, 406."""
    protocol = bool(task.default_graphs or task.named_graphs)
    _home(store, [*task.default_graphs, *task.named_graphs] if protocol else sparql.graphs(task.text, prefixes))
    try:
        result = store.query(
            task.text,
            prefixes=dict(prefixes),
            default_graph=[_node(name) for name in task.default_graphs] if protocol else None,
            named_graphs=[_node(name) for name in task.named_graphs] if protocol else None,
        )
        if isinstance(result, ox.QueryTriples):
            return answer_triples(result, task, prefixes)
        media = _chosen(task.accept, list(RESULTS))
        return media, _polish(result.serialize(format=_FORMATS[RESULTS[media]]) or b"", RESULTS[media])
    except (SyntaxError, ValueError) as error:
        raise RefusedError(400, f"the query is not SPARQL 1.1: {error}") from error
    except (OSError, RuntimeError) as error:
        raise RefusedError(500, f"the query cannot be answered: {error}") from error


def answer_graph(store: ox.Store, task: Task, prefixes: Mapping[str, str]) -> tuple[str, bytes]:
    """One graph: the default graph where `task.text` is empty. Raises `RefusedError` 404, 406."""
    name = _node(task.text) if task.text else ox.DefaultGraph()
    if isinstance(name, ox.NamedNode) and not store.contains_named_graph(name):
        raise RefusedError(404, f"there is no graph <{task.text}>; the whole graph is at ?default")
    triples = (quad.triple for quad in store.quads_for_pattern(None, None, None, name))
    return answer_triples(triples, task, prefixes)


def answer_triples(triples: Iterable[ox.Triple], task: Task, prefixes: Mapping[str, str]) -> tuple[str, bytes]:
    """Raises `RefusedError` 406."""
    media = _chosen(task.accept, list(GRAPHS))
    kind = GRAPHS[media]
    known = dict(prefixes) if kind in _PREFIXED else None
    return media, _polish(ox.serialize(triples, format=_RDF[kind], prefixes=known) or b"", kind)


def _chosen(accept: str, offered: Sequence[str]) -> str:
    media = choose(accept, offered)
    if media is None:
        raise RefusedError(406, f"no accepted form of this answer; there are: {', '.join(offered)}")
    return media


def _home(store: ox.Store, names: Sequence[str]) -> None:
    for name in names:
        if not store.contains_named_graph(_node(name)):
            raise RefusedError(400, f"<{name}> is no graph of this store; nothing is fetched from elsewhere")


def _node(name: str) -> ox.NamedNode:
    try:
        return ox.NamedNode(name)
    except ValueError as error:
        raise RefusedError(400, f"<{name}> is not an absolute IRI") from error


def _polish(data: bytes, kind: str) -> bytes:
    if kind in ("xml", "rdf"):
        data = data.translate(None, _CONTROL)
    if kind not in _TAGS or b"zh-han" not in data:
        return data
    return _TAGS[kind].sub(_spelt, data)


def _spelt(match: re.Match[bytes]) -> bytes:
    if match[1] is None:
        return match[0]
    at = match.start(1) - match.start() + len(b"zh-")
    return match[0][:at] + b"H" + match[0][at + 1 :]

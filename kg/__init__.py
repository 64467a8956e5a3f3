"""Knowledge graphs from Chinese financial news.

    from kg import build
    graph = build(["page.txt"])
    graph.query("SELECT ?c WHERE { ?c a jl:Company }")

Names are loaded when they are first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kg.building import build, default_settings
    from kg.errors import DataError, GraphError, KgError, QueryError, ReadError
    from kg.graph import KnowledgeGraph, assemble, load
    from kg.model import (
        Article,
        Author,
        Claim,
        Document,
        Entity,
        Evidence,
        Extraction,
        Layout,
        Mention,
        Observation,
        Problem,
        Relation,
        Span,
    )
    from kg.pipeline import extract
    from kg.settings import Settings

_HOMES = {
    "building": ("build", "default_settings"),
    "errors": ("DataError", "GraphError", "KgError", "QueryError", "ReadError"),
    "graph": ("KnowledgeGraph", "assemble", "load"),
    "model": (
        "Article", "Author", "Claim", "Document", "Entity", "Evidence", "Extraction", "Layout", "Mention",
        "Observation", "Problem", "Relation", "Span",
    ),
    "pipeline": ("extract",),
    "settings": ("Settings",),
}  # fmt: skip
_HOME = {name: module for module, names in _HOMES.items() for name in names}

__version__ = "0.1.0"
__all__ = [
    "Article", "Author", "Claim", "DataError", "Document", "Entity", "Evidence", "Extraction", "GraphError", "KgError",
    "KnowledgeGraph", "Layout", "Mention", "Observation", "Problem", "QueryError", "ReadError", "Relation", "Settings",
    "Span", "__version__", "assemble", "build", "default_settings", "extract", "load",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'kg' has no attribute {name!r}")
    return getattr(import_module(f"kg.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return __all__

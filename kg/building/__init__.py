"""Many documents to one graph: `build` for Python, `run` for output folders. Loaded when used: workers need neither."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kg.building.flow import Outcome, build, default_settings, run
    from kg.building.progress import State

_HOME = {"Outcome": "flow", "State": "progress", "build": "flow", "default_settings": "flow", "run": "flow"}

__all__ = ["Outcome", "State", "build", "default_settings", "run"]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'kg.building' has no attribute {name!r}")
    return getattr(import_module(f"kg.building.{_HOME[name]}"), name)

"""seeds/relations/cues.toml: words that turn a statement, and who says it."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from kg import resources
from kg.errors import DataError

T = TypeVar("T")


def read(build: Callable[[Mapping[str, Any]], T]) -> T:
    """What `build` makes of the file's sections. Raises DataError where the file does not have the form it should."""
    path = resources.seeds() / "relations" / "cues.toml"
    try:
        return build(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, tomllib.TOMLDecodeError, KeyError) as error:
        raise DataError(f"{path}: {error!r}; see seeds/README.md for its form") from error

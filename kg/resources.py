"""Where the data of the package lies: beside the code in a checkout, inside the package in a wheel."""

from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


@cache
def _root() -> Path:
    bundled = _PACKAGE / "_data"
    return bundled if bundled.is_dir() else _PACKAGE.parent


def seeds() -> Path:
    """The folder of gazetteers, patterns, units, models and sample documents."""
    return _root() / "seeds"


def ontology() -> Path:
    """The folder of the vocabulary, its shapes, queries and checks."""
    return _root() / "ontology"

"""Whether what a build goes on from is just what an earlier one of the same code left, to the last byte."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path

import msgspec

from kg import resources
from kg.building.manifest import sha256

NAME = "seal.json"
_CODE = (
    "assembly",
    "partitions",
    "duplicates.py",
    "model.py",
    "offsets.py",
    "rdf",
    "schema.py",
    "store.py",
    "text.py",
)
_LIBRARIES = ("numpy", "opencc", "pyoxigraph")
_THREADS = 4


@dataclass(frozen=True, slots=True)
class Seal:
    code: str
    """What rows, blocks and store depend on beside the extractions."""
    partitions: int
    files: dict[str, str]
    """SHA-256 of each file, by its path within the output folder."""


def code(base: str) -> str:
    """32 hexadecimal digits that change with the code of assembly, the vocabulary and the base of IRIs."""
    sums = blake2b(base.encode(), digest_size=16)
    package = Path(__file__).resolve().parent.parent
    paths = [p for name in _CODE for p in ((package / name).rglob("*.py") if "." not in name else [package / name])]
    for path in [*sorted(paths), *sorted(resources.ontology().glob("*.ttl"))]:
        sums.update(blake2b(path.name.encode()).digest() + blake2b(path.read_bytes()).digest())
    sums.update(repr([version(name) for name in _LIBRARIES]).encode())
    return sums.hexdigest()


def write(path: Path, seal: Seal) -> None:
    path.write_bytes(msgspec.json.encode(seal))


def sums(files: Iterable[tuple[str, Path]]) -> dict[str, str]:
    """SHA-256 by name."""
    named = list(files)
    with ThreadPoolExecutor(_THREADS) as pool:
        return dict(zip((n for n, _ in named), pool.map(sha256, (p for _, p in named)), strict=True))


def unbroken(path: Path, folder: Path, wanted: tuple[str, int]) -> bool:
    """Whether the seal at `path` is of that code and number of partitions, and all its files in `folder` are whole."""
    try:
        seal = msgspec.json.decode(path.read_bytes(), type=Seal)
        if (seal.code, seal.partitions) != wanted:
            return False
        return sums((name, folder / name) for name in seal.files) == seal.files
    except (OSError, ValueError):
        return False

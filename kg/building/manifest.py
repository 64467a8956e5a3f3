"""`manifest.json`: what an output folder is made of. It holds no time and no chance, only content."""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path

import msgspec

from kg.errors import GraphError
from kg.model import Problem

NAME = "manifest.json"
VERSION = 1


@dataclass(frozen=True, slots=True, order=True)
class Entry:
    """A document of the graph and where its extraction is."""

    name: str
    id: str
    key: str


@dataclass(frozen=True, slots=True)
class Manifest:
    base: str
    fingerprint: str
    """What the extractions depend on beside their documents."""
    documents: tuple[Entry, ...] = ()
    failed: tuple[Problem, ...] = ()
    """What could not be read or extracted."""
    outputs: tuple[tuple[str, str], ...] = ()
    """The files of the graph with their SHA-256."""
    partitions: int = 1
    """Into how many the rows of assembly are split: it follows the documents alone."""
    version: int = VERSION

    @property
    def chosen(self) -> dict[str, str]:
        """The extraction of each document: of those that are the same but for their name, one."""
        return {entry.id: entry.key for entry in sorted(self.documents, reverse=True)}


def read(output: Path) -> Manifest | None:
    """The manifest of an output folder; None where there is none. Raises `GraphError` where it is damaged."""
    path = output / NAME
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise GraphError(f"{path}: cannot be read ({error.strerror})") from error
    try:
        return msgspec.json.decode(content, type=Manifest)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise GraphError(
            f"{path}: is damaged ({error}); build the graph again with: kg build PATH -o {output}"
        ) from error


def render(manifest: Manifest) -> bytes:
    plain = msgspec.to_builtins(manifest)
    rows = {name: plain.pop(name) for name in ("documents", "failed")}
    head = json.dumps(plain, ensure_ascii=False, indent=1, sort_keys=True)[:-2]
    lists = (f' "{name}": [\n{_lines(rows[name])}]' for name in sorted(rows))
    return (head + ",\n" + ",\n".join(lists) + "\n}\n").encode()


def _lines(rows: list[dict[str, object]]) -> str:
    return ",\n".join(json.dumps(row, ensure_ascii=False, sort_keys=True) for row in rows) + ("\n" if rows else "")


def sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return file_digest(stream, "sha256").hexdigest()

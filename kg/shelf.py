"""The extractions of a build, one file each, named by what they depend on and checked whenever they are read."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable
from hashlib import blake2b
from pathlib import Path
from shutil import rmtree

from kg.errors import GraphError
from kg.model import Extraction, decode, encode

_CHECK = b'{"check":"'
_DIGITS = 32
_HEADER = len(_CHECK) + _DIGITS + 2


def key_of(document: bytes, fingerprint: str) -> str:
    """The name of the extraction of an encoded document under that fingerprint."""
    return blake2b(document, digest_size=16, key=fingerprint.encode()).hexdigest()


def seal(key: str, extraction: Extraction) -> bytes:
    """The extraction as JSON whose first member, `check`, is a hash of its key and of all that follows."""
    rest = encode(extraction)[1:]
    return b'%s%s",%s' % (_CHECK, _check(key, rest), rest)


def whole(key: str, data: bytes) -> bool:
    """Whether `data` is what `seal` made of that key, to the last byte."""
    head, rest = data[:_HEADER], data[_HEADER:]
    return head == b'%s%s",' % (_CHECK, _check(key, rest))


class Shelf:
    """Sealed extractions: those of the graph that stands (`settled`), and beside them those of the build under way.

    Each is in one of 256 subfolders by its key.
    """

    def __init__(self, settled: Path, fresh: Path) -> None:
        self.settled, self.fresh = settled, fresh

    def has(self, key: str) -> bool:
        """Whether the extraction is there and undamaged."""
        return any(whole(key, _bytes(_place(folder, key))) for folder in (self.settled, self.fresh))

    def put(self, key: str, extraction: Extraction) -> None:
        """Writes a fresh one whole or not at all, but for a power cut: `has` tells. Raises `OSError`."""
        path = _place(self.fresh, key)
        beside = path.with_suffix(f".{os.getpid()}.part")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            beside.write_bytes(seal(key, extraction))
            os.replace(beside, path)
        except OSError:
            with contextlib.suppress(OSError):
                beside.unlink()
            raise

    def get(self, key: str) -> Extraction:
        """Raises `GraphError` where it is missing or damaged."""
        for folder in (self.fresh, self.settled):
            data = _bytes(_place(folder, key))
            if whole(key, data):
                return decode(data, Extraction)
        raise GraphError(f"{_place(self.settled, key)}: is missing or damaged; build again, which makes it anew")

    def settle(self, keep: Iterable[str]) -> None:
        """Makes `keep` the extractions of the graph that stands: moves the fresh ones, deletes all others."""
        kept = set(keep)
        for path in self.fresh.glob("*/*.json"):
            if path.stem in kept:
                target = _place(self.settled, path.stem)
                target.parent.mkdir(parents=True, exist_ok=True)
                os.replace(path, target)
        for path in self.settled.glob("*/*"):
            if path.stem not in kept:
                path.unlink(missing_ok=True)
        rmtree(self.fresh, ignore_errors=True)


def _place(folder: Path, key: str) -> Path:
    return folder / key[:2] / f"{key}.json"


def _bytes(path: Path) -> bytes:
    """The file's content; nothing where it cannot be read."""
    try:
        return path.read_bytes()
    except OSError:
        return b""


def _check(key: str, rest: bytes) -> bytes:
    return blake2b(rest, digest_size=_DIGITS // 2, key=key.encode()).hexdigest().encode()

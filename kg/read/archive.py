"""Archives: the files in a .zip, streamed one after the other, never written to disk."""

import io
import lzma
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from typing import BinaryIO

from kg.errors import ReadError
from kg.model import Document
from kg.settings import Settings

_MAX_MEMBERS = 100_000
_TIMES = 30  # all members together may hold this many times the bytes that one file may
_DAMAGE = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, OSError, EOFError, ValueError, NotImplementedError, RuntimeError
)  # fmt: skip

Reader = Callable[[str, BinaryIO, Settings], Iterator[Document | ReadError]]


def read(
    name: str, stream: BinaryIO, settings: Settings, reader_of: Callable[[str], Reader]
) -> Iterator[Document | ReadError]:
    """The documents of all members that there is a reader for, named `name#member`. Raises `ReadError` (`zip`)."""
    seekable = stream if stream.seekable() else io.BytesIO(stream.read(settings.max_bytes * _TIMES))
    if not seekable.read(1):
        raise ReadError(name, "empty", "the file is empty")
    seekable.seek(0)
    try:
        archive = zipfile.ZipFile(seekable)
    except _DAMAGE as error:
        raise ReadError(name, "zip", f"not a readable archive: {error}") from error
    members = sorted((m for m in archive.infolist() if _wanted(m)), key=lambda m: m.filename)
    if len(members) > _MAX_MEMBERS:
        raise ReadError(name, "zip", f"more than {_MAX_MEMBERS} files: split the archive")
    left = settings.max_bytes * _TIMES
    found = False
    for member in members:
        try:
            reader = reader_of(member.filename)
        except ReadError:
            continue
        found = True
        inner = f"{name}#{member.filename}"
        try:
            with archive.open(member) as opened:
                data = opened.read(min(settings.max_bytes, left) + 1)
        except _DAMAGE as error:
            yield ReadError(inner, "zip", f"cannot be read from the archive: {error}")
            continue
        left -= len(data)
        if left < 0:
            raise ReadError(name, "too-large", "the archive unpacks to more than is allowed: split it")
        yield from _member(inner, data, reader, settings)
    if not found:
        raise ReadError(name, "empty", "no file in the archive has a format that can be read")


def _member(name: str, data: bytes, reader: Reader, settings: Settings) -> Iterator[Document | ReadError]:
    try:
        yield from reader(name, io.BytesIO(data), settings)
    except ReadError as error:
        yield error


def _wanted(member: zipfile.ZipInfo) -> bool:
    parts = PurePosixPath(member.filename).parts
    hidden = any(part.startswith((".", "__MACOSX")) for part in parts)
    return not member.is_dir() and not hidden and not member.filename.lower().endswith(".zip")

"""Files to documents. `READERS` names the reader of each suffix; adding a format is a module and a line here."""

import io
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import BinaryIO

from kg.errors import ReadError
from kg.model import Document
from kg.read import archive, feed, html, jsonl, md, pdf, txt
from kg.settings import Settings

Reader = Callable[[str, BinaryIO, Settings], Iterator[Document | ReadError]]
"""Yields documents, and the errors of single ones of many; raises `ReadError` when the file as a whole is lost."""

READERS: dict[str, Reader] = {
    ".txt": txt.read,
    ".md": md.read,
    ".markdown": md.read,
    ".html": html.read,
    ".htm": html.read,
    ".pdf": pdf.read,
    ".jsonl": jsonl.read,
    ".ndjson": jsonl.read,
    ".rss": feed.read,
    ".atom": feed.read,
    ".xml": feed.read,
}
STDIN = "-"


class Documents(Iterator[Document]):
    """Documents of one source. `next` raises `ReadError` for one that is lost and can be called again for the rest."""

    def __init__(self, found: Iterator[Document | ReadError]) -> None:
        self._found = found

    def __next__(self) -> Document:
        found = next(self._found)
        if isinstance(found, ReadError):
            raise found
        return found


def read(path: Path, settings: Settings) -> Documents:
    """The documents of a file, or of standard input for `-`. Raises `ReadError`, mostly at the first `next`."""
    return Documents(_read_file(path, settings))


def read_bytes(name: str, data: bytes, settings: Settings) -> Documents:
    """The documents of `data`, read as a file of that name would be, or by their first bytes where `name` is `-`."""
    reader = _sniffed(data) if name == STDIN else reader_of(name)
    return Documents(reader(name, io.BytesIO(data), settings))


def reader_of(name: str) -> Reader:
    """The reader for a file's name. Raises `ReadError` (`format`)."""
    suffix = Path(name).suffix.lower()
    if suffix not in READERS:
        known = ", ".join(READERS)
        raise ReadError(name, "format", f"no reader for {suffix or 'a file without a suffix'}: use {known}")
    return READERS[suffix]


def _read_file(path: Path, settings: Settings) -> Iterator[Document | ReadError]:
    if str(path) == STDIN:
        yield from read_bytes(STDIN, sys.stdin.buffer.read(settings.max_bytes + 1), settings)._found
        return
    reader = reader_of(str(path))
    try:
        with path.open("rb") as stream:
            yield from reader(str(path), stream, settings)
    except OSError as error:
        raise ReadError(str(path), "io", f"cannot be opened: {error.strerror or error}") from error


def _sniffed(data: bytes) -> Reader:
    """The reader that fits the first bytes."""
    head = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith(b"%pdf-"):
        return pdf.read
    if head.startswith(b"pk\x03\x04"):
        return READERS[".zip"]
    if head.startswith((b"<!doctype html", b"<html")):
        return html.read
    if head.startswith((b"<?xml", b"<rss", b"<feed", b"<rdf")):
        return html.read if b"<html" in head else feed.read
    return jsonl.read if head.startswith(b"{") and b'"text"' in data[:100_000] else txt.read


READERS[".zip"] = partial(archive.read, reader_of=reader_of)

"""Files to documents. `READERS` names the reader of each suffix; adding a format is a module and a line here."""

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from kg.errors import ReadError
from kg.model import Document
from kg.read import jsonl, md, txt
from kg.settings import Settings

Reader = Callable[[str, BinaryIO, Settings], Iterator[Document]]

READERS: dict[str, Reader] = {
    ".txt": txt.read,
    ".md": md.read,
    ".markdown": md.read,
    ".jsonl": jsonl.read,
    ".ndjson": jsonl.read,
}


def read(path: Path, settings: Settings) -> Iterator[Document]:
    """The documents of a file. Raises `ReadError`."""
    reader = reader_of(str(path))
    try:
        with path.open("rb") as stream:
            yield from reader(str(path), stream, settings)
    except OSError as error:
        raise ReadError(str(path), "io", error.strerror or str(error)) from error


def read_bytes(name: str, data: bytes, settings: Settings) -> Iterator[Document]:
    """The documents of `data`, read as a file of that name would be. Raises `ReadError`."""
    return reader_of(name)(name, io.BytesIO(data), settings)


def reader_of(name: str) -> Reader:
    """The reader for a file's name. Raises `ReadError` (`format`)."""
    suffix = Path(name).suffix.lower()
    if suffix not in READERS:
        raise ReadError(name, "format", f"no reader for {suffix or 'a file without a suffix'}: {', '.join(READERS)}")
    return READERS[suffix]

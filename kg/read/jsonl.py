"""JSON Lines: one document a line, with `text` and where known `id`, `date`, `title`, `authors`, `source`."""

import json
from collections.abc import Iterator
from typing import BinaryIO

from kg.errors import ReadError
from kg.model import Document
from kg.read.document import About, clean, titled
from kg.settings import Settings

_MAX_NESTS = 100_000  # each takes some hundred bytes of memory


def read(name: str, stream: BinaryIO, settings: Settings) -> Iterator[Document | ReadError]:
    """A document for each line, named `name#id`, or the error (`json`, `too-large`, `empty`) of that line."""
    number = 0
    while line := stream.readline(settings.max_bytes + 1):
        number += 1
        if len(line) > settings.max_bytes:
            raise ReadError(f"{name}#{number}", "too-large", f"the line is larger than {settings.max_bytes} bytes")
        if number == 1:
            line = line.removeprefix(b"\xef\xbb\xbf")
        if not line.strip():
            continue
        try:
            yield _document(name, number, line, settings)
        except ReadError as error:
            yield error
    if not number:
        raise ReadError(name, "empty", "the file is empty")


def _document(name: str, number: int, line: bytes, settings: Settings) -> Document:
    where = f"{name}#{number}"
    if line.count(b"[") + line.count(b"{") > _MAX_NESTS:
        raise ReadError(where, "json", f"line {number} holds more than {_MAX_NESTS} lists and objects")
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ReadError(where, "json", f"line {number} is not JSON: {str(error)[:100]}") from error
    if not isinstance(record, dict) or not isinstance(record.get("text"), str):
        raise ReadError(where, "json", f"line {number} is not an object with a field `text`")
    if isinstance(record.get("id"), str | int):
        where = clean(f"{name}#{record['id']}").replace("\n", " ")
    title = _string(record, "title").replace("\n", " ").strip()
    text = clean(record["text"])
    authors = record.get("authors") or record.get("author") or ()
    authors = (authors,) if isinstance(authors, str) else authors if isinstance(authors, list) else ()
    about = About(
        date=_string(record, "date") or None,
        authors=tuple(a for a in authors if isinstance(a, str)),
        source=_string(record, "source") or _string(record, "url") or None,
        media_type="application/jsonl",
    )
    return titled(where, title, text, line, about, settings)


def _string(record: dict[str, object], key: str) -> str:
    value = record.get(key)
    return clean(value) if isinstance(value, str) else ""

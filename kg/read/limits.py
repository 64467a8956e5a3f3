"""Reading no more than is allowed."""

from typing import BinaryIO

from kg.errors import ReadError
from kg.settings import Settings


def take(name: str, stream: BinaryIO, settings: Settings) -> bytes:
    """All of `stream`. Raises `ReadError` (`too-large`, `empty`)."""
    data = stream.read(settings.max_bytes + 1)
    if len(data) > settings.max_bytes:
        raise ReadError(name, "too-large", f"larger than {settings.max_bytes} bytes: split it, or raise the limit")
    if not data:
        raise ReadError(name, "empty", "the file is empty")
    return data

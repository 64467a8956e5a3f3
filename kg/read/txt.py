"""Plain text, with front matter and Markdown where it begins with them."""

from collections.abc import Iterator
from typing import BinaryIO

from kg.model import Document
from kg.read import md
from kg.read.document import About, bounded, make
from kg.read.encoding import decode
from kg.read.limits import take
from kg.settings import Settings


def read(name: str, stream: BinaryIO, settings: Settings) -> Iterator[Document]:
    """One document. Raises `ReadError` (`too-large`, `encoding`, `binary`, `empty`, `too-long`)."""
    data = take(name, stream, settings)
    text = bounded(name, decode(name, data), settings)
    about = md.about(text) if md.looks_like_markdown(text) else About()
    yield make(name, text, data, about, settings)

"""RSS and Atom files: a document for each entry."""

import re
from collections.abc import Iterator
from typing import BinaryIO
from xml.etree import ElementTree

from kg.errors import ReadError
from kg.model import Document
from kg.read.document import About, clean, titled
from kg.read.limits import take
from kg.read.markup import paragraphs
from kg.settings import Settings

_ENTRIES = frozenset({"item", "entry"})
_BODIES = ("encoded", "content", "description", "summary")
_DATES = ("pubDate", "published", "date", "updated")
_MAX_TAGS = 400_000
_MARKUP = re.compile(r"<[a-zA-Z/!]|&(?:lt|amp|nbsp|#)")


def read(name: str, stream: BinaryIO, settings: Settings) -> Iterator[Document | ReadError]:
    """A document for each entry, named `name#number`. Raises `ReadError` (`xml`, `too-large`, `empty`)."""
    data = take(name, stream, settings)
    if b"<!ENTITY" in data:
        raise ReadError(name, "xml", "it declares entities, which are not read: remove its document type")
    if data.count(b"<") > _MAX_TAGS:
        raise ReadError(name, "too-large", f"more than {_MAX_TAGS} tags: split the feed")
    try:
        root = ElementTree.fromstring(data)
    except (ElementTree.ParseError, ValueError, LookupError, RecursionError) as error:
        raise ReadError(name, "xml", f"not well-formed XML: {error}") from error
    entries = [e for e in root.iter() if _local(e) in _ENTRIES]
    if not entries:
        raise ReadError(name, "empty", "it holds no RSS items or Atom entries")
    channel = root.find("channel")
    source = _text(root if channel is None else channel, "title")
    for number, entry in enumerate(entries, 1):
        try:
            yield _document(f"{name}#{number}", entry, source, settings)
        except ReadError as error:
            yield error


def _document(name: str, entry: ElementTree.Element, source: str, settings: Settings) -> Document:
    title = paragraphs(_text(entry, "title")).replace("\n", " ")
    body = next((text for text in (_text(entry, key) for key in _BODIES) if text), "")
    plain = "\n".join(line.strip() for line in body.splitlines() if line.strip())
    text = paragraphs(body) if _MARKUP.search(body) else plain
    about = About(
        date=next((d for d in (_text(entry, key) for key in _DATES) if d), None),
        date_source="feed",
        authors=tuple(dict.fromkeys(a for a in (_text(entry, "creator"), _text(entry, "author")) if a)),
        source=source or _link(entry),
        media_type="application/rss+xml",
    )
    return titled(name, clean(title), clean(text), ElementTree.tostring(entry), about, settings)


def _local(element: ElementTree.Element) -> str:
    return element.tag.rsplit("}", 1)[-1] if isinstance(element.tag, str) else ""


def _text(element: ElementTree.Element, key: str) -> str:
    """The text of the first child of that name, whatever its namespace, the text of its own children with it."""
    for child in element:
        if _local(child) == key:
            return "".join(child.itertext()).strip()
    return ""


def _link(entry: ElementTree.Element) -> str | None:
    for child in entry:
        if _local(child) == "link":
            return child.get("href") or (child.text or "").strip() or None
    return None

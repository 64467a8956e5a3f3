"""Web pages by trafilatura: the article's text, title, date and author, without what surrounds it."""

import re
from collections.abc import Iterator
from typing import BinaryIO

from kg.errors import ReadError
from kg.model import Document
from kg.read.document import About, clean, titled
from kg.read.encoding import decode, named
from kg.read.limits import take
from kg.read.markup import MAX_OPEN, paragraphs, without_long_tags
from kg.settings import Settings

_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*+=\s*+[\"']?\s*+([\w-]{2,20})", re.IGNORECASE)
_TITLE = re.compile(r"<title[^>]{0,200}>([^<]{0,500})</title", re.IGNORECASE)
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*+)[^<>]*+>")
_VOID = frozenset(
    "area base br col dd dt embed hr img input li link meta option p param source td th tr track wbr".split()  # noqa: SIM905
)
_MAX_DEPTH = 120
_MAX_BYTES = 4_000_000
_MAX_TAGS = 40_000  # beyond it parsers take seconds
_EXTRACTED = (2_000_000, 16_000)  # bytes and tags; larger pages are read whole, which costs a tenth of the time
_COMPARED = (5_000, 1_200)  # tags and texts; in larger ones trafilatura's comparison takes the square of the texts
_TEXT = re.compile(r">\s*[^<\s]")


def read(name: str, stream: BinaryIO, settings: Settings) -> Iterator[Document]:
    """One document: title and article. Raises `ReadError` (`too-large`, `too-deep`, `damaged`, `encoding`, `empty`)."""
    data = take(name, stream, settings)
    if len(data) > _MAX_BYTES:
        raise ReadError(name, "too-large", f"a page of more than {_MAX_BYTES} bytes: save its article as text")
    match = _CHARSET.search(data, 0, 4096)
    page = without_long_tags(clean(named(name, data, match[1].decode()) if match else decode(name, data)))
    if page.count("<") > _MAX_TAGS:
        raise ReadError(name, "too-large", f"more than {_MAX_TAGS} tags: save its article as text")
    if any(part.count("<") > MAX_OPEN for part in page.split(">")):
        raise ReadError(name, "damaged", f"more than {MAX_OPEN} tags in a row are cut off: save its article as text")
    _check_depth(name, page)
    tags = page.count("<")
    whole = len(data) > _EXTRACTED[0] or tags > _EXTRACTED[1]
    quick = tags > _COMPARED[0] or len(_TEXT.findall(page)) > _COMPARED[1]
    title, text, about = _whole(page) if whole else _extract(page, quick=quick)
    yield titled(name, title, text, data, about, settings)


def _check_depth(name: str, page: str) -> None:
    """Parsers of C and Python recurse; a page nested this deep is an attack or damaged."""
    depth = 0
    for match in _TAG.finditer(page):
        if match[0].endswith("/>") or match[2].lower() in _VOID:
            continue
        depth = max(0, depth - 1) if match[1] else depth + 1
        if depth > _MAX_DEPTH:
            reason = f"its tags are nested more than {_MAX_DEPTH} deep: save its article as text"
            raise ReadError(name, "too-deep", reason)


def _whole(page: str) -> tuple[str, str, About]:
    """The title, and all text of the page."""
    match = _TITLE.search(page)
    return (match[1].strip() if match else ""), paragraphs(page), About(media_type="text/html")


def _extract(page: str, *, quick: bool) -> tuple[str, str, About]:
    import trafilatura

    try:
        found = trafilatura.bare_extraction(
            page, with_metadata=True, include_comments=False, favor_precision=False, fast=quick
        )
    except Exception:  # whatever a damaged page does to it, the plain way below still reads the page
        found = None
    if found is None or isinstance(found, dict) or not found.text:
        return _whole(page)
    title, text = clean(found.title or ""), clean(found.text)
    return (
        title,
        text,
        About(
            date=found.date,
            date_source="metadata",
            authors=tuple(a.strip() for a in (found.author or "").split(";") if a.strip()),
            source=found.sitename or found.url or found.hostname,
            media_type="text/html",
        ),
    )

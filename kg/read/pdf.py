"""PDF by pdfium: characters with their boxes, put in the order of columns in which they are read."""

import ctypes
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

from kg.errors import ReadError
from kg.model import Document, Span
from kg.read import pdfium
from kg.read.columns import Box, Group, in_order
from kg.read.document import About, clean, make
from kg.read.limits import take
from kg.settings import Settings

_SCANNED = 8  # fewer characters than this a page are no text
_JOINED = 0.7  # of the size: a wider gap ends a run
_SPACED = 1.6  # where a blank stands in the file
_INDENT = (1.5, 4.0)
_DIGITS = re.compile(r"[\d\s\-—–·|/]+")
_PASSWORD = 4
_NESTED = b"[" * 200  # opened one right behind the other: pdfium takes hundreds of megabytes for such
_OPENING = bytes(ord("[") if char in b"[(<" else ord("x") for char in range(256))
_PAGE = 60_000  # characters; the densest newspaper pages have a third


def read(name: str, stream: BinaryIO, settings: Settings) -> Iterator[Document]:
    """One document. Raises `ReadError` (`pdf`, `encrypted`, `ocr`, `too-large`, `too-long`)."""
    data = take(name, stream, settings)
    pages, created = _pages(name, data, settings)
    if sum(len(b.text) for page in pages for b in page) < _SCANNED * len(pages):
        raise ReadError(name, "ocr", "its pages are pictures without text: run OCR on it first, for example ocrmypdf")
    text, cuts = _text([in_order(page) for page in pages])
    about = About(media_type="application/pdf", cuts=cuts, fallback_date=created)
    yield make(name, text, data, about, settings)


def _pages(name: str, data: bytes, settings: Settings) -> tuple[list[list[Box]], str | None]:
    pypdfium2 = pdfium.load()
    if _NESTED in data.translate(_OPENING, b" \t\r\n\f\v\0"):
        raise ReadError(name, "pdf", "its lists are nested too deeply: print it to a new PDF")
    try:
        pdf = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == _PASSWORD:
            raise ReadError(name, "encrypted", "it needs a password: save a copy without one") from error
        raise ReadError(name, "pdf", f"not a readable PDF ({error}): print it to a new PDF") from error
    try:
        pages = []
        size = 0
        for number in range(len(pdf)):
            page = pdf[number]
            text = page.get_textpage()
            if text.count_chars() > _PAGE:
                raise ReadError(name, "too-long", f"a page of more than {_PAGE} characters: print it to a new PDF")
            pages.append(list(_boxes(text, page.get_height())))
            text.close()
            size += sum(len(b.text) for b in pages[-1])
            if size > settings.max_characters:
                raise ReadError(name, "too-long", f"longer than {settings.max_characters} characters: split it")
        return pages, (pdf.get_metadata_value("CreationDate") or "").removeprefix("D:") or None
    except pypdfium2.PdfiumError as error:
        raise ReadError(name, "pdf", f"a page is damaged ({error}): print it to a new PDF") from error
    finally:
        pdf.close()


def _boxes(text: Any, height: float) -> Iterator[Box]:
    """Runs of characters that stand on one line without a wide gap, as they come in the file."""
    run: list[str] = []
    x0 = x1 = y0 = y1 = size = 0.0
    for char, left, bottom, right, top, points in _characters(text):
        if char.isspace():
            if run and run[-1] != " ":
                run.append(" ")
            continue
        reach = (_SPACED if run and run[-1] == " " else _JOINED) * max(size, points)
        near = run and abs(bottom - y0) <= 0.4 * size and -0.5 * size <= left - x1 <= reach
        if run and not (near and 0.7 <= points / size <= 1.4):
            yield Box(x0, height - y1, x1, height - y0, size, "".join(run).strip())
            run = []
        if not run:
            x0, y0, y1, size = left, bottom, top, points
        run.append(char)
        x1, y1 = right, max(y1, top)
    if "".join(run).strip():
        yield Box(x0, height - y1, x1, height - y0, size, "".join(run).strip())


def _characters(text: Any) -> Iterator[tuple[str, float, float, float, float, float]]:
    import pypdfium2.raw as raw

    handle = text.raw
    rect = raw.FS_RECTF()
    pointer = ctypes.byref(rect)
    unicode_of, box_of, generated = raw.FPDFText_GetUnicode, raw.FPDFText_GetLooseCharBox, raw.FPDFText_IsGenerated
    high = 0
    for i in range(text.count_chars()):
        code = unicode_of(handle, i)
        if 0xD800 <= code < 0xDC00:
            high = code
            continue
        if 0xDC00 <= code < 0xE000:
            code = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00) if high else 0xFFFD
        high = 0
        if code < 32 or code in (0xFFFE, 0xFFFF) or (code == 32 and generated(handle, i) == 1):
            continue
        if not box_of(handle, i, pointer):
            continue
        size = rect.top - rect.bottom
        if size > 0 and rect.right >= rect.left:
            yield chr(code), rect.left, rect.bottom, rect.right, rect.top, size


def _text(pages: Sequence[Sequence[Group]]) -> tuple[str, tuple[Span, ...]]:
    """The pages' text, and the spans of what repeats on pages' heads and feet."""
    repeated = _repeated(pages)
    parts: list[str] = []
    cuts: list[Span] = []
    at = 0
    for page in pages:
        edges = _edges(page)
        for group in page:
            for line, row, blank in _lines(group):
                full = ("\n" if blank and parts else "") + line + "\n"
                start = at + len(full) - len(line) - 1
                if row in edges and _DIGITS.sub("", line) in repeated:
                    cuts.append(Span(start, start + len(line)))
                parts.append(full)
                at += len(full)
    return clean("".join(parts)), tuple(cuts)


def _lines(group: Group) -> Iterator[tuple[str, tuple[Box, ...], bool]]:
    """Each line with its boxes, and whether white space stands before it."""
    left = min(row[0].x0 for row in group.rows)
    above: Box | None = None
    for row in group.rows:
        first = row[0]
        line = ("\t" if group.table else "  ").join(box.text for box in row)
        away = (first.x0 - left) / first.size
        if not group.table and _INDENT[0] <= away <= _INDENT[1]:
            line = "\u3000\u3000" + line
        gap = above is None or first.y0 - above.y1 > 0.9 * min(first.size, above.size)
        resized = above is not None and not 0.87 <= first.size / above.size <= 1.15
        yield line, row, gap or resized
        above = first


def _edges(page: Sequence[Group]) -> set[tuple[Box, ...]]:
    """The topmost and the lowest row of a page."""
    rows = [row for group in page for row in group.rows]
    return {min(rows, key=lambda r: r[0].y0), max(rows, key=lambda r: r[0].y1)} if rows else set()


def _repeated(pages: Sequence[Sequence[Group]]) -> set[str]:
    if len(pages) < 2:
        return set()
    seen = Counter(
        text for page in pages for text in {_DIGITS.sub("", "  ".join(box.text for box in row)) for row in _edges(page)}
    )
    return {text for text, count in seen.items() if count >= max(2, 0.6 * len(pages))}

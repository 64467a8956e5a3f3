"""Text for a terminal: nothing that a document or a file name holds may steer it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

import click

_STEERING = {"Cc", "Cf", "Zl", "Zp", "Cs"}
_WIDE = {"W", "F"}


def plain(text: str) -> str:
    """`text` with control and bidi characters escaped."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_escape(c) if unicodedata.category(c) in _STEERING else c for c in text)


def width(text: str) -> int:
    """Columns of a terminal that `text` takes."""
    return sum(2 if unicodedata.east_asian_width(c) in _WIDE else 1 for c in text)


def pad(text: str, columns: int) -> str:
    return text + " " * (columns - width(text))


def table(rows: Iterable[Sequence[object]]) -> None:
    """Prints columns, each as wide as its widest cell."""
    cells = [[plain(str(cell)) for cell in row] for row in rows]
    widths = [max(map(width, column)) for column in zip(*cells, strict=True)]
    for row in cells:
        click.echo("  ".join(map(pad, row, widths)).rstrip())


def _escape(char: str) -> str:
    return char.encode("unicode_escape").decode()

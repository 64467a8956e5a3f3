"""pdfium with one font in place of every Chinese, Japanese and Korean one that a file names but does not hold.

What is read from a file must not hang on the fonts of a machine, and loading them takes longer than all else. Where a
character stands the file says itself, but pdfium drops those without a glyph: glyph.ttf has the same one for all
(cmap format 13, by fontTools).
"""

import ctypes
from functools import cache
from pathlib import Path
from typing import Any

_CHARSETS = (128, 129, 134, 136)
"""Of Windows: Japanese, Korean, simplified and traditional Chinese. For all else pdfium has its own fonts."""


@cache
def load() -> Any:
    """The module pypdfium2, set up."""
    import pypdfium2
    from pypdfium2 import raw

    raw.FPDF_SetSystemFontInfo(ctypes.byref(_fonts(raw)))
    return pypdfium2


@cache
def _fonts(raw: Any) -> Any:
    """What pdfium asks for fonts; it keeps the address, so this has to stay."""
    font = Path(__file__).with_name("glyph.ttf").read_bytes()
    kinds = dict(raw.FPDF_SYSFONTINFO._fields_)

    def find(_info: object, _weight: int, _italic: int, charset: int, *_: object) -> int | None:
        return 1 if charset in _CHARSETS else None

    def data(_info: object, _font: int, table: int, buffer: Any, size: int) -> int:
        if table:  # one of a collection, or a single table: there are none to be had
            return 0
        if size >= len(font):
            ctypes.memmove(buffer, font, len(font))
        return len(font)

    return raw.FPDF_SYSFONTINFO(version=1, MapFont=kinds["MapFont"](find), GetFontData=kinds["GetFontData"](data))

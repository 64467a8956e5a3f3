"""Tables for terminals, in which Chinese characters take two columns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from unicodedata import category, east_asian_width

_WIDEST = 60


def table(columns: Sequence[str], rows: Iterable[Sequence[object]], *, widest: int = _WIDEST) -> str:
    """Columns padded to their widest cell; cells wider than `widest` columns are cut with an ellipsis."""
    cells = [[_cut(safe("" if cell is None else str(cell)), widest) for cell in row] for row in rows]
    widths = [max(map(width, column)) for column in zip(columns, *cells, strict=True)]
    lines = [columns, ["─" * w for w in widths], *cells]
    return "\n".join("  ".join(_pad(c, w) for c, w in zip(line, widths, strict=True)).rstrip() for line in lines)


def width(text: str) -> int:
    """Columns that `text` takes."""
    return sum(2 if east_asian_width(char) in "WF" else 0 if category(char) in ("Mn", "Me") else 1 for char in text)


def safe(text: str) -> str:
    """`text` on one line, its control and direction marks shown as escapes."""
    return "".join(f"\\u{ord(c):04x}" if category(c) in ("Cc", "Cf", "Cs") else c for c in " ".join(text.split()))


def _pad(text: str, to: int) -> str:
    return text + " " * (to - width(text))


def _cut(text: str, widest: int) -> str:
    if width(text) <= widest:
        return text
    kept, used = [], 0
    for char in text:
        used += width(char)
        if used > widest - 1:
            break
        kept.append(char)
    return "".join(kept) + "…"

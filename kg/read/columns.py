"""Reading order of boxes on a page: recursive cuts along white space, columns kept apart, tables read by rows.

After the recursive X-Y cut (Nagy and Seth 1984), with one change for newspapers: bands of the page are grouped
from the top for as long as a gutter runs through the group, so that a headline across columns ends a group and
columns are read to their foot.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median

_GUTTER = 0.8  # of the text's size
_HALF = frozenset("，。、；：！？」』）》】”’")  # their ink fills the left half; they may hang over a column's edge
_LARGE = 1.3
_CELL = 8.0
_DEEPEST = 40


@dataclass(frozen=True, slots=True)
class Box:
    """A run of text on one line; y grows downwards, the unit is the page's."""

    x0: float
    y0: float
    x1: float
    y1: float
    size: float
    text: str


@dataclass(frozen=True, slots=True)
class Group:
    """Lines to be read one after the other, each a row of boxes from left to right."""

    rows: tuple[tuple[Box, ...], ...]
    table: bool = False


def in_order(boxes: Sequence[Box]) -> list[Group]:
    """The page's groups of lines in reading order."""
    if not boxes:
        return []
    return list(_order(list(boxes), median(b.size for b in boxes), 0))


def _order(boxes: list[Box], size: float, depth: int) -> Iterator[Group]:
    bands = _bands(boxes)
    parts = _at_headlines(bands, size) if depth < _DEEPEST else [boxes]
    if len(parts) > 1:
        for part in parts:
            yield from _order(part, size, depth + 1)
        return
    cut = _gutter(boxes, size)
    if cut is not None:
        if _is_table(boxes, size):
            yield Group(tuple(_rows(boxes)), table=True)
            return
        for side in ([b for b in boxes if b.x0 < cut], [b for b in boxes if b.x0 >= cut]):
            yield from _order(side, size, depth + 1)
        return
    groups = _grouped(bands, size)
    if len(groups) == 1 or depth >= _DEEPEST:
        yield Group(tuple(_rows(boxes)))
        return
    for group in groups:
        yield from _order(group, size, depth + 1)


def _bands(boxes: Iterable[Box]) -> list[list[Box]]:
    """Boxes parted by white space that runs across all of them, from the top."""
    bands: list[list[Box]] = []
    foot = float("-inf")
    for box in sorted(boxes, key=lambda b: (b.y0, b.x0)):
        slack = 0.25 * box.size
        if not bands or box.y0 >= foot - slack:
            bands.append([])
            foot = box.y1
        bands[-1].append(box)
        foot = max(foot, box.y1)
    return bands


def _at_headlines(bands: Sequence[list[Box]], size: float) -> list[list[Box]]:
    """The bands in parts, each beginning with a band of large letters only (all its neighbours with it)."""
    parts: list[list[Box]] = []
    was_large = False
    for band in bands:
        large = min(b.size for b in band) >= _LARGE * size
        if not parts or (large and not was_large):
            parts.append([])
        parts[-1] += band
        was_large = large
    return parts


def _gutter(boxes: Sequence[Box], size: float) -> float | None:
    """The middle of the widest white column that runs through all boxes, if it is wide enough."""
    best: tuple[float, float] | None = None
    edge: float | None = None
    for box in sorted(boxes, key=lambda b: b.x0):
        if edge is not None and box.x0 - edge >= _GUTTER * size and (best is None or box.x0 - edge > best[0] + 0.01):
            best = (box.x0 - edge, (box.x0 + edge) / 2)
        end = box.x1 - 0.5 * box.size if box.text[-1:] in _HALF else box.x1
        edge = end if edge is None else max(edge, end)
    return best[1] if best else None


def _grouped(bands: Sequence[list[Box]], size: float) -> list[list[Box]]:
    groups: list[list[Box]] = []
    parted = False
    for band in bands:
        alone = _gutter(band, size) is not None
        if groups:
            together = _gutter([*groups[-1], *band], size) is not None
            if together if (parted or alone) else True:
                groups[-1] += band
                parted = parted or (together and alone)
                continue
        groups.append(list(band))
        parted = alone
    return groups


def _rows(boxes: Iterable[Box]) -> list[tuple[Box, ...]]:
    rows: list[list[Box]] = []
    for box in sorted(boxes, key=lambda b: (b.y1, b.x0)):
        if rows and abs(rows[-1][-1].y1 - box.y1) <= 0.45 * min(box.size, rows[-1][-1].size):
            rows[-1].append(box)
        else:
            rows.append([box])
    return [tuple(sorted(row, key=lambda b: b.x0)) for row in rows]


def _is_table(boxes: Sequence[Box], size: float) -> bool:
    """Short cells that stand in rows."""
    rows = _rows(boxes)
    if len(rows) < 2:
        return False
    cells = [box for row in rows for box in row[1:]]
    short = sum(b.x1 - b.x0 <= _CELL * size for b in cells) >= 0.9 * len(cells) and bool(cells)
    return short and sum(len(row) > 1 for row in rows) >= 0.6 * len(rows)

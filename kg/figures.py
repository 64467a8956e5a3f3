"""Figures of a graph as rows, CSV and plots.

A plot needs matplotlib (the extra `plot`) and, for Chinese words, a font that has them.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.errors import QueryError
from kg.model import ACTUAL
from kg.names import display

if TYPE_CHECKING:
    from kg.graph import KnowledgeGraph

COLUMNS = (
    "about", "indicator", "value", "unit", "qualifier", "start", "end", "kind", "says", "confidence", "text", "quote",
    "document",
)  # fmt: skip
CJK_FONTS = (
    "Noto Sans CJK TC", "Noto Sans CJK HK", "Noto Sans CJK SC", "Noto Sans CJK JP", "Noto Sans TC", "Noto Sans SC",
    "Source Han Sans TC", "Source Han Sans SC", "PingFang HK", "PingFang TC", "PingFang SC", "Hiragino Sans",
    "Microsoft JhengHei", "Microsoft YaHei", "SimHei", "WenQuanYi Zen Hei", "WenQuanYi Micro Hei", "AR PL UMing HK",
    "Arial Unicode MS", "Droid Sans Fallback",
)  # fmt: skip
"""Families with Chinese characters, the likeliest to be complete first."""
FORMATS = ("png", "svg", "pdf")
_SERIES = 8
_DEFUSED = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Row:
    """One figure, ready to be read; `start` and `end` are ISO 8601 or empty."""

    about: str
    indicator: str
    value: Decimal
    unit: str
    qualifier: str
    start: str
    end: str
    kind: str
    says: str
    confidence: float
    text: str
    quote: str
    document: str


def rows(graph: KnowledgeGraph, about: str | None = None, indicator: str | None = None) -> list[Row]:
    """The figures of one entity (a name in any script, an id), of one indicator, or all, by entity and time.

    Raises `QueryError` where the graph has no such entity.
    """
    names = {e.id: display(e) for e in graph.entities}
    files = {d.id: d.name for d in graph.documents}
    found = [
        Row(
            about=names.get(o.about, o.about),
            indicator=o.indicator,
            value=o.value,
            unit=o.unit,
            qualifier=o.qualifier or "",
            start=o.start or "",
            end=o.end or "",
            kind=o.kind,
            says=", ".join(names.get(i, i) for i in o.attributed_to),
            confidence=o.confidence,
            text=o.text,
            quote=o.evidence[0].quote if o.evidence else "",
            document=files.get(o.evidence[0].document, "") if o.evidence else "",
        )
        for o in graph.figures(about, indicator)
    ]
    return sorted(found, key=lambda r: (r.about, r.start, r.end, r.indicator, r.value, r.kind, r.text, r.document))


def to_csv(figures: Iterable[Row]) -> str:
    """CSV with a header line; words that a spreadsheet would run as a formula are defused with an apostrophe."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for figure in figures:
        writer.writerow([_cell(getattr(figure, column)) for column in COLUMNS])
    return out.getvalue()


def _cell(value: object) -> str:
    if isinstance(value, Decimal):
        return format(value, "f")
    text = str(value)
    return f"'{text}" if text.startswith(_DEFUSED) else text


def when(figure: Row) -> date | None:
    """The day that stands for the figure's period in a plot: its last, else its first; None where it has none."""
    text = figure.end or figure.start
    if not text:
        return None
    numbers = [int(n) for n in text.split("-")]
    return date(*(numbers + [1, 1][len(numbers) - 1 :])) if len(numbers) < 3 else date(*numbers)


def series(figures: Iterable[Row]) -> dict[tuple[str, str], list[Row]]:
    """The dated figures by indicator and unit, the longest series first, each in the order of time."""
    groups: dict[tuple[str, str], list[Row]] = {}
    for figure in figures:
        if when(figure) is not None:
            groups.setdefault((figure.indicator, figure.unit), []).append(figure)
    for group in groups.values():
        group.sort(key=lambda r: (when(r) or date.min, r.value))
    return dict(sorted(groups.items(), key=lambda item: (-len(item[1]), item[0])))


def plot(figures: Sequence[Row], path: Path, *, title: str = "") -> str | None:
    """Draw the figures of one unit over time to `path` (PNG, SVG or PDF): actual as points and lines, the rest hollow.

    The unit drawn is that of most figures. Gives a hint where no font with Chinese characters was found.
    Raises `QueryError` where there is nothing to draw, the format is unknown or matplotlib is missing.
    """
    if path.suffix.lower().lstrip(".") not in FORMATS:
        raise QueryError(f"{path}: a plot is a file of {', '.join(FORMATS)}")
    groups = series(figures)
    if not groups:
        raise QueryError("no figure with a date to plot; name another entity or indicator")
    try:
        mpl: Any = import_module("matplotlib")
        agg: Any = import_module("matplotlib.backends.backend_agg")
        drawing: Any = import_module("matplotlib.figure")
    except ImportError as error:
        raise QueryError("plots need matplotlib: pip install 'jinluo[plot]'") from error
    font = _font()
    counts: dict[str, int] = {}
    for (_, unit), group in groups.items():
        counts[unit] = counts.get(unit, 0) + len(group)
    unit = max(sorted(counts), key=lambda name: counts[name])
    settings: dict[str, Any] = {"svg.hashsalt": "kg", "axes.unicode_minus": False}
    if font:
        settings["font.family"] = [font]
    with mpl.rc_context(settings):
        figure = drawing.Figure(figsize=(9, 5), layout="constrained")
        agg.FigureCanvasAgg(figure)
        axes = figure.add_subplot()
        _draw(axes, [(name, group) for (name, own), group in groups.items() if own == unit][:_SERIES])
        axes.set_title(title)
        axes.set_ylabel(unit)
        axes.legend(fontsize="small")
        figure.autofmt_xdate()
        dated = {"Date": None} if path.suffix.lower() == ".svg" else None
        figure.savefig(path, metadata=dated)
    return None if font else "no font with Chinese characters was found; install one, such as fonts-noto-cjk"


def _draw(axes: Any, groups: Sequence[tuple[str, Sequence[Row]]]) -> None:
    for i, (name, group) in enumerate(groups):
        actual = [r for r in group if r.kind == ACTUAL]
        others = [r for r in group if r.kind != ACTUAL]
        colour = f"C{i}"
        if actual:
            axes.plot([when(r) for r in actual], [float(r.value) for r in actual], "o-", color=colour, label=name)
        if others:
            style = {"marker": "D", "facecolors": "none", "edgecolors": colour}
            label = f"{name} ({'/'.join(sorted({r.kind for r in others}))})"
            axes.scatter([when(r) for r in others], [float(r.value) for r in others], label=label, **style)


def _font() -> str | None:
    font_manager: Any = import_module("matplotlib.font_manager")
    known = {font.name for font in font_manager.fontManager.ttflist}
    return next((name for name in CJK_FONTS if name in known), None)

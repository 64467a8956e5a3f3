"""kg view: the graph as one HTML page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from kg.view import Page, ViewData


@click.command("view")
@click.argument("output", type=click.Path(path_type=Path))
@click.option("-o", "file", type=click.Path(dir_okay=False, path_type=Path), help="[default: OUTPUT/graph.html]")
@click.option("--title", default="", help="What the page is headed.")
@click.option("--language", type=click.Choice(["en", "zh-Hans", "zh-Hant"]), help="Until its reader chooses.")
@click.option("--from", "start", metavar="DATE", help="Only what documents of this date or later say.")
@click.option("--to", "end", metavar="DATE", help="Only what documents of this date or earlier say.")
@click.option("--split", type=click.Choice(["year", "month"]), help="A page for each period: FILE-2025.html, …")
def command(
    output: Path,
    file: Path | None,
    title: str,
    language: str | None,
    start: str | None,
    end: str | None,
    split: str | None,
) -> None:
    """Write the graph in OUTPUT as one HTML page, which works from the file with the network off.

    A DATE is a year, a month or a day: 2025, 2025-03, 2025-03-18.
    """
    from kg import graph, view

    data = view.from_graph(graph.load(output), title=title)
    if start or end:
        data = data.between(start or "0000", end or "9999")
    place = file or output / "graph.html"
    for path, part in _parts(data, place, split):
        _tell(view.render(part, path, language=language or ""), output)


def _parts(data: ViewData, place: Path, split: str | None) -> list[tuple[Path, ViewData]]:
    if not split:
        return [(place, data)]
    periods = data.periods(split)
    return [(place.with_name(f"{place.stem}-{p}{place.suffix}"), data.between(p, p)) for p in periods]


def _tell(page: Page, output: Path) -> None:
    from cli.report import heavy

    click.echo(str(page.path))
    if page.heavy:
        heavy(page.path, page.size, output)

"""`kg figures`."""

from __future__ import annotations

from pathlib import Path

import click

from cli.table import safe, table


@click.command("figures")
@click.argument("output", type=click.Path(path_type=Path))
@click.argument("entity", required=False)
@click.option("--indicator", metavar="WORD", help="Only figures whose indicator holds WORD, in either script.")
@click.option("--kind", type=click.Choice(["actual", "forecast", "target"]), help="Only figures of this kind.")
@click.option("--csv", "as_csv", is_flag=True, help="Write CSV, with quotations and documents.")
@click.option(
    "--plot", is_flag=False, flag_value="figures.png", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
    help="Draw the figures over time to FILE (.png, .svg or .pdf; default figures.png).",
)  # fmt: skip
@click.option("--limit", default=100, show_default=True, help="Rows of the table.")
def command(
    output: Path,
    entity: str | None,
    indicator: str | None,
    kind: str | None,
    as_csv: bool,
    plot: Path | None,
    limit: int,
) -> None:
    """List the figures in OUTPUT, all or those of ENTITY: a table, CSV or a plot over time."""
    from kg import figures, graph

    found = figures.rows(graph.load(output), entity, indicator)
    found = [row for row in found if kind in (None, row.kind)]
    if plot is not None:
        hint = figures.plot(found, plot, title=found[0].about if entity and found else "")
        if hint:
            click.echo(f"Hint: {hint}", err=True)
        click.echo(safe(str(plot)))
        return
    if as_csv:
        click.echo(figures.to_csv(found), nl=False)
        return
    shown = [
        (r.about, r.indicator, format(r.value, "f"), r.unit, r.qualifier, "/".join(dict.fromkeys((r.start, r.end))),
         r.kind, r.says, r.text)
        for r in found[:limit]
    ]  # fmt: skip
    if shown:
        click.echo(table(("about", "indicator", "value", "unit", "bound", "when", "kind", "says", "text"), shown))
    click.echo(f"{len(found)} figures" + (f", {limit} shown" if len(found) > limit else ""))

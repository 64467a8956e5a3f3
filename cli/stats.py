"""kg stats: counts, and the entities in the middle of the graph."""

from __future__ import annotations

from pathlib import Path

import click

from cli.table import table


@click.command("stats")
@click.argument("output", type=click.Path(path_type=Path))
@click.option("--top", default=20, show_default=True, help="Entities to list.")
@click.option("--by", type=click.Choice(("pagerank", "degree", "betweenness")), default="pagerank", show_default=True)
def command(output: Path, top: int, by: str) -> None:
    """Count what the graph in OUTPUT holds, and rank its entities by networkx measures."""
    from kg import graph
    from kg.stats import counts, standings

    known = graph.load(output)
    for title, counted in counts(known).items():
        line = ", ".join(f"{name} {number}" for name, number in counted.items())
        click.echo(f"{click.style(title, bold=True)} ({sum(counted.values())}): {line or 'none'}")
    ranked = sorted(standings(known), key=lambda s: (-getattr(s, by), s.id))
    rows = [(s.name, s.cls, s.degree, f"{s.pagerank:.4f}", f"{s.betweenness:.4f}", s.community) for s in ranked[:top]]
    click.echo("\n" + table(("entity", "class", "degree", "pagerank", "betweenness", "community"), rows))

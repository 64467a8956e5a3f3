"""kg path: how two entities hang together."""

from __future__ import annotations

from pathlib import Path

import click

from cli.table import safe


@click.command("path")
@click.argument("output", type=click.Path(path_type=Path))
@click.argument("source")
@click.argument("target")
@click.option("--limit", default=3, show_default=True, help="Ways to show.")
@click.option("--hops", default=4, show_default=True, help="Longest way, in claims.")
def command(output: Path, source: str, target: str, limit: int, hops: int) -> None:
    """Show the best ways from SOURCE to TARGET in the graph in OUTPUT, each hop with its sentence."""
    from kg import graph
    from kg.names import display

    known = graph.load(output)
    found = known.paths(source, target, limit=limit, hops=hops)
    if not found:
        click.echo(f"no way of at most {hops} claims leads from {source} to {target}")
    for number, way in enumerate(found, 1):
        names = [display(known.parts.entities[i]) for i in way.entities]
        click.echo(click.style(f"{number}. {safe(' — '.join(names))}", bold=True))
        for hop in way.hops:
            claim = hop.claim
            ends = (display(known.parts.entities[i]) for i in (claim.subject, claim.object))
            click.echo(safe(f" {claim.predicate} ".join(ends)) + f"  ({claim.confidence:.2f})")
            click.echo(f"   「{safe(claim.evidence[0].quote)}」")

"""kg show: all that the graph knows of one entity."""

from __future__ import annotations

from pathlib import Path

import click

from cli.table import safe, table


@click.command("show")
@click.argument("output", type=click.Path(path_type=Path))
@click.argument("entity")
@click.option("--limit", default=30, show_default=True, help="Claims and figures to show of each kind.")
def command(output: Path, entity: str, limit: int) -> None:
    """Show what the graph in OUTPUT knows of ENTITY, a name in any script, an alias, a ticker or an id."""
    from kg import graph
    from kg.names import display
    from kg.rdf import local

    known = graph.load(output)
    profile = known.entity(entity)
    found, names = profile.entity, profile.names
    click.echo(click.style(display(found), bold=True) + f"  {found.cls}  ent:{local(found.id)}")
    others = sorted({name for _, name in (*found.labels, *found.aliases)} - {display(found)})
    click.echo(safe("、".join(others)))
    for kind, value in found.identifiers:
        click.echo(f"{kind}: {safe(value)}")
    click.echo(f"{found.mentions} mentions, {len(profile.claims)} claims, {len(profile.figures)} figures\n")
    claims = [
        (names[c.subject], _how(c.predicate, c.polarity, c.modality), names[c.object], f"{c.confidence:.2f}",
         "、".join(names[i] for i in c.attributed_to), c.evidence[0].quote)
        for c in profile.claims[:limit]
    ]  # fmt: skip
    if claims:
        click.echo(table(("subject", "relation", "object", "sure", "says", "in these words"), claims) + "\n")
    figures = [
        (o.indicator, o.value, o.unit, o.kind, "/".join(dict.fromkeys(filter(None, (o.start, o.end)))), o.text)
        for o in profile.figures[:limit]
    ]
    if figures:
        click.echo(table(("indicator", "value", "unit", "kind", "when", "in these words"), figures) + "\n")
    if profile.said:
        more = f"kg query {output} --name said-by --with entity={local(found.id)}"
        click.echo(f"{len(profile.said)} claims and figures are attributed to it: {more}")


def _how(predicate: str, polarity: str, modality: str) -> str:
    marks = [m for m in (polarity, modality) if m not in ("affirmed", "fact")]
    return f"{predicate} ({', '.join(marks)})" if marks else predicate

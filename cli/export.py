"""kg export: the graph as files for other programs."""

from __future__ import annotations

from pathlib import Path

import click

FORMATS = (
    "turtle", "ntriples", "nquads", "trig", "jsonld", "rdfxml", "graphml", "gexf", "csv", "neo4j", "parquet",
)  # fmt: skip
"""The keys of `kg.export.EXPORTERS`, here so that --help need not load it."""


@click.command("export")
@click.argument("output", type=click.Path(path_type=Path))
@click.option("--format", "-f", "format", type=click.Choice(FORMATS), required=True)
@click.option("-o", "folder", type=click.Path(path_type=Path), help="Folder to write to; OUTPUT/export by default.")
def command(output: Path, format: str, folder: Path | None) -> None:
    """Write the graph in OUTPUT in another format."""
    from kg import graph
    from kg.export import export

    for path in export(graph.load(output), format, folder or output / "export"):
        click.echo(str(path))

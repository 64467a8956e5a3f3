"""`kg build`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from cli.options import building, settings_of


@click.command("build")
@click.argument("paths", nargs=-1, required=True, metavar="PATH…")
@click.option(
    "-o", "--out", type=click.Path(file_okay=False, path_type=Path), default=Path("output/graph"), show_default=True,
    help="Folder of the graph.",
)  # fmt: skip
@building
def command(paths: tuple[str, ...], out: Path, workers: int | None, as_json: bool, **options: Any) -> None:
    """Build a graph from files and folders: text, Markdown, HTML, PDF, JSON Lines, feeds, archives; - is standard
    input.

    Writes OUT/graph.ttl, graph.html, store/, problems.jsonl, texts/, extractions/ and manifest.json. Documents that
    were extracted before and have not changed are not extracted again.

    Exit code 0, or 1 where a document could not be read; facts that do not fit are set aside in problems.jsonl.
    """
    from cli.report import Bar, Lines, finish
    from kg.building import run

    settings = settings_of(**options)
    bar = Lines() if as_json else Bar()
    outcome = run(paths, out, settings=settings, workers=workers, listener=bar)
    finish(outcome, as_json=as_json)

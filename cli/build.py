"""`kg build`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli.options import building, settings_of

if TYPE_CHECKING:
    from kg.engines import Engine


@click.command("build")
@click.argument("paths", nargs=-1, required=True, metavar="PATH…")
@click.option(
    "-o", "--out", type=click.Path(file_okay=False, path_type=Path), default=Path("output/graph"), show_default=True,
    help="Folder of the graph.",
)  # fmt: skip
@click.option("--engine", type=click.Choice(["spark", "dask"]), help="Build on many machines, over shared files.")
@click.option("--master", help="Where the engine is: spark://…, local[2]; tcp://… for Dask.  [default: this machine]")
@click.option(
    "--partitions", is_flag=True, help="Write OUT/partitions too, as engines do: sorted N-Triples and Parquet."
)
@building
def command(
    paths: tuple[str, ...],
    out: Path,
    engine: str | None,
    master: str | None,
    partitions: bool,
    workers: int | None,
    as_json: bool,
    **options: Any,
) -> None:
    """Build a graph from files and folders: text, Markdown, HTML, PDF, JSON Lines, feeds, archives; - is standard
    input.

    Writes OUT/graph.ttl, graph.html, store/, problems.jsonl, texts/, extractions/, assembly/ and manifest.json, with
    an engine or --partitions also partitions/. Documents that were extracted before and have not changed are not
    extracted again.

    Exit code 0, or 1 where a document could not be read; facts that do not fit are set aside in problems.jsonl.
    """
    from cli.report import Bar, Lines, finish, warn_of_page
    from kg.building import run

    settings = settings_of(**options)
    bar = Lines() if as_json else Bar()
    spread = _engine(engine, master, workers) if engine else None
    partitions = partitions or spread is not None
    outcome = run(paths, out, settings=settings, workers=workers, listener=bar, engine=spread, partitions=partitions)
    warn_of_page(out)
    finish(outcome, as_json=as_json)


def _engine(name: str, master: str | None, workers: int | None) -> Engine:
    from kg import engines

    count = workers or os.cpu_count() or 1
    return engines.spark(master or f"local[{count}]", count) if name == "spark" else engines.dask(master, count)

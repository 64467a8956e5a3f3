"""`kg bench`."""

from __future__ import annotations

import tempfile
from pathlib import Path

import click


@click.command("bench")
@click.argument("counts", nargs=-1, type=click.IntRange(10), metavar="[DOCUMENTS]…")
@click.option("--neural", is_flag=True, help="With the learned reader too.")
def command(counts: tuple[int, ...], neural: bool) -> None:
    """Build graphs of so many made-up documents (200) and tell speeds, as ratios where they can be, and memory."""
    from kg import bench

    with tempfile.TemporaryDirectory() as folder:
        for line in bench.report(Path(folder), counts or (200,), neural=neural):
            click.echo(line)

"""`kg remove`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from cli.options import building, settings_of


@click.command("remove")
@click.argument("out", type=click.Path(exists=True, file_okay=False, path_type=Path), metavar="OUTPUT")
@click.argument("documents", nargs=-1, required=True, metavar="DOCUMENT…")
@building
def command(out: Path, documents: tuple[str, ...], workers: int | None, as_json: bool, **options: Any) -> None:
    """Take documents, by name or id, out of the graph in OUTPUT. The result is as if they had never been there."""
    from cli.report import Bar, Lines, finish
    from kg.building import run

    settings = settings_of(**options)
    bar = Lines() if as_json else Bar()
    outcome = run((), out, settings=settings, workers=workers, listener=bar, keep=True, without=documents)
    finish(outcome, as_json=as_json)

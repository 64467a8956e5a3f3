"""`kg add`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from cli.options import building, settings_of


@click.command("add")
@click.argument("out", type=click.Path(exists=True, file_okay=False, path_type=Path), metavar="OUTPUT")
@click.argument("paths", nargs=-1, required=True, metavar="PATH…")
@building
def command(out: Path, paths: tuple[str, ...], workers: int | None, as_json: bool, **options: Any) -> None:
    """Add documents to the graph in OUTPUT. The result is the same as building all of them at once."""
    from cli.report import Bar, Lines, finish, warn_of_page
    from kg.building import run

    settings = settings_of(**options)
    outcome = run(paths, out, settings=settings, workers=workers, listener=Lines() if as_json else Bar(), keep=True)
    warn_of_page(out)
    finish(outcome, as_json=as_json)

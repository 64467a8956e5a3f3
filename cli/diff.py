"""kg diff: what changed between two graphs."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import click

from cli.table import safe

_SIGNS = {"added": ("+", "green"), "removed": ("-", "red"), "changed": ("~", "yellow")}


@click.command("diff")
@click.argument("before", type=click.Path(path_type=Path))
@click.argument("after", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, with all evidence.")
def command(before: Path, after: Path, as_json: bool) -> None:
    """Show the facts that were added (+), removed (-) and changed (~) from graph BEFORE to graph AFTER."""
    from kg import graph
    from kg.diff import diff
    from kg.model import encode

    changes = diff(graph.load(before), graph.load(after))
    for change in changes:
        if as_json:
            click.echo(encode(change).decode())
            continue
        sign, colour = _SIGNS[change.kind]
        quote = f"  「{safe(change.quote)}」" if change.quote else ""
        what = f"  {safe(', '.join(change.what))}" if change.what else ""
        click.echo(click.style(f"{sign} {safe(change.text)}", fg=colour) + what + quote)
    if not as_json:
        counted = Counter(c.kind for c in changes)
        click.echo(", ".join(f"{counted[kind]} {kind}" for kind in _SIGNS))

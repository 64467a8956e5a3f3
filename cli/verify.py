"""kg verify: everything in an output folder, read in full."""

from __future__ import annotations

from pathlib import Path

import click

from cli.table import table


@click.command("verify")
@click.argument("output", type=click.Path(path_type=Path))
def command(output: Path) -> None:
    """Read all of OUTPUT: the files, every triple of the store, every quotation at its place in its text.

    Exit code 1 where something is damaged or missing.
    """
    from kg import validate

    findings = validate.verify(output)
    if findings:
        click.echo(table(("what", "where", "fault"), [(f.rule, f.focus, f.reason) for f in findings], widest=90))
        click.echo(f"{output}: {len(findings)} faults", err=True)
        raise SystemExit(1)
    click.echo(f"{output}: whole; every quotation stands where it should")

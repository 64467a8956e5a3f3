"""kg validate: shapes and rules."""

from __future__ import annotations

from pathlib import Path

import click

from cli.table import table


@click.command("validate")
@click.argument("target", type=click.Path(path_type=Path))
def command(target: Path) -> None:
    """Check TARGET, the folder of a graph or an RDF file of whatever origin, against the shapes and rules.

    Exit code 1 where something does not fit.
    """
    from kg import validate

    if not target.exists():
        raise click.ClickException(f"{target}: is not there; give the folder of a graph or an RDF file")
    findings = validate.output(target) if target.is_dir() else validate.file(target)
    if findings:
        click.echo(
            table(("rule", "about", "what is wrong"), [(f.rule, f.focus, f.reason) for f in findings], widest=90)
        )
        click.echo(f"{target}: {len(findings)} faults", err=True)
        raise SystemExit(1)
    click.echo(f"{target}: fits all shapes and rules")

"""`kg gazetteer`: a user's own names."""

from pathlib import Path

import click


@click.group("gazetteer")
def command() -> None:
    """Add your own list of names, or check lists for clashes."""


@command.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "-o", "--out", type=click.Path(file_okay=False, path_type=Path), default=Path("gazetteer"), show_default=True
)
@click.option("--class", "cls", help="The class of rows that give none.")
def import_(file: Path, out: Path, cls: str | None) -> None:
    """Turn FILE (CSV: name, class, en, aliases, ticker) into lists that `kg build --gazetteer` reads."""
    from kg import gazetteer, resources
    from kg.errors import KgError

    try:
        written = gazetteer.write(gazetteer.convert(file, cls), out, file.stem.replace(" ", "_"))
        clashes = gazetteer.check([*sorted((resources.seeds() / "gazetteer").glob("*.tsv")), *written])
    except KgError as error:
        raise click.ClickException(str(error)) from error
    for path in written:
        click.echo(f"wrote {path}")
    for clash in clashes:
        click.echo(f"clash: {clash}", err=True)
    click.echo(f"use it with: kg build --gazetteer {out} …")


@command.command()
@click.argument("files", nargs=-1, type=click.Path(exists=True, path_type=Path))
def check(files: tuple[Path, ...]) -> None:
    """Find clashes in the built-in lists, and in FILES beside them. Exit code 1 where there are any."""
    from kg import gazetteer, resources

    own = [p for f in files for p in (sorted(f.glob("*.tsv")) if f.is_dir() else [f])]
    found = gazetteer.check([*sorted((resources.seeds() / "gazetteer").glob("*.tsv")), *own])
    for line in found:
        click.echo(line)
    click.echo(f"{len(found)} problem(s)")
    raise SystemExit(1 if found else 0)

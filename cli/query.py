"""kg query: a question in SPARQL, or one of the cookbook by name."""

from __future__ import annotations

from pathlib import Path

import click

from cli.table import table

FORMATS = ("table", "csv", "tsv", "json", "xml", "turtle", "ntriples")


@click.command("query")
@click.argument("output", type=click.Path(path_type=Path), required=False)
@click.argument("sparql", required=False)
@click.option("--file", "file", type=click.Path(path_type=Path), help="Read the query from a file.")
@click.option("--name", help="Ask a query of the cookbook; --list tells which there are.")
@click.option("--with", "values", multiple=True, metavar="NAME=VALUE", help="Set a variable: --with entity=韓國.")
@click.option("--format", "-f", "format", type=click.Choice(FORMATS), help="Form of the answer; a table by default.")
@click.option("--list", "listing", is_flag=True, help="List the cookbook and stop.")
def command(
    output: Path | None, sparql: str | None, file: Path | None, name: str | None,
    values: tuple[str, ...], format: str | None, listing: bool,
) -> None:  # fmt: skip
    """Ask the graph in OUTPUT a SPARQL query. The project's prefixes need no declaration.

    \b
    kg query OUT 'SELECT ?who WHERE { ?x jl:produces ent:hbm ; rdfs:label ?who }'
    kg query OUT --name value-chain --with entity=HBM
    """
    from kg import graph, names, query, store

    if listing:
        rows = [(q.name, " ".join(p.name for p in q.parameters), q.english, q.chinese) for q in query.named().values()]
        click.echo(table(("name", "--with", "English", "中文"), rows, widest=100))
        return
    if output is None:
        raise click.UsageError("tell the folder of a graph: kg query OUT 'SPARQL'")
    text, wanted = _question(sparql, file, name)
    opened, base = store.open_store(output), graph.base_of(output)
    parameters = dict(_pair(value) for value in values)
    missing = [f"{p}=… ({meaning})" for p, meaning in wanted.items() if p not in parameters]
    if missing:
        raise click.UsageError(f"the query needs --with {' --with '.join(missing)}")
    by_name = {p.name for p in query.find(name).parameters if p.kind == "name"} if name else set()
    if by_name:
        index = names.of_store(opened, base=base)
        parameters |= {p: f"ent:{index.one(v).id}" for p, v in parameters.items() if p in by_name}
    answer = query.ask(opened, text, base=base, parameters=parameters)
    if format is None:
        format = "turtle" if answer.triples is not None else "table"
    if format != "table":
        click.echo(answer.write(format), nl=False)
    elif answer.truth is not None:
        click.echo(str(answer.truth).lower())
    else:
        click.echo(table(answer.columns, answer.rows))


def _question(sparql: str | None, file: Path | None, name: str | None) -> tuple[str, dict[str, str]]:
    """The query's text, and the variables that must be set."""
    from kg import query

    if sum(x is not None for x in (sparql, file, name)) != 1:
        raise click.UsageError("give one of a query, --file or --name")
    if name:
        found = query.find(name)
        return found.text, {p.name: p.meaning for p in found.parameters}
    if file:
        try:
            return file.read_text(encoding="utf-8"), {}
        except (OSError, UnicodeDecodeError) as error:
            raise click.ClickException(f"{file}: cannot be read ({error})") from error
    return sparql or "", {}


def _pair(value: str) -> tuple[str, str]:
    key, mark, rest = value.partition("=")
    if not mark:
        raise click.UsageError(f"--with wants NAME=VALUE, not {value}")
    return key, rest

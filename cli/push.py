"""kg push: a graph to another triple store."""

from __future__ import annotations

from pathlib import Path

import click

from cli.table import safe


@click.command("push")
@click.argument("output", type=click.Path(path_type=Path))
@click.argument("url")
@click.option("--user", help="Name to sign in with; the password is read from KG_PUSH_PASSWORD, or asked for.")
@click.option("--batch", default=4.0, show_default=True, type=click.FloatRange(0.01, 1000), help="MB sent at once.")
@click.option("--tries", default=5, show_default=True, type=click.IntRange(1, 100), help="Tries for each batch.")
@click.option("--vocabulary", is_flag=True, help="Send the ontology too, into a graph of its own.")
def command(output: Path, url: str, user: str | None, batch: float, tries: int, vocabulary: bool) -> None:
    """Send the graph in OUTPUT to the store at URL by the Graph Store Protocol, a named graph for each document.

    A graph of the same name there is replaced; no other is touched.

    \b
    kg push OUT http://localhost:7878/store                                       Oxigraph
    kg push OUT http://localhost:3030/data                                        Fuseki
    kg push OUT http://localhost:8890/sparql-graph-crud-auth --user dba           Virtuoso
    """
    import os

    from kg import graph
    from kg.push import Sending, push

    password = ""
    if user is not None:
        password = os.environ.get("KG_PUSH_PASSWORD") or click.prompt("Password", hide_input=True)
    sending = Sending(user, password, bytes_each=int(batch * 1_000_000), tries=tries)
    graphs = triples = 0
    for sent in push(graph.load(output), url, sending, vocabulary=vocabulary):
        graphs, triples = graphs + 1, triples + sent.triples
    click.echo(f"{graphs} graphs, {triples} triples sent to {safe(url)}")

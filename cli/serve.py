"""kg serve: a graph over HTTP."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

_LOOPBACK = ("localhost", "127.0.0.1", "::1")


@click.command("serve")
@click.argument("output", type=click.Path(path_type=Path))
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="0 takes any free one.")
@click.option("--workers", type=click.IntRange(1, 256), help="Queries answered at once.  [default: one a core, 2 to 8]")
@click.option("--timeout", default=30.0, show_default=True, type=click.FloatRange(0.1), help="Seconds for a query.")
@click.option("--memory", default=2000, show_default=True, type=click.IntRange(256), help="MB for a query.")
@click.option("--allow-host", "hosts", multiple=True, metavar="NAME", help="Answer to this name too.")
@click.option("--cors", "origins", multiple=True, metavar="ORIGIN", help="Let pages of this origin ask; * for all.")
def command(
    output: Path, host: str, port: int, workers: int | None, timeout: float, memory: int,
    hosts: tuple[str, ...], origins: tuple[str, ...],
) -> None:  # fmt: skip
    """Answer SPARQL over HTTP for the graph in OUTPUT, until interrupted. It never writes.

    \b
    http://127.0.0.1:8000/           the graph as a page
    http://127.0.0.1:8000/sparql     SPARQL 1.1 Protocol; in a browser, an editor for queries
    http://127.0.0.1:8000/store      Graph Store Protocol (?default)
    http://127.0.0.1:8000/search?q=  entities by any part of a name, as JSON
    """
    from kg.serve.app import Access
    from kg.serve.limits import Limits
    from kg.serve.server import run

    limits = replace(Limits(), seconds=timeout, memory=memory * 1_000_000)
    if workers:
        limits = replace(limits, workers=workers)
    if host not in _LOOPBACK:
        click.echo(f"Anyone who reaches {host} can ask this graph; there is no password.", err=True)
    access = Access(tuple({*_LOOPBACK, host, *hosts}), origins)
    run(output, host, port, limits, access, lambda url: click.echo(f"Serving {output} at {url} (end with Ctrl+C)"))

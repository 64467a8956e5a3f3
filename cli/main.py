"""`kg`: the commands, each in a module of its own that is imported when it is called."""

from __future__ import annotations

import os
import signal
import sys
from importlib import import_module

import click

from cli.table import safe

COMMANDS = {
    "build": ("cli.build", "Build a graph from files and folders."),
    "add": ("cli.add", "Add documents to a graph."),
    "remove": ("cli.remove", "Take documents out of a graph."),
    "query": ("cli.query", "Ask a graph in SPARQL, or by a query's name."),
    "show": ("cli.show", "Show all that is known of one entity."),
    "path": ("cli.path", "Find ways from one entity to another."),
    "figures": ("cli.figures", "List figures, as a table, chart or file."),
    "stats": ("cli.stats", "Count what a graph holds."),
    "trace": ("cli.trace", "Show what each stage made of one document."),
    "export": ("cli.export", "Write a graph in other formats."),
    "view": ("cli.view", "Write a graph as one HTML page."),
    "serve": ("cli.serve", "Answer SPARQL over HTTP."),
    "push": ("cli.push", "Send a graph to another triple store."),
    "validate": ("cli.validate", "Check a graph against the vocabulary's shapes and rules."),
    "verify": ("cli.verify", "Check that an output folder is undamaged."),
    "diff": ("cli.diff", "Tell what differs between two graphs."),
    "evaluate": ("cli.evaluate", "Score graphs against gold."),
    "bench": ("cli.bench", "Measure speed and memory on this machine."),
    "gazetteer": ("cli.gazetteer", "Add your own list of names, or check lists for clashes."),
    "train": ("cli.train", "Train the learned reader."),
}
"""Name to module, which has a `command`, and what `kg --help` says of it."""


class _Lazy(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = import_module(COMMANDS[cmd_name][0]).command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


@click.command(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="jinluo", prog_name="kg")
def group() -> None:
    """Knowledge graphs from Chinese financial news: entities, relations and figures, each with its evidence."""


def main() -> None:
    """Runs `kg`. Errors of the library are one line and exit code 1; an interrupt is 130."""
    from kg.errors import KgError

    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    for library in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ.setdefault(library, "1")  # a process a core: threads of small products only wait for each other
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        group.main(prog_name="kg", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except KgError as error:
        click.echo(f"Error: {safe(str(error))}", err=True)
        sys.exit(1)
    except (click.Abort, KeyboardInterrupt):
        click.echo("Interrupted; the same command goes on where it stopped.", err=True)
        sys.exit(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        sys.exit(141)


if __name__ == "__main__":
    main()

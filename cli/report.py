"""What a build shows: a bar while it runs, a summary at its end, for people or as JSON lines."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

from cli.table import safe

if TYPE_CHECKING:
    from kg.building import Outcome, State
    from kg.model import Problem

_BAR = 24
_SHOWN = 20
_STAGES = {"extract": "Reading documents", "assemble": "Assembling the graph", "done": ""}


class Bar:
    """A line on standard error that is drawn anew; where that is no terminal, nothing."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._due = 0.0

    def __call__(self, state: State) -> None:
        if not self._stream.isatty() or (time.monotonic() < self._due and state.stage == "extract"):
            return
        self._due = time.monotonic() + 0.1
        self._stream.write(f"\r\x1b[K{self._line(state)}")
        self._stream.flush()

    def _line(self, state: State) -> str:
        if state.stage != "extract":
            return _STAGES[state.stage]
        known = max(state.found, 1)
        filled = _BAR * state.done // known
        left = f", {_clock(state.left)} left" if state.left is not None else ""
        counts = f"{state.done} of {state.found}{'+' if state.reading else ''} documents"
        return f"{'━' * filled}{'╌' * (_BAR - filled)} {counts}, {state.rate:.1f} a second{left}"


class Lines:
    """A JSON object a line on standard output: at most one a second, and one for each stage."""

    def __init__(self) -> None:
        self._due, self._stage = 0.0, ""

    def __call__(self, state: State) -> None:
        if time.monotonic() < self._due and state.stage == self._stage:
            return
        self._due, self._stage = time.monotonic() + 1.0, state.stage
        told = {
            "event": "progress",
            "stage": state.stage,
            "done": state.done,
            "found": state.found,
            "kept": state.kept,
            "failed": state.failed,
            "rate": round(state.rate, 2),
            "left": None if state.left is None else round(state.left, 1),
        }
        click.echo(json.dumps(told))


def heavy(page: Path, size: int, output: Path) -> None:
    """Says of a page that a browser opens slowly what else there is."""
    click.echo(
        f"{page} has {size / 1e6:.0f} MB, which a browser opens slowly. "
        f"Serve it with: kg serve {output}, or split it with: kg view {output} --split month",
        err=True,
    )


def warn_of_page(output: Path) -> None:
    """Says so where a build's page is heavy."""
    from kg.view import LIMIT

    page = output / "graph.html"
    if page.is_file() and page.stat().st_size > LIMIT:
        heavy(page, page.stat().st_size, output)


def finish(outcome: Outcome, *, as_json: bool) -> None:
    """Shows what came of a build and ends the program: exit code 1 where a document failed."""
    if as_json:
        summary = {**_counts(outcome), "seconds": round(outcome.seconds, 2)}
        click.echo(json.dumps({"event": "summary", **summary}, ensure_ascii=False))
    else:
        for problem in outcome.failed[:_SHOWN]:
            click.echo(_told(problem), err=True)
        if len(outcome.failed) > _SHOWN:
            click.echo(f"… and {len(outcome.failed) - _SHOWN} more, in problems.jsonl", err=True)
        if outcome.output is None:
            click.echo("Nothing could be read; what was built before is as it was.", err=True)
        else:
            _table(outcome)
    raise SystemExit(1 if outcome.failed else 0)


def _table(outcome: Outcome) -> None:
    counts = _counts(outcome)
    aside = len(outcome.problems) - len(outcome.failed)
    rows = [
        ("documents", counts["documents"], f"{outcome.extracted} extracted, {outcome.kept} unchanged"),
        ("articles", counts["articles"], _copies(counts)),
        ("entities", counts["entities"], _listed(counts["entities_by_class"])),
        ("claims", counts["claims"], _listed(counts["claims_by_predicate"])),
        ("observations", counts["observations"], ""),
        (
            "problems",
            len(outcome.problems),
            f"{len(outcome.failed)} documents failed, {aside} facts or files set aside",
        ),
        ("seconds", f"{outcome.seconds:.1f}", ""),
    ]
    for name, count, told in rows:
        click.echo(f"{name:<13}{count!s:>8}  {told}".rstrip())


def _counts(outcome: Outcome) -> dict[str, object]:
    if outcome.output is None:
        return {"documents": 0, "problems": len(outcome.problems), "failed": len(outcome.failed)}
    counts = outcome.counts
    classes, claims = (
        {name.removeprefix(kind): n for name, n in sorted(counts.items()) if name.startswith(kind)}
        for kind in ("class:", "claim:")
    )
    return {
        "documents": counts.get("documents", 0),
        "articles": counts.get("articles", 0),
        "stories": counts.get("stories", 0),
        "entities": counts.get("entities", 0),
        "entities_by_class": classes,
        "claims": sum(claims.values()),
        "claims_by_predicate": claims,
        "observations": counts.get("observations", 0),
        "problems": len(outcome.problems),
        "failed": len(outcome.failed),
        "extracted": outcome.extracted,
        "kept": outcome.kept,
    }


def _copies(counts: dict[str, object]) -> str:
    return "" if counts["stories"] == counts["articles"] else f"{counts['stories']} stories, some told by several"


def _listed(counts: object) -> str:
    assert isinstance(counts, dict)
    return ", ".join(f"{name} {count}" for name, count in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


def _told(problem: Problem) -> str:
    return f"{safe(problem.document)}: {safe(problem.reason)}"


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"

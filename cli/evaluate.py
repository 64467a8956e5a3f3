"""`kg evaluate`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli.options import extraction, settings_of
from cli.table import safe, table

if TYPE_CHECKING:
    from kg.evaluate import Scores, Tally

_SHORT = ("entities", "strict", "family", "pair", "main", "figures", "dated")


@click.command("evaluate")
@click.argument("source", type=click.Path(exists=True, path_type=Path), metavar="DOCUMENTS|GRAPH.ttl")
@click.argument("gold", type=click.Path(exists=True, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="The scores as JSON.")
@click.option("--by-predicate", is_flag=True, help="Relations (strict) by predicate too.")
@click.option("--by-class", is_flag=True, help="Entities by class too.")
@click.option("--misses", type=click.IntRange(0), default=0, metavar="N", help="Show up to N missed and N extra facts.")
@extraction
def command(
    source: Path, gold: Path, as_json: bool, by_predicate: bool, by_class: bool, misses: int, **options: Any
) -> None:
    """Score against GOLD, a folder of JSON files or one of them: precision, recall and F1.

    With a folder of documents, each is built alone, scored against the gold of its name, and counts are summed.
    With a Turtle file, that graph is scored against all of GOLD.
    """
    from kg import evaluate

    if source.is_file():
        total = evaluate.score(evaluate.of_turtle(source), evaluate.read(evaluate.files(gold)))
    else:
        scores = []
        for name, scored in evaluate.each_document(source, gold, settings_of(**options)):
            scores.append(scored)
            if not as_json:
                cells = (t.recall if f.endswith("main") else t.f1 for f, t in scored.figures.items())
                click.echo(f"{safe(name):16}" + "  ".join(f"{s} {c:.3f}" for s, c in zip(_SHORT, cells, strict=True)))
        total = evaluate.together(scores)
    if as_json:
        click.echo(json.dumps(_plain(total), ensure_ascii=False, indent=1))
    else:
        more = {**(total.classes if by_class else {}), **(total.predicates if by_predicate else {})}
        _show(total, more, misses)


def _show(scores: Scores, more: Mapping[str, Tally], misses: int) -> None:
    rows = {**scores.figures, **more}
    cells = [
        (name, f"{t.precision:.3f}", f"{t.recall:.3f}", f"{t.f1:.3f}", t.hit, t.found, t.gold)
        for name, t in rows.items()
    ]
    click.echo(table(("", "precision", "recall", "F1", "right", "found", "gold"), cells))
    click.echo(f"class agreement {scores.class_agreement:.3f}, duplicates {scores.duplicates}, melted {scores.melted}")
    for line in scores.missed[:misses]:
        click.echo(f"missed {safe(line)}")
    for line in scores.extra[:misses]:
        click.echo(f"extra {safe(line)}")


def _plain(scores: Scores) -> dict[str, Any]:
    def told(tally: Tally) -> dict[str, Any]:
        rates = {"p": tally.precision, "r": tally.recall, "f1": tally.f1}
        return {
            **{k: round(v, 4) for k, v in rates.items()},
            "hit": tally.hit,
            "found": tally.found,
            "gold": tally.gold,
        }

    return {
        **{name: told(tally) for name, tally in scores.figures.items()},
        "by_predicate": {name: told(tally) for name, tally in scores.predicates.items()},
        "by_class": {name: told(tally) for name, tally in scores.classes.items()},
        "class_agreement": round(scores.class_agreement, 4),
        "duplicates": scores.duplicates,
        "melted": scores.melted,
    }

"""`kg train`: the learned reader from annotations."""

from __future__ import annotations

from pathlib import Path

import click

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command()
@click.option("--gold", type=FOLDER, help="Gold annotations, a JSON file a document; needs --documents.")
@click.option("--documents", type=FOLDER, help="The documents of --gold.")
@click.option("--compact", type=FOLDER, help="Compact annotations: tN.jsonl and tN.ann.")
@click.option("--unlabelled", type=FOLDER, help="JSON Lines of plain text to adapt the encoder to first.")
@click.option(
    "-o", "--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="Where the model goes."
)
@click.option("--epochs", type=float, default=5, show_default=True)
@click.option("--adapt-epochs", type=float, default=2, show_default=True, help="Passes over --unlabelled.")
@click.option("--layers", type=click.IntRange(1, 12), default=6, show_default=True)
@click.option("--seed", type=int, default=13, show_default=True)
@click.option("--folds", type=click.IntRange(2, 20), help="Cross-validate over the gold documents; writes no model.")
@click.option("--figures", is_flag=True, help="Train only the choosers of figures' subjects and periods, into OUT.")
@click.option(
    "--joint",
    is_flag=True,
    help="Fit only the chances of entities and the confidence of claims, on annotations that OUT's model has not seen.",
)
@click.option(
    "--device", default="auto", show_default=True, help="cpu, cuda, or auto: the accelerator when there is one."
)
def command(
    gold: Path | None, documents: Path | None, compact: Path | None, unlabelled: Path | None, out: Path,
    epochs: float, adapt_epochs: float, layers: int, seed: int, folds: int | None, figures: bool, joint: bool,
    device: str,
) -> None:  # fmt: skip
    """Train the learned reader on your own annotations; use it with `kg build --models OUT`.

    Needs the extra `train`. The same seed, data and machine give the same model.
    """
    from kg.errors import KgError

    try:
        from kg.train import run
        from kg.train.fit import Plan
    except ImportError as error:
        raise click.ClickException(f"{error.name} is missing: pip install 'jinluo[train]'") from error
    sources = run.Sources(gold, documents, compact, unlabelled)
    plan = Plan(layers=layers, epochs=epochs, seed=seed, device=run.device(device))
    try:
        if figures:
            from kg.train import figures as choosers

            scores = choosers.train(sources, out, seed=seed)
        elif joint:
            from kg.train import joint as confidence

            own = out if (out / "reader.onnx").is_file() else None
            scores = confidence.train(sources, out, models=own, say=click.echo)
        elif folds:
            scores = run.cross_validate(sources, folds, plan, adapt_epochs=adapt_epochs, say=click.echo)
        else:
            scores = run.train(sources, out, plan, adapt_epochs=adapt_epochs, say=click.echo)
    except KgError as error:
        raise click.ClickException(str(error)) from error
    for name, value in scores.items():
        click.echo(f"{name:12} {value:.3f}")

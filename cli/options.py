"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from kg.settings import Settings

F = TypeVar("F", bound=Callable[..., Any])
EXTRACTORS = ("patterns", "neural")

_EXTRACTION = (
    click.option(
        "--extractors", metavar="NAMES",
        help="What reads relations: patterns,neural; neural reads names and figures too.  [default: all]",
    ),
    click.option(
        "--threshold", type=click.FloatRange(0, 1), help="Leave out claims less sure than this.  [default: the model's]"
    ),
    click.option(
        "--gazetteer", "gazetteers", multiple=True, type=click.Path(exists=True, path_type=Path),
        help="A list of names of your own, or a folder of them (see kg gazetteer).",
    ),
    click.option(
        "--models", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Models that kg train wrote."
    ),
    click.option(
        "--overrides", type=click.Path(exists=True, dir_okay=False, path_type=Path),
        help="Corrections to names.  [default: OUT/overrides.toml, where there is one]",
    ),
)  # fmt: skip
_BUILDING = (
    click.option("--workers", type=click.IntRange(1), help="Processes that extract.  [default: one a core]"),
    click.option("--json", "as_json", is_flag=True, help="Progress and the summary as JSON lines."),
    click.option(
        "--max-cpu", type=click.FloatRange(1), metavar="SECONDS", help="Computing one document may take.  [default: 60]"
    ),
    click.option(
        "--max-memory", type=click.IntRange(256), metavar="MB", help="Memory a process may take.  [default: 2000]"
    ),
)


def extraction(function: F) -> F:
    """Adds the options of extraction; `settings_of` takes them."""
    for option in reversed(_EXTRACTION):
        function = option(function)
    return function


def building(function: F) -> F:
    """Adds the options of extraction and of building."""
    for option in reversed(_BUILDING):
        function = option(function)
    return extraction(function)


def settings_of(
    extractors: str | None,
    threshold: float | None,
    gazetteers: tuple[Path, ...],
    models: Path | None,
    overrides: Path | None,
    max_cpu: float | None = None,
    max_memory: int | None = None,
) -> Settings:
    """Raises `click.BadParameter`."""
    from kg.building import default_settings

    settings = default_settings()
    if extractors:
        names = tuple(name.strip() for name in extractors.split(",") if name.strip())
        if unknown := set(names) - set(EXTRACTORS):
            raise click.BadParameter(
                f"there is no extractor {', '.join(sorted(unknown))}; there are {', '.join(EXTRACTORS)}"
            )
        settings = replace(settings, extractors=names)
    lists = [file for path in gazetteers for file in (sorted(path.glob("*.tsv")) if path.is_dir() else [path])]
    settings = replace(settings, threshold=threshold, gazetteers=tuple(lists), models=models, overrides=overrides)
    if max_cpu:
        settings = replace(settings, max_cpu_seconds=max_cpu)
    return replace(settings, max_memory=max_memory * 1_000_000) if max_memory else settings

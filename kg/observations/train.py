"""Training of the choosers of figures from annotations. Needs the extra `train`."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from kg.observations import PERIOD, SUBJECT, chooser, features, periods
from kg.observations.corpus import Annotated
from kg.observations.fit import Choice, Recipe, fit
from kg.observations.labels import Labelled, label, right_times


def subject_choices(labelled: Labelled) -> list[Choice]:
    """For each quantity: whose is it, or nobody's (the last candidate)."""
    scene = labelled.scene
    previous: tuple[int, tuple[str, ...]] | None = None
    result = []
    for index, about in enumerate(labelled.about):
        options = features.candidates(scene, index)
        bags = [
            (
                *features.of_mention(scene, o.mention),
                *features.of_pair(scene, index, o),
                *features.of_previous(scene, index, o, previous),
            )
            for o in options
        ]
        right = frozenset(j for j, o in enumerate(options) if o.entity in about) or frozenset([len(options)])
        result.append(Choice(_quantity(labelled, index), (*bags, tuple(features.of_nobody(scene, index))), right))
        if about:
            previous = (index, tuple(sorted(about)))
    return result


def period_choices(labelled: Labelled) -> list[Choice]:
    """For each figure whose annotated time is among its candidates: which of them."""
    scene = labelled.scene
    previous: tuple[int, int] | None = None
    result = []
    for index in range(len(labelled.about)):
        right = right_times(labelled, index)
        if not right:
            continue
        options = periods.candidates(scene, index)
        bags = [
            (
                *periods.of_time(scene, o),
                *periods.of_pair(scene, index, o),
                *periods.of_previous(scene, index, o, previous),
            )
            for o in options
        ]
        result.append(Choice(_quantity(labelled, index), tuple(bags), right))
        previous = (index, options[min(right)])
    return result


def _quantity(labelled: Labelled, index: int) -> tuple[str, ...]:
    return tuple(features.of_quantity(labelled.scene, index))


def train(documents: Iterable[Annotated], folder: Path, recipe: Recipe | None = None) -> tuple[int, int]:
    """Fit both choosers, write them to `folder`; the numbers of choices that each learned from."""
    scenes: Sequence[Labelled] = [labelled for document in documents for labelled in label(document)]
    whose = [choice for labelled in scenes for choice in subject_choices(labelled)]
    when = [choice for labelled in scenes for choice in period_choices(labelled)]
    for name, choices in ((SUBJECT, whose), (PERIOD, when)):
        (folder / f"{name}.json").write_text(chooser.dumps(fit(choices, recipe or Recipe())) + "\n", encoding="utf-8")
    return len(whose), len(when)

"""Whose a figure is, and of which time, by the learned reader: the choices of kg.train.network in numpy."""

from collections.abc import Sequence

import numpy as np

from kg.encoder import Floats, Ints
from kg.observations.periods import DEFAULT
from kg.observations.scene import Scene
from kg.reader import Reading, Relative, relative, rows, sentence_bounds

PARTS = (
    "quantity.weight", "quantity.bias", "option.weight", "option.bias", "between.weight", "between.bias",
    "place.weight", "out.weight", "out.bias", "none.weight", "none.bias",
)  # fmt: skip
"""The weights of a choice, as kg.train.network names them."""
Shares = dict[str, float]
Times = dict[int, float]


def read(scene: Scene, readings: Sequence[Reading]) -> tuple[list[Shares], list[Times]]:
    """For each quantity the chances of entities (what is missing to 1 is nobody's) and of times (or DEFAULT).

    A quantity that stands whole in no window has none.
    """
    whose: list[Shares] = [{} for _ in scene.quantities]
    when: list[Times] = [{} for _ in scene.quantities]
    for reading, indices in zip(readings, _dealt(scene, readings), strict=True):
        if indices:
            subjects, times = _choices(scene, reading, indices)
            for index, own, at in zip(indices, subjects, times, strict=True):
                whose[index], when[index] = own, at
    return whose, when


def _dealt(scene: Scene, readings: Sequence[Reading]) -> list[list[int]]:
    """The quantities of each reading; one that stands in several goes where most text stands around it."""
    dealt: list[list[int]] = [[] for _ in readings]
    for index, quantity in enumerate(scene.quantities):
        room = [
            (min(quantity.span.start - r.span.start, r.span.end - quantity.span.end), number)
            for number, r in enumerate(readings)
            if r.span.covers(quantity.span)
        ]
        if room:
            dealt[max(room)[1]].append(index)
    return dealt


def _choices(scene: Scene, reading: Reading, indices: Sequence[int]) -> tuple[list[Shares], list[Times]]:
    times = [i for i, time in enumerate(scene.times) if reading.span.covers(time.span)]
    bounds = sentence_bounds(scene.article.text, reading.span.start, reading.span.end) - reading.span.start
    quantities = rows([scene.quantities[i].span for i in indices], reading.span)
    stretches = rows([scene.times[i].span for i in times], reading.span)
    classes: Floats = reading.model.weights["kind"][reading.kinds[reading.owners]]
    whose = _choose(reading, "subject", bounds, quantities, reading.spans, classes)
    when = _choose(reading, "time", bounds, quantities, stretches, None)
    shares: list[Shares] = []
    for row in whose:
        own: Shares = {}
        for mention, chance in zip(reading.mentions, row, strict=False):
            own[str(mention.entity)] = own.get(str(mention.entity), 0.0) + float(chance)
        shares.append(own)
    options = [*times, DEFAULT]
    return shares, [dict(zip(options, map(float, row), strict=True)) for row in when]


def _choose(reading: Reading, name: str, bounds: Ints, quantities: Ints, spans: Ints, classes: Floats | None) -> Floats:
    """(quantities, options + 1): chances of the options, and of none last."""
    w = {part: reading.model.weights[f"figure.{name}.{part}"] for part in PARTS}
    ends = [reading.ends(s) for s in (quantities, spans)]
    options = ends[1] if classes is None else ends[1] + classes
    stand: Relative = relative(bounds, quantities, spans)
    own = ends[0] @ w["quantity.weight"] + w["quantity.bias"]
    between = reading.between(stand.low, stand.high, w["between.weight"]) + w["between.bias"]
    mixed = own[:, None] + (options @ w["option.weight"] + w["option.bias"])[None] + between
    mixed = np.asarray(mixed + w["place.weight"][stand.places], np.float32)
    scores = (_gelu(mixed) @ w["out.weight"] + w["out.bias"])[..., 0]
    none = _gelu(own) @ w["none.weight"] + w["none.bias"]
    every = np.concatenate([scores, none], 1)
    powers = np.exp(every - every.max(1, keepdims=True))
    chances: Floats = powers / powers.sum(1, keepdims=True)
    return chances


def _gelu(x: Floats) -> Floats:
    return np.asarray(0.5 * x * (1 + np.tanh(0.7978845608 * (x + 0.044715 * x**3))), np.float32)

"""Figures: every number that says something of an entity, with indicator, unit, period, kind, speaker and evidence.

`observe` lays an article out (`scene`), lets two small learned choosers (`features`, `periods`, `chooser`) and, where
it runs, the learned reader (`neural`) find whose figure each quantity is and of which time, and reads the rest from
the words (`wording`).
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import zip_longest
from pathlib import Path

import numpy as np

from kg import offsets
from kg.model import ACTUAL, Article, Document, Entity, Mention, Observation
from kg.observations import chooser, features, neural, periods, wording
from kg.observations.scene import Scene, survey
from kg.reader import Reading

SUBJECT, PERIOD = "figure-subject", "figure-period"
THRESHOLD = 0.6
"""A quantity is a figure when the chance that it is somebody's is at least this."""
SECOND = 0.4
"""A further entity shares the figure from this chance on."""
_ROUNDS = 2
_NEURAL = 0.8
"""The learned reader's share in a chance where both it and the choosers tell one."""
_SPECIFIC = 3
"""A value of so many digits is the same figure wherever an article says it."""

Figure = tuple[int, str, float]
"""Index of the quantity, the entity it is about, the chance of that."""
Shares = list[tuple[str, float]]
"""Entities with their chances; what is missing to 1 is nobody's."""


def observe(
    article: Article,
    document: Document,
    mentions: Sequence[Mention],
    entities: Mapping[str, Entity],
    *,
    author: str | None = None,
    models: Path | None = None,
    readings: Sequence[Reading] = (),
) -> list[Observation]:
    """The figures of one article. Mentions are linked and sorted; those of entities not in `entities` are left out.

    `author` is who gives an opinion in it, and so says what is foreseen and nobody else does.
    `models` is a folder with choosers of one's own; `readings` are the learned reader's.
    """
    scene = survey(article, document.date, mentions, entities)
    whose, of = neural.read(scene, readings)
    figures = subjects(scene, chooser.load(SUBJECT, models), whose)
    when = chosen_times(scene, chooser.load(PERIOD, models), sorted({index for index, _, _ in figures}), of)
    kept = deduplicated(scene, figures, when)
    return [_observation(scene, document, author, figure, when[figure[0]]) for figure in kept]


def _observation(scene: Scene, document: Document, author: str | None, figure: Figure, time: int) -> Observation:
    index, about, share = figure
    quantity, entity = scene.quantities[index], scene.entities[about]
    period = periods.period(scene, time)
    phrase, span = wording.indicator(scene, index, about)
    value = -abs(quantity.value) if wording.falls(scene, index) else quantity.value
    measured = wording.measured(scene, index, about)
    kind = wording.kind(scene, index)
    return Observation(
        about=about,
        indicator=phrase,
        value=plain(value),
        unit=wording.unit(scene, index, entity.cls, document.text),
        text=scene.article.text[span.start : span.end].strip(),
        evidence=offsets.evidence(document, scene.article, wording.grounds(scene, index)),
        kind=kind,
        start=period.start,
        end=period.end,
        qualifier=quantity.qualifier,
        attributed_to=wording.speaker(scene, index) or (author if kind != ACTUAL else None),
        indicator_entity=measured,
        confidence=round(share, 3),
    )


def plain(value: Decimal) -> Decimal:
    """The same number without needless zeros or an exponent."""
    whole = value.to_integral_value()
    return whole.quantize(Decimal(1)) if whole == value else value.normalize()


def subjects(scene: Scene, model: chooser.Chooser, whose: Sequence[Mapping[str, float]] = ()) -> list[Figure]:
    """Whose figure each quantity is, in the order of the text; `whose` is what the learned reader says of each."""
    shares = pooled(scene, [mixed(own, told) for own, told in zip_longest(subject_shares(scene, model), whose)])
    return [(index, about, share) for index, own in enumerate(shares) for about, share in decide(own)]


def mixed(shares: Shares, told: Mapping[str, float] | None) -> Shares:
    """The chances of the chooser and of the learned reader as one; the chooser's where the reader tells none."""
    if not told:
        return shares
    own = dict(shares)
    return [
        (entity, round((1 - _NEURAL) * own.get(entity, 0.0) + _NEURAL * told.get(entity, 0.0), 4))
        for entity in dict.fromkeys([*own, *told])
    ]


def pooled(scene: Scene, shares: Sequence[Shares]) -> list[Shares]:
    """A figure said several times is one thing's: its places decide together."""
    groups: dict[tuple[str, str, Decimal], list[int]] = {}
    for index, quantity in enumerate(scene.quantities):
        if len(quantity.value.normalize().as_tuple().digits) >= _SPECIFIC:
            groups.setdefault((quantity.measure, quantity.unit, abs(quantity.value)), []).append(index)
    result = list(shares)
    for places in groups.values():
        if len(places) > 1:
            total: dict[str, float] = {}
            for index in places:
                for about, share in shares[index]:
                    total[about] = total.get(about, 0.0) + share / len(places)
            together = [(about, round(share, 4)) for about, share in total.items()]
            for index in places:
                result[index] = together
    return result


def deduplicated(scene: Scene, figures: Sequence[Figure], when: Mapping[int, int]) -> list[Figure]:
    """One of each (entity, value, unit) whose periods do not differ: the one with a stated time, or the first."""
    kept: dict[tuple[str, Decimal, str, str], list[Figure]] = {}
    for figure in figures:
        quantity = scene.quantities[figure[0]]
        key = (figure[1], abs(quantity.value), quantity.measure, quantity.unit)
        same = kept.setdefault(key, [])
        for i, other in enumerate(same):
            if _same_time(scene, when[figure[0]], when[other[0]]):
                if when[other[0]] == periods.DEFAULT or scene.quantity_places[other[0]].line == 0:
                    same[i] = figure
                break
        else:
            same.append(figure)
    return sorted(f for own in kept.values() for f in own)


def _same_time(scene: Scene, one: int, other: int) -> bool:
    if one == other or periods.DEFAULT in (one, other):
        return True
    a, b = periods.period(scene, one), periods.period(scene, other)
    if a.start is None or b.start is None:
        return True
    return a == b or a.start.startswith(b.start) or b.start.startswith(a.start)


def decide(shares: Sequence[tuple[str, float]], threshold: float = THRESHOLD) -> list[tuple[str, float]]:
    """Those of a quantity's candidates that it is about."""
    total = sum(share for _, share in shares)
    if total < threshold or not shares:
        return []
    first = max(shares, key=lambda pair: pair[1])
    return [first, *((e, s) for e, s in shares if s >= SECOND and e != first[0])]


def subject_shares(scene: Scene, model: chooser.Chooser) -> list[Shares]:
    """For each quantity, the chance of each candidate entity; what is missing to 1 is nobody's.

    What the figure before is about counts too, so all quantities are weighed together, some rounds long.
    """
    indices = range(len(scene.quantities))
    if not indices:
        return []
    options = [features.candidates(scene, i) for i in indices]
    flat = [(i, option) for i in indices for option in options[i]]
    owners = np.array([i for i, _ in flat] + list(indices), np.int64)
    order = np.argsort(owners, kind="stable")
    starts = np.searchsorted(owners[order], np.arange(len(indices)))
    used = sorted({option.mention for _, option in flat})
    mentions = model.embed([features.of_mention(scene, i) for i in used])
    plain = model.embed([features.of_pair(scene, i, o) for i, o in flat])
    plain = plain + mentions[np.searchsorted(used, [option.mention for _, option in flat])]
    nobody = model.embed([features.of_nobody(scene, i) for i in indices])
    quantities = model.embed([features.of_quantity(scene, i) for i in indices])[owners[order]]
    before: list[tuple[int, tuple[str, ...]] | None] = [None for _ in indices]
    shares: list[Shares] = []
    for _ in range(_ROUNDS):
        pairs = plain + model.embed_alike([features.of_previous(scene, i, o, before[i]) for i, o in flat])
        chances = model.shares(np.vstack([pairs, nobody])[order] + quantities, starts)
        shares = [
            [(o.entity, round(s, 4)) for o, s in zip(own, chances[start : start + len(own)], strict=True)]
            for own, start in zip(options, starts.tolist(), strict=True)
        ]
        before = _before(shares)
    return shares


def _before(shares: Sequence[Shares]) -> list[tuple[int, tuple[str, ...]] | None]:
    """For each quantity, the last one before it that is somebody's."""
    result: list[tuple[int, tuple[str, ...]] | None] = []
    last: tuple[int, tuple[str, ...]] | None = None
    for index, own in enumerate(shares):
        result.append(last)
        chosen = decide(own)
        if chosen:
            last = (index, (chosen[0][0],))
    return result


def chosen_times(
    scene: Scene, model: chooser.Chooser, indices: Sequence[int], told: Sequence[Mapping[int, float]] = ()
) -> dict[int, int]:
    """For each figure (index of quantity), the index of its time, or `periods.DEFAULT`.

    `told` is what the learned reader says of each quantity.
    """
    options = [periods.candidates(scene, index) for index in indices]
    flat = [(index, option) for index, own in zip(indices, options, strict=True) for option in own]
    every = (*range(len(scene.times)), periods.DEFAULT)
    times = model.embed([periods.of_time(scene, i) for i in every])[[option for _, option in flat]]
    rows = model.embed([periods.of_pair(scene, index, option) for index, option in flat]) + times
    quantities = model.embed([features.of_quantity(scene, index) for index in indices])
    previous: tuple[int, int] | None = None
    result: dict[int, int] = {}
    start = 0
    for quantity, index, own in zip(quantities, indices, options, strict=True):
        before = model.embed([periods.of_previous(scene, index, option, previous) for option in own])
        chances = model.shares(rows[start : start + len(own)] + before + quantity, np.zeros(1, np.int64))
        result[index] = _time(dict(zip(own, chances, strict=True)), told[index] if told else {})
        previous = (index, result[index])
        start += len(own)
    return result


def _time(chances: Mapping[int, float], told: Mapping[int, float]) -> int:
    """The likeliest time by both."""
    if not told:
        return max(chances, key=lambda option: (chances[option], option))
    return max(
        {**chances, **told},
        key=lambda option: ((1 - _NEURAL) * chances.get(option, 0.0) + _NEURAL * told.get(option, 0.0), option),
    )

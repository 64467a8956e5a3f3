"""Ranges and lists of numbers: members share units, scales and a group; bounds beside a number."""

from dataclasses import replace
from decimal import Decimal

from kg.quantities.words import BARE, PERCENT, RANK, REACH, Quantity, Unit, Words, load


def joined(text: str, found: list[Quantity], words: Words) -> list[Quantity]:
    """Ranges marked, and units and scales handed back to numbers that share them."""
    group = 0
    for i in range(len(found) - 2, -1, -1):
        left, right = found[i], found[i + 1]
        gap = text[left.span.end : right.span.start]
        if len(gap) > REACH + 2 or left.measure == RANK or right.measure == RANK:
            continue
        joint = _without_qualifier(gap, words)
        span_range = joint in words.ranges
        if not span_range and joint not in words.lists:
            continue
        if left.measure == BARE and right.measure != BARE:
            factor = _shared_scale(left, right) if span_range and not left.scaled else Decimal(1)
            unit = words.units
            scale10 = Decimal(1)
            if right.unit == PERCENT and right.measure == PERCENT:
                scale10 = _factor_of(text[right.span.start : right.span.end], unit)
            left = replace(
                left,
                value=left.value * factor * scale10,
                unit=right.unit,
                measure=right.measure,
                local=right.local,
                per=right.per,
            )
        elif left.measure != right.measure:
            continue
        if right.group < 0:
            group += 1
            right = replace(right, group=group)
        left = replace(left, group=right.group, part="low" if span_range else left.part)
        found[i], found[i + 1] = left, replace(right, part="high") if span_range else right
    return found


def _factor_of(surface: str, units: dict[str, Unit]) -> Decimal:
    for size in range(min(len(surface), REACH), 0, -1):
        unit = units.get(surface[-size:])
        if unit is not None:
            return unit.factor
    return Decimal(1)


def _shared_scale(left: Quantity, right: Quantity) -> Decimal:
    """1至2亿: the first number counts in the second's scale."""
    factor = Decimal(1)
    if right.scaled:
        for step in (Decimal(10000), Decimal(100000000), Decimal(1000000000000)):
            if abs(left.value) * step <= abs(right.value):
                factor = step
    return factor


def _without_qualifier(gap: str, words: Words) -> str:
    gap = gap.strip()
    for size in range(min(REACH, len(gap) - 1), 0, -1):
        if gap[-size:] in words.qualifiers:
            gap = gap[:-size]
            break
    for size in range(min(REACH, len(gap) - 1), 0, -1):
        if gap[:size] in words.qualifiers:
            return gap[size:]
    return gap


def strip_qualifier(phrase: str) -> str:
    """`phrase` without a qualifier at its end."""
    words = load()
    for size in range(min(REACH, len(phrase) - 1), 0, -1):
        if phrase[-size:] in words.qualifiers:
            return phrase[:-size]
    return phrase

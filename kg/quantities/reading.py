"""Numbers read from the text: numerals with scale, unit and bounds, fractions, and what is said without a number."""

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache

from kg.model import Span
from kg.quantities.joining import joined
from kg.quantities.words import BARE, PERCENT, RANK, REACH, Quantity, Words, chinese_number, load


@lru_cache(maxsize=32)
def find(text: str) -> tuple[Quantity, ...]:
    """The quantities of folded `text`, sorted. Dates and names are not told apart here: the caller knows those."""
    words = load()
    found: list[Quantity] = []
    taken = -1
    specials = sorted([*_fractions(text, words), *_fixed(text, words)], key=lambda q: q.span)
    ahead = iter([*specials, None])
    special = next(ahead)
    for head in words.heads.finditer(text):
        while special is not None and special.span.start < head.end():
            if special.span.start >= taken:
                found.append(special)
                taken = special.span.end
            special = next(ahead)
        if head.start() < taken:
            continue
        match = words.number.match(text, head.start())
        quantity = _read(text, match, words) if match is not None else None
        if match is None or quantity is None:
            continue
        if match["sign"] and match.start() == taken:
            # The stroke behind a number joins it to this one.
            span = Span(quantity.span.start + 1, quantity.span.end)
            quantity = replace(quantity, span=span, value=abs(quantity.value))
        found.append(quantity)
        taken = quantity.span.end
    while special is not None:
        if special.span.start >= taken:
            found.append(special)
        special = next(ahead)
    return tuple(joined(text, found, words))


def _fractions(text: str, words: Words) -> Iterator[Quantity]:
    for m in words.fraction.finditer(text) if words.fraction_mark in text else ():
        parts = _plain(m["parts"])
        whole = m["whole"]
        base = Decimal(100) if whole[:-2] == "" else None
        if base is None:
            head = chinese_number(whole[:-2]) if not whole[0].isdigit() else Decimal(whole[:-2])
            if head is None or head == 0 or parts is None:
                continue
            base = head
        if parts is None:
            continue
        value = parts if base == 100 else round(parts * 100 / base, words.places)
        if value <= 1000:
            yield _qualified(text, Quantity(Span(m.start(), m.end()), value, PERCENT, PERCENT), "", words)


def _fixed(text: str, words: Words) -> Iterator[Quantity]:
    taken = 0
    for head in words.fixed_heads.finditer(text):
        m = words.fixed_words.match(text, head.start()) if head.start() >= taken else None
        if m is None:
            continue
        taken = m.end()
        if m[0].endswith(words.half) and text[m.end() : m.end() + 1] in words.units:
            continue
        value, unit = words.fixed[m[0]]
        measure = RANK if unit == RANK else unit
        yield _qualified(text, Quantity(Span(m.start(), m.end()), value, unit, measure, fixed=True), "", words)


def _plain(text: str) -> Decimal | None:
    if text[0].isdigit() and text.isascii():
        return Decimal(text.rstrip(".")) if text.count(".") < 2 else None
    return chinese_number(text) if text.isalpha() else None


def _read(text: str, m: re.Match[str], words: Words) -> Quantity | None:
    start, end = m.start(), m.end()
    arabic, chinese, scale, name = m["arabic"], m["chinese"], m["scale"] or "", m["unit"]
    if text[start - 1 : start] in words.vague and start:
        return None
    if chinese is not None and not (name or scale or m["ordinal"]):
        return None
    number = Decimal(arabic.replace(",", "")) if arabic is not None else chinese_number(chinese)
    if number is None or (scale and number == 0):
        return None
    for c in scale:
        number *= words.small.get(c) or words.large[c]
    follows = text[m.end("unit") : m.end("unit") + 1] if name else text[end : end + 1]
    latin = bool(name) and name[-1].isascii() and name[-1].isalpha() and follows.isascii() and follows.isalpha()
    if latin or (not name and follows.isascii() and follows.isalpha()):
        name = None if latin else name
        if not scale:
            return None
    unit = words.units.get(name or "")
    if m["half"] and name and unit is not None:
        number += Decimal("0.5") if not scale else 0
    if unit is None or unit.local:
        begin = _prefix(text, start, words)
        if begin < start:
            unit, start = words.units[text[begin:start].strip()], begin
    if m["sign"]:
        number = -number
    if m["ordinal"]:
        span = Span(
            start, m.end("unit") if name else m.end("scale") if scale else m.end("chinese" if chinese else "arabic")
        )
        return Quantity(span, number, RANK, RANK)
    more = m["more"] or m["more2"] or ""
    if unit is None:
        if m["more2"] or m["scale"] or arabic is not None:
            cut = max(m.end("arabic"), m.end("chinese"), m.end("more"), m.end("scale"), m.end("more2"))
            quantity = Quantity(Span(start, cut), number, "", BARE, scaled=bool(scale))
            return _qualified(text, quantity, more, words)
        return None
    quantity = Quantity(
        Span(start, end),
        number * unit.factor,
        unit.name,
        unit.measure,
        local=unit.local,
        scaled=bool(scale),
        per=m["per"],
    )
    return _qualified(text, quantity, more, words)


def _prefix(text: str, start: int, words: Words) -> int:
    """Where a currency's name before the number at `start` begins; `start` where there is none."""
    end = start - (text[start - 1 : start] == " ")
    for size in range(REACH, 0, -1):
        word = text[end - size : end] if end >= size else ""
        if word in words.prefixes:
            before = text[end - size - 1 : end - size]
            return start if word[0].isalpha() and before.isascii() and before.isalnum() else end - size
    return start


def _qualified(text: str, quantity: Quantity, more: str, words: Words) -> Quantity:
    if more and more in words.qualifiers:
        return replace(quantity, qualifier=words.qualifiers[more])
    start, end = quantity.span.start, quantity.span.end
    for size in range(REACH, 0, -1):
        before = words.qualifiers.get(text[max(start - size, 0) : start])
        if before is not None and start >= size:
            return replace(quantity, qualifier=before)
    for size in range(REACH, 0, -1):
        behind = words.qualifiers.get(text[end : end + size])
        if behind is not None and size > 1:
            return replace(quantity, qualifier=behind)
    return quantity

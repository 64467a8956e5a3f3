"""How names may be typed: any script, full width, and pinyin in full or by initials."""

from __future__ import annotations

from collections.abc import Iterable

from pypinyin import lazy_pinyin

from kg.text import fold

_HAN = "".join(map(chr, (*range(0x3400, 0xA000), *range(0xF900, 0xFB00))))


def scripts(names: Iterable[str]) -> tuple[str, str]:
    """Characters and their folded forms, for every character whose form occurs in `names`."""
    used = {c for name in names for c in fold(name)}
    pairs = [(a, b) for a, b in zip(_HAN, fold(_HAN), strict=True) if a != b and b in used]
    return "".join(a for a, _ in pairs), "".join(b for _, b in pairs)


def pinyin(names: Iterable[str]) -> dict[str, object]:
    """Readings of single characters, and of the names (folded) that are read otherwise than theirs in a row."""
    folded = sorted({fold(name) for name in names})
    characters = sorted({c for name in folded for c in name if "\u3400" <= c <= "\u9fff"})
    alone = {c: lazy_pinyin(c)[0] for c in characters}
    special = {}
    for name in folded:
        han = [c for c in name if c in alone]
        if len(han) < 2 or len(name) > 20:
            continue
        together = lazy_pinyin("".join(han))
        if together != [alone[c] for c in han]:
            special["".join(han)] = " ".join(together)
    return {"characters": "".join(characters), "readings": " ".join(alone.values()), "special": special}

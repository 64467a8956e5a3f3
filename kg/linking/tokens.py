"""Names that hold two things, and codes behind names: 百度文心 is a company and its product; 某公司 (01234.HK)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from kg.lexicon import Lexicon
from kg.linking.forms import group
from kg.model import Mention, Span
from kg.naming import KNOWN
from kg.text import fold

_CODE = re.compile(
    r"\s?[(\[](?:[^()\[\]\d]{0,8}[:：]\s?)?"
    r"(?:(?P<hk>\d{4,5})\.hk|(?P<cn>\d{6})(?:\.(?P<board>sh|sz|bj|ss))?|(?P<bare>\d{5})"
    r"|(?P<other>\d{4,6}\.(?:tw|ks|t)|[a-z]{1,5}\.us))\s?[)\],/;、]"
)
_BOARDS = {"6": "SH", "9": "SH", "0": "SZ", "2": "SZ", "3": "SZ", "4": "BJ", "8": "BJ"}


def split_makers(mentions: Sequence[Mention], lexicon: Lexicon) -> list[Mention]:
    """The mentions, a token of a company's and its product's name as both: the product's mention is the whole token.

    Only products with names of their own (a capital in their English name) are taken so, not kinds of products.
    """
    result: list[Mention] = []
    starts = {(m.span.start, m.span.end) for m in mentions}
    for mention in mentions:
        cut = None if lexicon.lookup(mention.surface)[0] else _maker_and_product(fold(mention.surface), lexicon)
        if cut is None:
            result.append(mention)
            continue
        at, maker, product = cut
        span = Span(mention.span.start, mention.span.start + at)
        if (span.start, span.end) not in starts:
            maker_cls = lexicon.entries[maker].cls
            result.append(replace(mention, span=span, surface=mention.surface[:at], cls=maker_cls, candidates=()))
        result.append(replace(mention, cls=lexicon.entries[product].cls, finder=KNOWN, candidates=(product,)))
    return result


def _maker_and_product(form: str, lexicon: Lexicon) -> tuple[int, str, str] | None:
    for at in range(2, len(form) - 1):
        makers, weak = lexicon.lookup(form[:at])
        if not makers or weak or group(lexicon.entries[makers[0]].cls) != "Organization":
            continue
        products = [i for i in lexicon.lookup(form[at:].strip())[0] if _own_name(i, lexicon)]
        if products:
            return at, makers[0], products[0]
    return None


def _own_name(id_: str, lexicon: Lexicon) -> bool:
    entry = lexicon.entries[id_]
    english = dict(entry.labels).get("en", "")
    return entry.cls == "Product" and english[:1].isupper()


def ticker_behind(folded: str, end: int) -> str | None:
    """The exchange's code in brackets right behind `end`, in the gazetteer's form (00700.HK, 600519.SH)."""
    match = _CODE.match(folded, end)
    if match is None:
        return None
    if match["hk"] or match["bare"]:
        return f"{(match['hk'] or match['bare']).zfill(5)}.HK"
    if match["cn"]:
        board = (match["board"] or _BOARDS.get(match["cn"][0], "")).upper().replace("SS", "SH")
        return f"{match['cn']}.{board}" if board else None
    return match["other"].upper()

"""A graph in which every text tries to become markup, a script or a link."""

from decimal import Decimal

from kg.assembly import MergedClaim, MergedObservation, content_id
from kg.model import Article, Author, Document, Entity, Evidence, Span
from kg.view import ViewData

ATTACKS = (
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(2)>",
    "<a href=\"javascript:alert(3)\">href</a>",
    "\"><svg onload=alert(4)>",
    "'-alert(5)-'",
    "{{ 7 * 7 }}{% include '/etc/passwd' %}",
    "<!--<script>",
    "]]><iframe src=data:text/html,<script>alert(6)</script>>",
    "\u202egpj.exe\u2066\u200f\x00\x07\x1b[31m\x85\u2028\ufeff",
    "=cmd|' /C calc'!A0",
    "__proto__", "constructor", "\\u003cscript\\u003e", "\ud800lone",
    "長" * 50_000 + "L" * 50_000,
)  # fmt: skip


def hostile() -> ViewData:
    """Attacks in names, aliases, identifiers, titles, quotations, roles, authors, file names, addresses and labels."""
    entities = tuple(
        Entity(
            f"e{i}" if i % 2 else text[:40], "Company", (("zh-Hans", text), ("en", text)), (("zh", text + "x"),),
            (("ticker", text), ("exactMatch", "javascript:alert(9)"), ("data", "data:text/html,<script>alert(9)")),
        )
        for i, text in enumerate(ATTACKS)
    )  # fmt: skip
    documents = tuple(
        Document(
            f"d{i}", text, "", "", title=text, date="2025-01-01", authors=(text,),
            source=("javascript:alert(7)", "data:text/html,x", text)[i % 3],
        )
        for i, text in enumerate(ATTACKS)
    )  # fmt: skip
    articles = tuple(Article("a1", d.id, d.title, "", (), (Author(d.title, role=d.title),)) for d in documents)
    claims, figures = [], []
    for i, text in enumerate(ATTACKS):
        quote = Evidence(f"d{i}", "a1", Span(0, 9), text)
        other = entities[(i + 1) % len(entities)].id
        key = (entities[i].id, "supports", other, "affirmed", "fact")
        claims.append(MergedClaim(content_id(*key), *key, 0.9, (quote,), (other,), (text,), ((text[:20], None),)))
        figures.append(
            MergedObservation(
                f"o{i}", entities[i].id, text, Decimal(i), text[:50], "actual", "2025", "2025", text, "", 0.9, (quote,)
            )
        )
    labels = {"en": ATTACKS[1], "zh-Hans": ATTACKS[0]}
    return ViewData(
        entities, tuple(claims), tuple(figures), documents, articles,
        {"Company": ("", labels)}, {"supports": (False, labels)}, ATTACKS[0] + ATTACKS[1],
    )  # fmt: skip

"""Made-up short news with what it states, as fast as it can be made: for assembly of many documents.

Names are the gazetteer's and invented ones, so that the graph grows with the documents.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from functools import cache

from kg import lexicon
from kg.assembly import content_id
from kg.duplicates import sketch
from kg.model import Article, Claim, Document, Entity, Evidence, Extraction, Observation, Piece, Span

RELATIONS = (
    ("supplies", "Company", "{0}與{1}簽訂合約，今年起為對方供應零件。"),
    ("competesWith", "Company", "分析員認為，{0}與{1}的競爭將會加劇。"),
    ("produces", "Product", "{0}擴大{1}的產量，新廠房明年投產。"),
    ("locatedIn", "Country", "{0}把總部設在{1}，員工約二千人。"),
    ("dependsOn", "Company", "{0}的訂單大多來自{1}，收入過於集中。"),
)
FIGURE = "{0}上季收入{1}億元，按年增長{2}%。"
SYLLABLES = "星河雲杉北岸遠山極光青禾南嶺藍灣安居海川明泰恒遠新亞"


@cache
def known(cls: str) -> list[Entity]:
    found = (e for e in lexicon.load().entries.values() if e.cls == cls and len(e.labels[-1][1]) > 2)
    return [Entity(e.id, e.cls, e.labels, tuple(("zh-Hant", a) for a in e.aliases), mentions=1) for e in found]


def invented(chance: random.Random) -> Entity:
    name = "".join(chance.choices(SYLLABLES, k=5)) + chance.choice(("科技", "能源", "控股"))
    return Entity("x-" + content_id("Company", name), "Company", (("zh-Hant", name),), mentions=1)


def extraction(number: int) -> Extraction:
    """Document `number`, always the same, with four claims and two figures. One in twenty tells another's story."""
    copy = number % 20 == 19
    chance = random.Random(number - copy)
    companies = known("Company")
    text, stated, entities = "（本報訊）" if copy else "", [], {}
    for _ in range(4):
        predicate, cls, form = chance.choice(RELATIONS)
        subject = invented(chance) if chance.random() < 0.2 else companies[int(len(companies) * chance.random() ** 2)]
        object_ = chance.choice(known(cls))
        if subject.id == object_.id:
            continue
        sentence = form.format(subject.labels[-1][1], object_.labels[-1][1])
        stated.append((subject, predicate, object_, Span(len(text), len(text) + len(sentence))))
        entities.update({subject.id: subject, object_.id: object_})
        text += sentence
    about = chance.choice(sorted(entities.values(), key=lambda e: e.id))
    amounts = chance.randrange(1, 999), chance.randrange(1, 80)
    figures = Span(len(text), len(text) + len(sentence := FIGURE.format(about.labels[-1][1], *amounts)))
    text += sentence
    id_ = content_id(text)[:20]
    date = f"2025-{number % 12 + 1:02}-{number % 28 + 1:02}"
    document = Document(id_, f"news.jsonl#{number}", text, id_ * 3, date=date)

    def place(span: Span) -> Evidence:
        return Evidence(id_, "a1", span, text[span.start : span.end])

    claims = tuple(
        Claim(s.id, p, o.id, confidence=round(chance.uniform(0.3, 1), 2), evidence=(place(span),), sources=("made",))
        for s, p, o, span in stated
    )
    observations = tuple(
        Observation(about.id, name, Decimal(value), unit, str(value), place(figures), start=date, end=date)
        for name, value, unit in (("收入", amounts[0] * 10**8, "HKD"), ("收入增長", amounts[1], "percent"))
    )
    article = Article("a1", id_, "", text, (Piece(0, 0, len(text)),))
    article = replace(article, sketch=sketch(article))
    return Extraction(document, (article,), tuple(entities.values()), claims, observations)


def extractions(count: int, *, first: int = 0) -> Iterator[Extraction]:
    return (extraction(number) for number in range(first, first + count))

"""Graphs made by rule, of any size, with the shapes that news gives: hubs, communities, figures, contradictions."""

from decimal import Decimal

import numpy as np

from kg.assembly import MergedClaim, MergedObservation, content_id
from kg.model import Article, Author, Document, Entity, Evidence, Span
from kg.view import ViewData

CLASSES = {
    "Entity": "", "Organization": "Entity", "Company": "Organization", "GovernmentBody": "Organization",
    "Person": "Entity", "Place": "Entity", "Market": "Entity", "Index": "Entity", "Policy": "Entity",
    "Product": "Entity", "Technology": "Entity", "Industry": "Entity",
}  # fmt: skip
RELATIONS = {
    "locatedIn": False, "partOf": False, "competesWith": True, "cooperatesWith": True, "develops": False,
    "produces": False, "supplies": False, "supports": False, "restricts": False, "benefits": False, "harms": False,
    "investsIn": False,
}  # fmt: skip
_LEAF = [c for c in CLASSES if c not in ("Entity", "Organization")]
_WORDS = "中国香港上海深圳恒生科技金融银行证券半导体芯片智能汽车能源电力数据投资控股集团国际发展创新华南东方环球"
_SAID = "公司表示将继续扩大与合作伙伴的投资规模并推动产业升级，市场对此反应积极，预期全年收入增长"


def synthetic(entities: int, claims: int, *, seed: int = 1, documents: int | None = None) -> ViewData:
    """A graph of that many entities and claims; the same for the same numbers."""
    chance = np.random.default_rng(seed)
    count = documents or max(3, claims // 40)
    days = np.sort(chance.integers(0, 900, count))
    papers = tuple(_document(i, int(d)) for i, d in enumerate(days))
    pieces = tuple(Article(f"a{i}", d.id, f"文章{i}", "", (), (Author(f"记者{i % 40}"),)) for i, d in enumerate(papers))
    things = tuple(_entity(i, chance) for i in range(entities))
    return ViewData(
        things, _claims(things, papers, claims, chance), _figures(things, papers, chance), papers, pieces,
        {name: (parent, {"en": name}) for name, parent in CLASSES.items()},
        {name: (both, {"en": name}) for name, both in RELATIONS.items()},
    )  # fmt: skip


def _document(i: int, day: int) -> Document:
    date = f"{2023 + day // 360}-{day % 360 // 30 + 1:02d}-{day % 30 + 1:02d}"
    return Document(f"{i:08x}", f"{i}.txt", "", "", title=f"报道{i}", date=date, source=f"https://news.example/{i}")


def _entity(i: int, chance: np.random.Generator) -> Entity:
    name = "".join(_WORDS[k] for k in chance.integers(0, len(_WORDS), 4)) + str(i)
    marks = (("ticker", f"{i:05d}.HK"),) if i % 3 == 0 else ()
    labels = (("en", f"Entity {i}"), ("zh-Hans", name))
    return Entity(f"e-{i}", _LEAF[i % len(_LEAF)], labels, (("zh-Hans", name[:3]),), marks, mentions=1 + i % 9)


def _claims(
    things: tuple[Entity, ...], papers: tuple[Document, ...], count: int, chance: np.random.Generator
) -> tuple[MergedClaim, ...]:
    """Ends by a power law within communities of about 60; one claim in five goes elsewhere."""
    size = len(things)
    ends = (size * chance.random(count) ** 2.2).astype(int)
    close, far = ends // 60 * 60 + chance.integers(0, 60, count), chance.integers(0, size, count)
    near = np.where(chance.random(count) < 0.8, close, far)
    near = np.minimum(near, size - 1)
    predicate, paper = chance.integers(0, len(RELATIONS), count), np.sort(chance.integers(0, len(papers), count))
    starts, sureness = chance.integers(0, 3000, count), chance.integers(50, 100, count)
    names = list(RELATIONS)
    made = {}
    for i, (a, b) in enumerate(zip(ends.tolist(), near.tolist(), strict=True)):
        other = b if a != b else (a + 1) % size
        d, start = int(paper[i]), int(starts[i])
        quote = f"{things[a].labels[1][1]}{_SAID[start % 11 : start % 11 + 24]}{things[other].labels[1][1]}。"
        where = Evidence(papers[d].id, f"a{d}", Span(start, start + len(quote)), quote)
        key = (
            things[a].id, names[predicate[i]], things[other].id, "negated" if i % 23 == 0 else "affirmed",
            ("fact", "fact", "fact", "forecast", "proposal")[i % 5],
        )  # fmt: skip
        speakers = (things[i % 50 % size].id,) if i % 4 == 0 else ()
        made[key] = MergedClaim(content_id(*key), *key, int(sureness[i]) / 100, (where,), speakers)
    return tuple(made.values())


def _figures(
    things: tuple[Entity, ...], papers: tuple[Document, ...], chance: np.random.Generator
) -> tuple[MergedObservation, ...]:
    made = []
    for i, thing in enumerate(things[: min(len(things), 2000)]):
        for k in range(i % 4):
            value, d = round(float(chance.normal(5, 20)), 2), papers[(i + k) % len(papers)]
            text = f"增长{value}%"
            where = Evidence(d.id, f"a{(i + k) % len(papers)}", Span(10, 10 + len(text)), f"收入{text}")
            year = f"202{k}"
            measure = ("收入增长", Decimal(str(value)), "percent", "actual", year, year, text, None, 0.9)
            made.append(MergedObservation(f"o{i}-{k}", thing.id, *measure, (where,)))
    return tuple(made)

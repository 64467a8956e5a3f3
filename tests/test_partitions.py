"""Assembly in partitions gives what assembly in memory gives, and one that goes on what one anew gives."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import msgspec
import pyoxigraph as ox
import pytest
from graphs import THINGS, document, evidence, extractions, hand_made
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from kg import graph, stats, store, validate
from kg.building import page
from kg.building.publish import Publish, publish
from kg.duplicates import sketch
from kg.model import Article, Author, Claim, Entity, Extraction, encode
from kg.partitions import assemble as assembling
from kg.partitions import jobs, rows, tables
from kg.partitions.assemble import Assembled, Place, assemble
from kg.shelf import Shelf, key_of
from kg.view import from_graph

BASE = "https://example.org/kg/"
few = settings(max_examples=25, phases=[Phase.explicit, Phase.reuse, Phase.generate])


class Site:
    """A folder where graphs are assembled, one behind the other."""

    def __init__(self, folder: Path, partitions: int) -> None:
        self.folder, self.partitions, self.number = folder, partitions, 0
        self.shelf = Shelf(folder / "settled", folder / "fresh")
        self.made: Assembled | None = None

    @property
    def now(self) -> Path:
        return self.folder / str(self.number)

    def build(self, found: Sequence[Extraction], *, anew: bool = False) -> None:
        documents = {}
        for extraction in sorted(found, key=lambda e: e.document.name, reverse=True):
            key = documents[extraction.document.id] = key_of(encode(extraction), "")
            self.shelf.put(key, extraction)
        old = None if anew or self.made is None else self.now
        self.number += 1
        self.made = assemble(documents, Place(self.shelf, old, self.now, self.folder / "work"), jobs.here)
        before = (str(old / "graph.ttl"), str(old / store.FOLDER)) if old else ("", "")
        now, made = str(self.now), self.made
        publish(Publish(now, self.partitions, made.blocks, made.extent, BASE, *before, now))

    @property
    def turtle(self) -> str:
        return (self.now / "graph.ttl").read_text(encoding="utf-8")

    @property
    def stored(self) -> set[str]:
        return {str(q) for q in ox.Store.read_only(str(self.now / store.FOLDER))}


@pytest.fixture(params=[1, 4])
def partitions(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(assembling, "partitions_for", lambda documents: request.param)
    return int(request.param)


def check(site: Site, found: Sequence[Extraction]) -> None:
    known = graph.assemble(found, base=BASE)
    assert site.turtle == known.turtle()
    assert site.made is not None
    assert set(site.made.problems) == set(known.problems)
    assert site.made.counts.get("observations", 0) == len(known.observations)
    assert sum(n for name, n in site.made.counts.items() if name.startswith("claim:")) == len(known.claims)
    assert site.made.tables.copies == known.parts.copies
    assert site.made.counts["stories"] == sum(stats.counts(known)["stories"].values())


STORIES = [
    "星河半導體昨日公布，與北岸港務局簽訂合約，為新碼頭的自動化吊機供應控制晶片，合約為期三年，金額沒有披露。",
    "（本報訊）星河半導體昨日公布，與北岸港務局簽訂合約，為新碼頭的自動化吊機供應控制晶片，合約為期三年，金額沒有披露。",
    "分析員到訪後說，海力士與英偉達的合約已續至後年，三星則仍在等候認證，差距短期內難以收窄，值得投資者留意。",
    "太短。",
]
LONG = STORIES[0]


def telling(extraction: Extraction, text: str) -> Extraction:
    """`extraction` as if its articles had that text, as far as stories go."""
    articles = (replace(a, sketch=sketch(replace(a, text=text, body_start=0))) for a in extraction.articles)
    return replace(extraction, articles=tuple(articles))


@few
@given(extractions(5), st.data())
def test_steps_are_as_once(made: list[Extraction], data: st.DataObject) -> None:
    made = [telling(e, data.draw(st.sampled_from(STORIES))) for e in made]
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(assembling, "partitions_for", lambda documents: 4)
        site = Site(Path(folder), 4)
        for _ in range(3):
            chosen = data.draw(st.lists(st.sampled_from(made), min_size=1, unique_by=lambda e: e.document.id))
            site.build(chosen)
            check(site, chosen)
            there = site.stored
            site.build(chosen, anew=True)
            assert site.stored == there


def test_hand_made(partitions: int, tmp_path: Path) -> None:
    site = Site(tmp_path, partitions)
    site.build(hand_made())
    check(site, hand_made())
    assert site.made is not None
    shown = page.load(site.now, partitions, site.made.tables.copies, BASE)
    known = graph.assemble(hand_made(), base=BASE)
    assert (shown.entities, shown.claims, shown.observations) == (known.entities, known.claims, known.observations)
    light = tuple(replace(a, text="") for a in known.articles)
    assert from_graph(shown).articles == light


def told(id_: str, text: str, **options: object) -> Extraction:
    doc = replace(document(id_, text), name=f"{id_}.txt")
    article = Article("a1", id_, "", text, (), (Author("何志航", organization="北岸港務局"),))
    said = (Claim("sk-hynix", "supplies", "nvidia", confidence=0.5, evidence=(evidence(doc, 0, 9),)),)
    options = {"entities": (THINGS["sk-hynix"], THINGS["nvidia"]), "claims": said, **options}
    return telling(Extraction(doc, (article,), **options), text)  # type: ignore[arg-type]


def thing(id_: str, cls: str, *names: str) -> Entity:
    return Entity(id_, cls, (("zh-Hant", names[0]),), tuple(("zh-Hant", n) for n in names[1:]))


def test_what_comes_later_changes_what_stood(partitions: int, tmp_path: Path) -> None:
    """A copy, an alias that joins two entities, a class that changes, an entity that only another document knows."""
    doc = document("e", LONG)
    maker = thing("x-1", "Company", "雲杉能源科技有限公司", "雲杉能源")
    steps = [
        told("a", LONG),
        told("b", "（本報訊）" + LONG),
        told("c", LONG, entities=(thing("x-2", "Company", "雲杉能源"), THINGS["hbm"]), claims=(
            Claim("x-2", "produces", "hbm", evidence=(evidence(document("c", LONG), 0, 5),)),
            Claim("x-1", "supplies", "nvidia", evidence=(evidence(document("c", LONG), 0, 5),)),
        )),
        told("d", LONG, entities=(maker,), claims=()),
        Extraction(doc, (), (thing("x-2", "Person", "雲杉能源"), thing("x-9", "Person", "何志航")), (
            Claim("x-9", "worksFor", "x-2", evidence=(evidence(doc, 0, 5),)),
        )),
    ]  # fmt: skip
    site = Site(tmp_path, partitions)
    for count in (*range(1, len(steps) + 1), 3, 1, 4):
        site.build(steps[:count])
        check(site, steps[:count])
    for start in range(4):
        site.build(steps[start:])
        check(site, steps[start:])


def test_stories_are_linked_and_counted_once_whatever_comes_and_goes(partitions: int, tmp_path: Path) -> None:
    """The article that stands for a story changes with the documents, and with it links, confidence and counts."""
    own = told("b", STORIES[1], claims=(), entities=())  # states nothing, and is a copy all the same
    other = told("d", STORIES[2])
    first, last = told("a", LONG), told("c", LONG)
    site = Site(tmp_path, partitions)
    expected = [
        ([last], 1, 0, 0.5),
        ([last, own], 1, 1, 0.5),
        ([last, own, other], 2, 1, 0.75),
        ([first, last, own, other], 2, 2, 0.75),
        ([own, other], 2, 0, 0.5),
        ([first, last], 1, 1, 0.5),
    ]
    for chosen, stories, links, confidence in expected:
        site.build(chosen)
        check(site, chosen)
        assert site.made is not None
        assert site.made.counts["stories"] == stories
        assert site.turtle.count("jl:sameStoryAs") == links
        assert f"jl:confidence {confidence} " in site.turtle
        assert validate.file(site.now / "graph.ttl") == []


def test_a_page_of_too_much_shows_what_most_documents_state(tmp_path: Path) -> None:
    site = Site(tmp_path, 1)
    found = [told(i, LONG + i) for i in "abc"]
    rare = Claim("hbm", "partOf", "nvidia", evidence=(evidence(document("d", LONG), 0, 5),))
    found.append(told("d", LONG, claims=(rare,), entities=(THINGS["hbm"], THINGS["nvidia"])))
    site.build(found)
    assert site.made is not None
    shown = page.load(site.now, 1, site.made.tables.copies, BASE, most=3)
    assert [c.predicate for c in shown.claims] == ["supplies"]
    assert [d.id for d in shown.documents] == ["a", "b", "c"]
    assert "hbm" not in shown.parts.entities


def test_tables_are_read_as_written(tmp_path: Path) -> None:
    site = Site(tmp_path, 1)
    site.build([told("a", LONG), told("b", LONG)])
    assert site.made is not None
    assert tables.read(site.now / assembling.TABLES) == site.made.tables


@given(st.lists(st.tuples(st.integers(0, 7), st.text(max_size=9), st.text(max_size=3), st.binary())))
def test_rows_are_read_as_written(found: list[tuple[int, str, str, bytes]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        sheets = rows.Sheets(8)
        for row in found:
            sheets.add(*row)
        sizes = sheets.write(Path(folder) / "sheets")
        parts = [rows.read_part(Path(folder) / "sheets", sizes, n) for n in range(8)]
        rows.joined(parts).write(Path(folder) / "all")
        there = rows.read(Path(folder) / "all")
    read = [(r.section, r.subject, r.document, msgspec.msgpack.decode(r.content))
            for r in there.where(there.sections < 8)]  # fmt: skip
    assert sorted(read) == sorted(found)


def test_the_number_of_partitions_follows_the_documents() -> None:
    assert [assembling.partitions_for(n) for n in (1, 999, 1000, 4000, 10_000, 100_000)] == [1, 1, 2, 8, 16, 128]

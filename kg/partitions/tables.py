"""What a build keeps of all documents together, beside the rows: counts from which a later one goes on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path

import msgspec

from kg import duplicates
from kg.assembly.census import Census
from kg.assembly.copies import ArticleKey, stories
from kg.assembly.facts import Resolution
from kg.assembly.resolve import Edge, Places
from kg.assembly.summary import Summary, Writer
from kg.model import Entity, Extraction

Sketches = tuple[tuple[str, bytes], ...]
"""The sketches of a document's articles, by the articles' ids."""


class Known(msgspec.Struct, array_like=True, frozen=True):
    """A merged entity: its class, and a hash of all that is said of it."""

    cls: str
    digest: bytes


class Form(msgspec.Struct, array_like=True, frozen=True):
    """`Tables` as it is written: no key but texts."""

    documents: dict[str, str]
    texts: dict[str, bytes]
    versions: list[tuple[Entity, int]]
    colleagues: list[tuple[Edge, int]]
    writers: dict[str, tuple[Writer, ...]]
    dates: dict[str, int]
    counts: dict[str, int]
    known: dict[str, Known]
    became: dict[str, str]
    sketches: dict[str, Sketches]
    copies: list[tuple[ArticleKey, ArticleKey]]


@dataclass(slots=True)
class Tables:
    documents: dict[str, str] = field(default_factory=dict)
    """The key of each document's extraction, by the document's id."""
    texts: dict[str, bytes] = field(default_factory=dict)
    """A hash of each document's text as it was read."""
    census: Census = field(default_factory=Census)
    dates: Counter[str] = field(default_factory=Counter)
    counts: Counter[str] = field(default_factory=Counter)
    """articles, stories, triples, observations, class:C and claim:P."""
    known: dict[str, Known] = field(default_factory=dict)
    became: dict[str, str] = field(default_factory=dict)
    sketches: dict[str, Sketches] = field(default_factory=dict)
    """Those of articles, by document."""
    copies: dict[ArticleKey, ArticleKey] = field(default_factory=dict)

    @property
    def resolution(self) -> Resolution:
        return Resolution(self.became, {id_: known.cls for id_, known in self.known.items()})

    def resolve(self, places: Places) -> tuple[dict[str, Entity | None], set[str]]:
        """Resolves anew: what entities are that were not so before (None: gone), and the ids whose fate changed."""
        entities, became = self.census.resolve(places)
        known = {id_: Known(e.cls, digest(e)) for id_, e in entities.items()}
        moved = {i for i in self.became.keys() | became.keys() if self.became.get(i) != became.get(i)}
        changed: dict[str, Entity | None] = {}
        for id_ in self.known.keys() | known.keys():
            before, after = self.known.get(id_), known.get(id_)
            if before != after:
                changed[id_] = entities.get(id_)
                if before is None or after is None or before.cls != after.cls:
                    moved.add(id_)
        self.known, self.became = known, became
        self.counts = Counter({name: n for name, n in self.counts.items() if not name.startswith("class:")})
        self.counts.update(f"class:{k.cls}" for k in known.values())
        return changed, moved

    def find_copies(self) -> set[str]:
        """Finds anew which articles tell the same story; the documents for whose articles this changed."""
        before = self.copies
        sketches = {(id_, article): made for id_, own in self.sketches.items() for article, made in own}
        self.copies = duplicates.stories(sketches)
        self.counts["stories"] = stories(self.counts["articles"], self.copies)
        return {k[0] for k in before.keys() | self.copies.keys() if before.get(k) != self.copies.get(k)}

    def write(self, path: Path) -> None:
        form = Form(
            self.documents,
            self.texts,
            list(self.census.versions.items()),
            list(self.census.colleagues.items()),
            self.census.writers,
            dict(self.dates),
            dict(self.counts),
            self.known,
            self.became,
            self.sketches,
            list(self.copies.items()),
        )
        path.write_bytes(msgspec.msgpack.encode(form))


def read(path: Path) -> Tables:
    form = msgspec.msgpack.decode(path.read_bytes(), type=Form)
    return Tables(
        form.documents,
        form.texts,
        Census(Counter(dict(form.versions)), Counter(dict(form.colleagues)), form.writers),
        Counter(form.dates),
        Counter(form.counts),
        form.known,
        form.became,
        form.sketches,
        dict(form.copies),
    )


class Share(msgspec.Struct, array_like=True):
    """What some documents add to the tables, or take from them."""

    versions: list[tuple[Entity, int]]
    colleagues: list[tuple[Edge, int]]
    writers: dict[str, tuple[Writer, ...]]
    dates: dict[str, int]
    articles: int
    texts: dict[str, bytes]
    sketches: dict[str, Sketches]


def share(found: Iterable[tuple[Extraction, Summary]]) -> Share:
    census, dates, articles = Census(), Counter[str](), 0
    texts: dict[str, bytes] = {}
    sketches: dict[str, Sketches] = {}
    for extraction, summary in found:
        document = extraction.document
        census.add(summary)
        articles += len(extraction.articles)
        texts[document.id] = text_digest(text_bytes(document.text))
        if made := tuple((a.id, a.sketch) for a in extraction.articles if a.sketch):
            sketches[document.id] = made
        if document.date:
            dates[document.date] += 1
    told = [*census.versions.items()], [*census.colleagues.items()]
    return Share(*told, census.writers, dates, articles, texts, sketches)


def text_bytes(text: str) -> bytes:
    """A document's text as its copy beside the graph holds it."""
    return text.encode("utf-8", "surrogatepass")


def text_digest(content: bytes) -> bytes:
    return blake2b(content, digest_size=16).digest()


def digest(entity: Entity) -> bytes:
    return blake2b(msgspec.msgpack.encode(entity), digest_size=8).digest()

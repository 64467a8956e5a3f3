"""The data types that the stages hand on. Frozen, picklable, JSON both ways (`encode`, `decode`).

Offsets count Unicode code points. A `Span` of an article counts in `Article.text`; a `Span` of an
evidence, an author or a region counts in `Document.text`, the document's text as read.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeVar

import msgspec

AFFIRMED, NEGATED = "affirmed", "negated"
FACT, FORECAST, PROPOSAL = "fact", "forecast", "proposal"
ACTUAL, TARGET = "actual", "target"

T = TypeVar("T")


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Half-open: `text[start:end]`."""

    start: int
    end: int

    def __len__(self) -> int:
        return self.end - self.start

    def overlaps(self, other: Span) -> bool:
        return self.start < other.end and other.start < self.end

    def covers(self, other: Span) -> bool:
        return self.start <= other.start and other.end <= self.end


@dataclass(frozen=True, slots=True)
class Document:
    """One document as read. `id` is a hash of its content; `name` is what a user calls it (path, or path#item)."""

    id: str
    name: str
    text: str
    sha256: str
    title: str = ""
    date: str | None = None
    """ISO 8601: a date, a month or a year."""
    date_source: str | None = None
    """front-matter, dateline, file-name, feed, text or metadata."""
    date_certainty: float = 0.0
    authors: tuple[str, ...] = ()
    source: str | None = None
    """Publisher or address, where the document tells."""
    language: str = "zh-Hant"
    media_type: str = "text/plain"
    body: Span | None = None
    """Where the body stands in `text`, when a reader knows (after front matter); else all of it."""
    cuts: tuple[Span, ...] = ()
    """Parts of the body that are markup, not text (image links, URLs, HTML tags), sorted, disjoint."""
    title_span: Span | None = None


@dataclass(frozen=True, slots=True)
class Author:
    """A writer of an article. `role` and `organization` are as stated in the text at `evidence` (document offsets)."""

    name: str
    span: Span | None = None
    role: str | None = None
    organization: str | None = None
    evidence: Span | None = None

    @property
    def called(self) -> str:
        """The name, or the post where the text tells no more (作者為某會主席), or nothing."""
        return self.name.strip() or (self.organization + self.role if self.organization and self.role else "")


@dataclass(frozen=True, slots=True)
class Credit:
    """Who is named beside an article's writers: its editors and sources (`contributor`), its `publisher`.

    `part` is a property of dcterms.
    """

    name: str
    cls: str
    part: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of an article's text that is verbatim in the document: text[start:start+length] == document[source:...]."""

    start: int
    source: int
    length: int


@dataclass(frozen=True, slots=True)
class Article:
    """One article. `text` is its title (when it has one), a line break, then its paragraphs, one a line.

    `pieces`, sorted by start, map it to the document; characters outside all pieces (line breaks that
    layout put between paragraphs) have no place there.
    """

    id: str
    document: str
    title: str
    text: str
    pieces: tuple[Piece, ...]
    authors: tuple[Author, ...] = ()
    credits: tuple[Credit, ...] = ()
    body_start: int = 0
    """Where the body begins in `text`: behind the title's line."""
    sketch: bytes = b""
    """What tells that another article has the same story (`kg.duplicates`); empty where it is too short to tell."""


@dataclass(frozen=True, slots=True)
class Region:
    """What layout took a part of the document for: article, title, author, caption, chart, advert, section …"""

    kind: str
    span: Span
    article: str | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    articles: tuple[Article, ...]
    regions: tuple[Region, ...]


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in an article: `article.text[span] == surface`. `entity` is set by linking."""

    span: Span
    surface: str
    cls: str
    finder: str
    confidence: float = 1.0
    candidates: tuple[str, ...] = ()
    """Gazetteer ids that this form may mean, the likeliest first."""
    entity: str | None = None
    read: float | None = None
    """How sure the learned reader is that this is a name, whoever found it; None where it did not run."""


HASHED = "x-"
"""What the id of an entity that no gazetteer knows begins with."""


def listed(id_: str) -> bool:
    """A gazetteer knows the entity of this id."""
    return not id_.startswith(HASHED)


@dataclass(frozen=True, slots=True)
class Entity:
    """One real thing. `id` is a gazetteer slug or `x-` and a hash of its content."""

    id: str
    cls: str
    labels: tuple[tuple[str, str], ...]
    """Preferred labels: (language tag, name), sorted by tag."""
    aliases: tuple[tuple[str, str], ...] = ()
    identifiers: tuple[tuple[str, str], ...] = ()
    mentions: int = 0
    certain: bool = True
    """False where linking could not decide and kept it apart."""


@dataclass(frozen=True, slots=True, order=True)
class Evidence:
    """A place in a document: `Document.text[span]` is `quote`, line breaks aside."""

    document: str
    article: str
    span: Span
    quote: str


@dataclass(frozen=True, slots=True)
class Relation:
    """A relation that one extractor read in one article. `span` (article offsets) is where the text states it."""

    subject: str
    predicate: str
    object: str
    span: Span
    confidence: float
    source: str
    """The pattern's id, or `neural`."""
    negated: float = 0.0
    forecast: float = 0.0
    proposal: float = 0.0
    role: str | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """Subject, predicate, object between entity ids, with who says it and how."""

    subject: str
    predicate: str
    object: str
    polarity: str = AFFIRMED
    modality: str = FACT
    confidence: float = 1.0
    evidence: tuple[Evidence, ...] = ()
    attributed_to: str | None = None
    role: str | None = None
    start: str | None = None
    end: str | None = None
    sources: tuple[str, ...] = ()
    """The patterns or models that found it."""


@dataclass(frozen=True, slots=True)
class Observation:
    """A figure stated of an entity, by the vocabulary's section Observations. `text` is the figure in its own words."""

    about: str
    indicator: str
    value: Decimal
    unit: str
    text: str
    evidence: Evidence
    kind: str = ACTUAL
    start: str | None = None
    end: str | None = None
    qualifier: str | None = None
    attributed_to: str | None = None
    indicator_entity: str | None = None
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that could not be read or did not fit. `fatal` when the whole document is lost."""

    document: str
    code: str
    reason: str
    fatal: bool = False


@dataclass(frozen=True, slots=True)
class Extraction:
    """All that one document gave: the only type that crosses a process or file boundary."""

    document: Document
    articles: tuple[Article, ...] = ()
    entities: tuple[Entity, ...] = ()
    claims: tuple[Claim, ...] = ()
    observations: tuple[Observation, ...] = ()
    problems: tuple[Problem, ...] = field(default=())


def encode(value: object) -> bytes:
    """JSON of any of these types."""
    return msgspec.json.encode(value, enc_hook=os.fspath)


def decode(data: bytes, cls: type[T]) -> T:
    """The value of type `cls` that `encode` wrote. Raises `msgspec.ValidationError` where the form differs."""
    return msgspec.json.decode(data, type=cls, dec_hook=lambda kind, value: kind(value))

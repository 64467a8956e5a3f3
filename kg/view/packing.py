"""A graph as columns of numbers and lines of text, compressed: the form in which a page carries it.

Numbers are little-endian, one byte plane after another, which compresses far better than whole words.
Evidence and figures lie in blocks of their own that the page opens when they are asked for.
"""

from __future__ import annotations

import base64
import gzip
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import msgspec
import numpy as np
from numpy.typing import NDArray

from kg.assembly import MergedClaim, MergedObservation
from kg.model import AFFIRMED, Evidence
from kg.view.data import ViewData

Numbers = NDArray[np.uint32]

CHUNK = 4096
"""Evidences, or figures, in one block."""
STEPPED = ("evidence", "evidence_document")
"""Columns that mostly rise: their steps are kept (modulo 2**32)."""
MODALITIES = ("fact", "forecast", "proposal")
_NAME, _QUOTE = 200, 4000
"""Most characters of a name and of a quotation that are shown."""
_PART = "\x1f"
_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]"
)


@dataclass(frozen=True, slots=True)
class Packed:
    """Columns of a graph. Entities, documents and articles are numbered as in `ViewData`; claims by `order`."""

    subject: Numbers
    object: Numbers
    degree: NDArray[np.int64]
    columns: Mapping[str, Numbers]
    order: tuple[MergedClaim, ...]
    evidences: tuple[Evidence, ...]
    observations: tuple[MergedObservation, ...]

    def heaviest(self, most: int) -> NDArray[np.int64]:
        """The `most` entities with the most claims, in order of number."""
        ranked = np.lexsort((np.arange(len(self.degree)), -self.degree))[:most]
        return np.sort(ranked[self.degree[ranked] > 0])

    def links(self, among: NDArray[np.int64]) -> list[tuple[int, int, int]]:
        """Pairs of different entities of `among` (lower number first), sorted, with the number of their claims."""
        inside = np.zeros(len(self.degree), dtype=bool)
        inside[among] = True
        keep = inside[self.subject] & inside[self.object] & (self.subject != self.object)
        a = np.minimum(self.subject[keep], self.object[keep]).astype(np.int64)
        b = np.maximum(self.subject[keep], self.object[keep]).astype(np.int64)
        pairs, counts = np.unique(a * len(self.degree) + b, return_counts=True)
        return [(p // len(self.degree), p % len(self.degree), n) for p, n in zip(pairs.tolist(), counts.tolist())]  # noqa: B905


def plain(text: str, most: int = _NAME) -> str:
    """`text` without control and direction characters, at most `most` characters."""
    text = _UNSEEN.sub("", text[: most * 2])
    return text if len(text) <= most else text[: most - 1] + "…"


def visible(text: str) -> str:
    """`text` of a document with each control or direction character as U+FFFD, so that offsets hold."""
    text = text if len(text) <= _QUOTE else text[: _QUOTE - 1] + "…"
    return _UNSEEN.sub("\ufffd", text)


def pack(data: ViewData, predicates: Sequence[str], classes: Sequence[str]) -> Packed:
    """The columns of `data`. Claims whose ends are not among its entities are left out."""
    number = {e.id: i for i, e in enumerate(data.entities)}
    document = {d.id: i for i, d in enumerate(data.documents)}
    claims = [c for c in data.claims if c.subject in number and c.object in number]
    places = {e: _place(e, document) for c in claims for e in c.evidence}
    evidences = sorted(places, key=places.__getitem__)
    rank = {e: i for i, e in enumerate(evidences)}
    order = sorted(claims, key=lambda c: _claim_key(c, rank))
    at = {name: i for i, name in enumerate(predicates)}
    kind = {name: i for i, name in enumerate(classes)}
    known = sorted((o for o in data.observations if o.about in number), key=lambda o: _figure_key(o, number))
    subject, object_ = _column(number[c.subject] for c in order), _column(number[c.object] for c in order)
    voices = [[number[v] for v in c.attributed_to if v in number] for c in order]
    spoken = [sorted(rank[e] for e in c.evidence) for c in order]
    columns = {
        "entity_class": _column(kind[e.cls] for e in data.entities),
        "entity_mentions": _column(e.mentions for e in data.entities),
        "subject": subject,
        "object": object_,
        "predicate": _column(at[c.predicate] for c in order),
        "stance": _column(_stance(c) for c in order),
        "confidence": _column(round(c.confidence * 100) for c in order),
        "speaker_count": _column(len(v) for v in voices),
        "speaker": _column(v for voice in voices for v in voice),
        "evidence_count": _column(len(s) for s in spoken),
        "evidence": _column(i for s in spoken for i in s),
        "evidence_document": _column(document.get(e.document, -1) + 1 for e in evidences),
        "figure_count": _column(_counts((number[o.about] for o in known), len(number))),
        "document_date": _column(_day(d.date) for d in data.documents),
    }
    size = len(data.entities)
    degree = np.bincount(subject, minlength=size) + np.bincount(object_, minlength=size)
    return Packed(subject, object_, degree, columns, tuple(order), tuple(evidences), tuple(known))


def _place(evidence: Evidence, document: Mapping[str, int]) -> tuple[int, int, int, str, str]:
    where = document.get(evidence.document, -1)
    return where, evidence.span.start, evidence.span.end, evidence.article, evidence.quote


def _claim_key(claim: MergedClaim, rank: Mapping[Evidence, int]) -> tuple[int, str, str, str, str, str]:
    first = min((rank[e] for e in claim.evidence), default=len(rank))
    return first, claim.subject, claim.predicate, claim.object, claim.polarity, claim.modality


def _figure_key(figure: MergedObservation, number: Mapping[str, int]) -> tuple[int, str, str, str, str]:
    return number[figure.about], figure.indicator, figure.unit, figure.start or "", figure.text


def _stance(claim: MergedClaim) -> int:
    modality = MODALITIES.index(claim.modality) if claim.modality in MODALITIES else 0
    return modality * 2 + (claim.polarity != AFFIRMED)


def _day(date: str | None) -> int:
    """A date as yyyymmdd, with zeros for what is not known; 0 for none."""
    digits = re.sub(r"\D", "", date or "")[:8]
    return int(digits.ljust(8, "0")) if len(digits) >= 4 else 0


def _column(numbers: Iterable[int]) -> Numbers:
    return np.fromiter(numbers, dtype=np.uint32)


def _counts(numbers: Iterable[int], size: int) -> list[int]:
    return [int(n) for n in np.bincount(np.fromiter(numbers, dtype=np.int64), minlength=size)]


def planes(name: str, column: Numbers) -> bytes:
    """The bytes of `column`, the lowest of each number first, then the next ones; of ordered columns the steps."""
    if name in STEPPED:
        column = np.diff(column, prepend=np.uint32(0))
    return column.astype("<u4").view(np.uint8).reshape(-1, 4).T.tobytes()


def squeeze(content: bytes) -> str:
    """`content` compressed, in letters that are safe anywhere in a page."""
    return base64.b64encode(gzip.compress(content, 6, mtime=0)).decode("ascii")


def blocks(data: ViewData, packed: Packed) -> Iterator[tuple[str, bytes]]:
    """Name and content of each block but the page's own `meta`; those that are opened on demand come last."""
    yield "numbers", b"".join(planes(n, c) for n, c in packed.columns.items())
    yield "entities", "\n".join(_entity_line(data, i) for i in range(len(data.entities))).encode()
    yield "documents", "\n".join(_lines(data)).encode()
    yield "articles", "\n".join(_article_lines(data)).encode()
    yield "extra", msgspec.json.encode(_extra(packed.order))
    article = {(a.document, a.id): i for i, a in enumerate(data.articles)}
    document = {d.id: i for i, d in enumerate(data.documents)}
    for start in range(0, len(packed.evidences), CHUNK):
        yield f"evidence{start // CHUNK}", _evidence_chunk(packed.evidences[start : start + CHUNK], article)
    entity = {e.id: i for i, e in enumerate(data.entities)}
    for start in range(0, len(packed.observations), CHUNK):
        part = packed.observations[start : start + CHUNK]
        yield f"figures{start // CHUNK}", msgspec.json.encode([_figure(o, article, document, entity) for o in part])


def _entity_line(data: ViewData, index: int) -> str:
    """id, names in simplified, traditional and English (empty where the same as before), identifiers, aliases."""
    entity = data.entities[index]
    labels = {tag: plain(name) for tag, name in entity.labels}
    first = name_of(labels, entity.id)
    hans, hant = labels.get("zh-Hans", labels.get("zh", "")), labels.get("zh-Hant", "")
    main = [hans or hant or first, hant if hant != hans else "", labels.get("en", "")]
    seen = set(main)
    aliases = []
    for name in (plain(n) for _, n in (*entity.labels, *entity.aliases)):
        if name and name not in seen:
            seen.add(name)
            aliases.append(name)
    marks = [f"{plain(k)}={plain(v)}" for k, v in entity.identifiers]
    sure = "" if entity.certain else "?"
    return "\t".join([plain(entity.id), *main, _PART.join(marks), _PART.join(aliases), sure])


def name_of(labels: Mapping[str, str], otherwise: str) -> str:
    """The name to show where no language is asked for."""
    for tag in ("zh-Hans", "zh", "zh-Hant", "en"):
        if labels.get(tag):
            return labels[tag]
    return next((n for n in labels.values() if n), otherwise)


def _lines(data: ViewData) -> Iterator[str]:
    for d in data.documents:
        fields = (d.id, d.title or _last(d.name), _last(d.name), d.date or "", _last(d.source or ""), d.language)
        yield "\t".join([*(plain(f, 1000) for f in fields), _PART.join(plain(a) for a in d.authors)])


def _last(place: str) -> str:
    """An address as it is; of a path the last part: where files lay on the builder's machine is private."""
    return place if place.startswith(("http://", "https://")) else re.split(r"[/\\]", place)[-1]


def _article_lines(data: ViewData) -> Iterator[str]:
    for a in data.articles:
        authors = (plain(x.name + (f"（{x.role}）" if x.role else "")) for x in a.authors)
        yield "\t".join([plain(a.id), plain(a.title, 1000), _PART.join(authors)])


def _extra(order: Sequence[MergedClaim]) -> dict[str, tuple[list[str], list[list[str]]]]:
    """Roles and periods of the claims that have any, by number of claim."""
    return {
        str(i): ([plain(r) for r in c.roles], [[plain(start or ""), plain(end or "")] for start, end in c.periods])
        for i, c in enumerate(order)
        if c.roles or c.periods
    }


def _evidence_chunk(part: Sequence[Evidence], article: Mapping[tuple[str, str], int]) -> bytes:
    """Quotations, each once; for each evidence which one, its article and start as steps, and how much longer its
    place is than the quotation (code points)."""
    quotes: dict[str, int] = {}
    which = [quotes.setdefault(visible(e.quote), len(quotes)) for e in part]
    return msgspec.json.encode(
        {
            "quotes": list(quotes),
            "quote": _steps(which),
            "article": _steps([article.get((e.document, e.article), -1) for e in part]),
            "start": _steps([e.span.start for e in part]),
            "longer": [len(e.span) - len(e.quote) for e in part],
        }
    )


def _steps(numbers: Sequence[int]) -> list[int]:
    return [b - a for a, b in zip((0, *numbers), numbers, strict=False)]


def _figure(
    o: MergedObservation,
    article: Mapping[tuple[str, str], int],
    document: Mapping[str, int],
    entity: Mapping[str, int],
) -> list[object]:
    places = [
        [
            document.get(e.document, -1),
            article.get((e.document, e.article), -1),
            e.span.start,
            e.span.end,
            visible(e.quote),
        ]
        for e in o.evidence
    ]
    speakers = [entity[s] for s in o.attributed_to if s in entity]
    times = (plain(o.start or ""), plain(o.end or ""))
    words = (visible(o.text), plain(o.qualifier or ""))
    measure = (plain(o.indicator), format(o.value, "f"), plain(o.unit), plain(o.kind))
    return [*measure, *times, *words, round(o.confidence * 100), speakers, places]

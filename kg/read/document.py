"""Documents out of decoded text: cleaning, limits, ids, language."""

import hashlib
import re
from dataclasses import dataclass, replace

from kg.errors import ReadError
from kg.model import Document, Span
from kg.read.dates import Dated, resolve
from kg.settings import Settings
from kg.text import fold

_BREAKS = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_UNSAFE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufeff\ufffe\uffff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_HAN = re.compile("[㐀-鿿]")
_WORD = re.compile(r"\w")
_SAMPLE = 1500
_MAX_LINES = 50_000


@dataclass(frozen=True, slots=True)
class About:
    """What a source says about a document. `date` is as it stands there; `date_source` where that is."""

    title: str = ""
    date: str | None = None
    date_source: str = "metadata"
    fallback_date: str | None = None
    """A date to take when nothing else tells one: when a file was made."""
    authors: tuple[str, ...] = ()
    source: str | None = None
    media_type: str = "text/plain"
    title_span: Span | None = None
    body: Span | None = None
    cuts: tuple[Span, ...] = ()


def clean(text: str) -> str:
    """`text` with one kind of line break; control characters and lone surrogates replaced one for one."""
    text = _BREAKS.sub("\n", text)
    return _SURROGATE.sub("\ufffd", _UNSAFE.sub(" ", text))


def bounded(name: str, text: str, settings: Settings) -> str:
    """`text`, cleaned. Raises `ReadError` (`too-long`) where it is longer than is allowed."""
    if len(text) > settings.max_characters:
        raise ReadError(name, "too-long", f"longer than {settings.max_characters} characters: split it into parts")
    text = clean(text)
    if text.count("\n") > _MAX_LINES:
        raise ReadError(name, "too-long", f"more than {_MAX_LINES} lines: split it into parts")
    return text


def make(name: str, text: str, raw: bytes, about: About, settings: Settings) -> Document:
    """The document of `text`. Raises `ReadError` (`empty`, `too-long`)."""
    text = bounded(name, text, settings)
    body = about.body or Span(0, len(text))
    if not _WORD.search(text, body.start if about.title_span is None else 0, body.end):
        raise ReadError(name, "empty", "there is no text in it")
    folded = fold(text)
    dated = resolve(name, folded, body, Dated.stated(about.date, about.date_source))
    if dated.date is None and about.fallback_date:
        dated = replace(Dated.stated(about.fallback_date, "metadata"), certainty=0.5)
    given = "" if dated.source in ("file-name", None) else dated.date or ""
    key = "\0".join((text, about.title, given, about.source or ""))
    return Document(
        id=hashlib.sha256(key.encode()).hexdigest()[:20],
        name=name,
        text=text,
        sha256=hashlib.sha256(raw).hexdigest(),
        title=about.title,
        date=dated.date,
        date_source=dated.source,
        date_certainty=dated.certainty,
        authors=about.authors,
        source=about.source,
        language=language(text, folded),
        media_type=about.media_type,
        body=about.body,
        cuts=about.cuts,
        title_span=about.title_span,
    )


def titled(name: str, title: str, text: str, raw: bytes, about: About, settings: Settings) -> Document:
    """The document of a title and a text that came apart: its text is the title, a line break, the text."""
    title = " ".join(title.split())
    if not title:
        return make(name, text, raw, about, settings)
    full = f"{title}\n{text}"
    about = replace(about, title=title, title_span=Span(0, len(title)), body=Span(len(title) + 1, len(full)))
    return make(name, full, raw, about, settings)


def language(text: str, folded: str) -> str:
    """`zh-Hant` when traditional characters stand among the first Chinese ones, `zh-Hans`, or `und` without Chinese."""
    sample = text[:_SAMPLE]
    han = len(_HAN.findall(sample))
    traditional = len(_HAN.findall("".join([a for a, b in zip(sample, folded, strict=False) if a != b])))
    if han * 20 < min(len(text), _SAMPLE):
        return "und"
    return "zh-Hant" if traditional * 20 >= han else "zh-Hans"

"""Markdown and front matter: what is markup is cut out by offsets, the text itself stays as it is."""

import re
from collections.abc import Iterator
from itertools import zip_longest
from typing import BinaryIO

from kg.model import Document, Span
from kg.read.document import About, bounded, make
from kg.read.encoding import decode
from kg.read.limits import take
from kg.settings import Settings

_FRONT = re.compile(r"\A\s{0,100}---[ \t]*\n(?P<fields>.{0,20000}?)\n---[ \t]*(?:\n|\Z)", re.DOTALL)
_FIELD = re.compile(r"^([A-Za-z_][\w-]*+)[ \t]*+:[ \t]*+(.*[^ \t\n]|)[ \t]*+$", re.MULTILINE)
_ENTRY = re.compile(r"^[^\S\n]*+-[ \t]++(.*)", re.MULTILINE)
_SIGNS = re.compile(r"^#{1,6} \S|^!\[[^\]\n]*\]|^\*\*[^*\n]+\*\*$|\]\(https?://", re.MULTILINE)
_MARKUP = re.compile(
    r"""(?P<fence>^[ \t]*(?:```|~~~)[^\n]*$)
    |(?P<image>!\[[^\[\]\n]{0,400}\](?:\([^()\n]{0,2000}(?:\([^()\n]{0,200}\)[^()\n]{0,500}){0,4}\))?)
    |(?P<link>(?<!\\)\[(?P<label>[^\[\]\n]{0,400})\]\([^()\n]{0,2000}(?:\([^()\n]{0,200}\)[^()\n]{0,500}){0,4}\))
    |(?P<angle><(?:https?://|mailto:)[^>\s]{0,2000}>)
    |(?P<comment><!--(?:[^<]|<(?!!--)){0,1000}?-->)
    |(?P<tag></?[A-Za-z][A-Za-z0-9]{0,15}(?:\s[^<>]{0,2000})?/?>)
    |(?P<url>https?://[!-~]+)
    |(?P<rule>^[ \t]*(?:-{3,}|\*{3,}|_{3,}|={3,}|(?:\*[ ]){2,}\*)[ \t]*$)
    |(?P<heading>^[ ]{0,3}\#{1,6}[ \t]+)
    |(?P<quote>^[ \t]*>[ \t]?)
    |(?P<bullet>^[ \t]*[-+*][ \t]+)
    |(?P<strong>\*\*|__(?=\S)|(?<=\S)__)
    |(?P<escape>\\(?=[\\`*_{}\[\]()\#+.!-]))""",
    re.MULTILINE | re.DOTALL | re.VERBOSE,
)


def read(name: str, stream: BinaryIO, settings: Settings) -> Iterator[Document]:
    """One document. Raises `ReadError` as the plain text reader does."""
    data = take(name, stream, settings)
    text = bounded(name, decode(name, data), settings)
    yield make(name, text, data, about(text), settings)


def looks_like_markdown(text: str) -> bool:
    """Whether a text file begins with front matter or holds Markdown's headings, images or links."""
    return bool(_FRONT.match(text) or _SIGNS.search(text, 0, 20_000))


def about(text: str) -> About:
    """What the front matter of `text` states, and the spans of its markup."""
    front = _FRONT.match(text)
    fields = _fields(text, front.start("fields"), front.end("fields")) if front else {}
    if front is None or not fields:
        return About(media_type="text/markdown", cuts=cuts(text, 0))
    title, title_span = next((fields[k][0] for k in ("title", "headline") if fields.get(k)), ("", None))
    first = {key: values[0][0] for key, values in fields.items() if values}
    written_by = [value for key in ("author", "authors", "byline") for value, _ in fields.get(key, ())]
    return About(
        title=title,
        title_span=title_span if title and title_span and text[title_span.start : title_span.end] == title else None,
        date=next((first[k] for k in ("date", "published", "pubdate", "created", "updated") if k in first), None),
        date_source="front-matter",
        authors=tuple(dict.fromkeys(a for a in written_by if a)),
        source=next((first[k] for k in ("source", "from", "url", "link", "site", "publisher") if first.get(k)), None),
        media_type="text/markdown",
        body=Span(front.end(), len(text)),
        cuts=cuts(text, front.end()),
    )


def _fields(text: str, start: int, end: int) -> dict[str, list[tuple[str, Span]]]:
    """Top-level fields: their values with their places. Lists are read, deeper structures are not."""
    fields: dict[str, list[tuple[str, Span]]] = {}
    found = list(_FIELD.finditer(text, start, end))
    for match, following in zip_longest(found, found[1:]):
        key, raw = match[1].lower(), match[2]
        if raw and raw not in ("|", ">"):
            fields[key] = [_value(text, match.start(2), match.end(2))]
            if raw.startswith("[") and raw.endswith("]"):
                fields[key] = _inline(text, match.start(2) + 1, match.end(2) - 1)
            continue
        stop = following.start() if following else end
        fields[key] = [_value(text, m.start(1), m.end(1)) for m in _ENTRY.finditer(text, match.end(), stop)]
    return fields


def _inline(text: str, start: int, end: int) -> list[tuple[str, Span]]:
    return [_value(text, m.start(), m.end()) for m in re.compile(r"[^,\s][^,]*").finditer(text, start, end)]


def _value(text: str, start: int, end: int) -> tuple[str, Span]:
    while start < end and text[end - 1].isspace():
        end -= 1
    quote = text[start : start + 1]
    if end - start >= 2 and quote in "\"'" and text[end - 1] == quote:
        span = Span(start + 1, end - 1)
        inner = text[span.start : span.end]
        inner = inner.replace("''", "'") if quote == "'" else inner.replace('\\"', '"').replace("\\\\", "\\")
        return inner.strip(), span
    return text[start:end], Span(start, end)


def cuts(text: str, start: int) -> tuple[Span, ...]:
    """Spans of Markdown markup, images, addresses and tags in `text[start:]`, sorted and disjoint."""
    found: list[Span] = []
    for match in _MARKUP.finditer(text, start):
        if match.lastgroup == "label" or match["link"]:
            label = match.span("label")
            if match["label"].startswith(("http://", "https://")):
                found.append(Span(*match.span()))
            else:
                found += [Span(match.start(), label[0]), Span(label[1], match.end())]
        else:
            found.append(Span(*match.span()))
    return tuple(found)

"""Documents to articles: lines, blocks, articles, and what every other part of a page is."""

import hashlib
from collections.abc import Iterable, Sequence
from itertools import pairwise

from kg.layout import authors, marks
from kg.layout.articles import Draft, drafts_of
from kg.layout.blocks import HEAD, TEXT, Block, blocks_of
from kg.layout.lines import Line, lines_of
from kg.layout.writers import writers
from kg.model import Article, Document, Layout, Piece, Region, Span
from kg.text import fold

_KEEPS_LINES = frozenset({"text/markdown", "application/jsonl", "text/html", "application/rss+xml"})


def lay_out(document: Document) -> Layout:
    """The articles of a document, and what each part of it was taken for. Regions are sorted and cover all that shows."""
    folded = fold(document.text)
    known = marks.load()
    blocks = blocks_of(lines_of(document, folded), known, broken_only=document.media_type in _KEEPS_LINES)
    blocks = [part for block in blocks for part in _tail(block, known)]
    own_title = fold(document.title)
    drafts = drafts_of(blocks, known, own_title)
    articles: list[Article] = []
    regions: list[Region] = []
    for draft in drafts:
        article = _article(document, draft, len(drafts), known)
        articles.append(article)
        parts = [("title", draft.title)] if draft.title else []
        parts += [("article", block) for block in draft.blocks] + [("author", sign) for sign, _ in draft.signs]
        regions += [Region(kind, _span(block.lines), article.id) for kind, block in parts if block.lines]
    placed = {id(b) for d in drafts for b in [d.title, *d.blocks, *(s for s, _ in d.signs)] if b}
    for block in blocks:
        if block.lines and id(block) not in placed:
            regions.append(Region(_KINDS.get(block.kind, block.kind), _span(block.lines)))
    if document.body and document.body.start and (head := document.text[: document.body.start].rstrip()):
        regions.append(Region("title" if document.title_span and "\n" not in head else "markup", Span(0, len(head))))
    regions += [Region("markup", cut) for cut in document.cuts if not any(r.span.covers(cut) for r in regions)]
    return Layout(tuple(articles), tuple(sorted(regions, key=lambda r: (r.span, r.kind))))


_KINDS = {"byline": "author", "date": "section", HEAD: "section", TEXT: "section", "number": "chart"}


def _span(lines: Sequence[Line]) -> Span:
    return Span(min(line.start for line in lines), max(line.end for line in lines))


def _tail(block: Block, known: marks.Marks) -> Iterable[Block]:
    """A statement of the author behind the last sentence becomes a block of its own."""
    yield block
    text = block.text if block.kind == TEXT else ""
    at = max(text.rfind("("), text.rfind("【")) if text.endswith((")", "】")) else -1
    if at > 0 and authors.statement(text[at:], known):
        body, rest = _cut(block.lines, at)
        block.lines = body
        yield Block(HEAD, rest)


def _cut(lines: Sequence[Line], at: int) -> tuple[list[Line], list[Line]]:
    """`lines` before and from the offset `at` of their joined text."""
    before: list[Line] = []
    after: list[Line] = []
    for line in lines:
        size = len(line.text)
        if at >= size:
            before.append(line)
        elif at <= 0:
            after.append(line)
        else:
            left, right = line.split(at)
            before.append(left)
            after.append(right)
        at -= size
    return before, after


def _article(document: Document, draft: Draft, among: int, known: marks.Marks) -> Article:
    text: list[str] = []
    pieces: list[Piece] = []
    size = 0

    def put(runs: Iterable[tuple[int, int]], glue: str) -> None:
        nonlocal size
        if text and glue:
            text.append(glue)
            size += len(glue)
        for start, end in runs:
            if pieces and pieces[-1].start + pieces[-1].length == size and pieces[-1].source + pieces[-1].length == start:
                pieces[-1] = Piece(pieces[-1].start, pieces[-1].source, pieces[-1].length + end - start)
            else:
                pieces.append(Piece(size, start, end - start))
            text.append(document.text[start:end])
            size += end - start

    title = ""
    if draft.title:
        put(_runs(draft.title.lines), "")
        title = "".join(text)
    elif document.title and among == 1:
        title = document.title
        if document.title_span:
            put([(document.title_span.start, document.title_span.end)], "")
        else:
            text.append(title)
            size = len(title)
    body_start = size + 1 if text else 0
    for block in draft.blocks:
        if block.lines and not (title and block.kind == HEAD and "".join(_words(document, block)) == title):
            glue = "\n"
            for line, following in pairwise([None, *block.lines]):
                put(following.runs if following else (), glue)
                glue = ""
                del line
    joined = "".join(text)
    key = f"{document.id}\0{pieces[0].source if pieces else 0}\0{joined}"
    return Article(
        id=hashlib.sha256(key.encode()).hexdigest()[:20],
        document=document.id,
        title=title,
        text=joined,
        pieces=tuple(pieces),
        authors=writers(document, draft.signs, draft.blocks, known),
        body_start=min(body_start, len(joined)),
    )


def _words(document: Document, block: Block) -> Iterable[str]:
    return (document.text[a:b] for line in block.lines for a, b in line.runs)


def _runs(lines: Sequence[Line]) -> Iterable[tuple[int, int]]:
    return (run for line in lines for run in line.runs)


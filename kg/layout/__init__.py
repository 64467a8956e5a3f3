"""Documents to articles: lines, blocks, articles, and what every other part of a page is."""

import hashlib
from collections.abc import Iterable, Sequence

from kg.layout import authors, marks
from kg.layout.articles import Draft, drafts_of
from kg.layout.blocks import HEAD, TEXT, Block, blocks_of
from kg.layout.credits import credited
from kg.layout.digests import divide, part_stories
from kg.layout.lines import Line, lines_of
from kg.layout.writers import writers
from kg.model import Article, Document, Layout, Piece, Region, Span
from kg.text import fold

_KEEPS_LINES = frozenset({"text/markdown", "application/jsonl", "text/html", "application/rss+xml"})


def lay_out(document: Document) -> Layout:
    """The articles of a document, and what each part of it was taken for: sorted regions that cover all that shows."""
    folded = fold(document.text)
    known = marks.load()
    blocks = blocks_of(lines_of(document, folded), known, broken_only=document.media_type in _KEEPS_LINES)
    blocks = [part for block in blocks for part in _tail(block, known)]
    blocks = part_stories(blocks, known)
    own_title = fold(document.title)
    drafts = drafts_of(blocks, known, own_title)
    if len(drafts) > 1 and (headline := _headline(blocks, drafts, own_title)):
        drafts.insert(0, Draft(headline))
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
    regions += _markup(document.cuts, regions)
    regions.sort(key=lambda r: (r.span, r.kind))
    in_turn = document.media_type in _KEEPS_LINES
    return Layout(tuple(credited(document, articles, regions, known, in_turn=in_turn)), tuple(regions))


def _headline(blocks: Sequence[Block], drafts: Sequence[Draft], title: str) -> Block | None:
    """The headline over a page of several stories, which is no story's own: it tells facts of its own."""
    taken = {id(draft.title) for draft in drafts}
    wanted = title.replace(" ", "")
    return next((b for b in blocks if wanted and id(b) not in taken and b.text.replace(" ", "") == wanted), None)


def _markup(cuts: Sequence[Span], regions: Sequence[Region]) -> list[Region]:
    """Markup that stands in no region."""
    found: list[Region] = []
    reach, spans = -1, sorted(r.span for r in regions)
    at = 0
    for cut in cuts:
        while at < len(spans) and spans[at].start <= cut.start:
            reach = max(reach, spans[at].end)
            at += 1
        if cut.end > reach:
            found.append(Region("markup", cut))
    return found


_KINDS = {"byline": "author", "date": "section", HEAD: "section", TEXT: "section", "number": "chart"}


def _span(lines: Sequence[Line]) -> Span:
    return Span(min(line.start for line in lines), max(line.end for line in lines))


def _tail(block: Block, known: marks.Marks) -> Iterable[Block]:
    """A statement of the author behind the last sentence becomes a block of its own."""
    yield block
    text = block.text if block.kind == TEXT else ""
    at = max(text.rfind("("), text.rfind("【")) if text.endswith((")", "】")) else -1
    if at > 0 and authors.statement(text[at:], known):
        body, rest = divide(block.lines, at)
        block.set(body)
        yield Block(HEAD, rest)


def _article(document: Document, draft: Draft, among: int, known: marks.Marks) -> Article:
    writer = _Writer(document)
    if draft.title:
        writer.put(_runs(draft.title.lines))
    elif document.title and among == 1:
        span = document.title_span
        writer.put([(span.start, span.end)] if span else [], "" if span else document.title)
    title = writer.text()
    body_start = len(title) + 1 if title else 0
    for block in draft.blocks:
        if block.lines and not (title and block.kind == HEAD and "".join(_words(document, block)) == title):
            writer.put(_runs(block.lines), "\n" if writer.size else "")
    text = writer.text()
    key = f"{document.id}\0{writer.pieces[0].source if writer.pieces else 0}\0{text}"
    return Article(
        id=hashlib.sha256(key.encode()).hexdigest()[:20],
        document=document.id,
        title=title,
        text=text,
        pieces=tuple(writer.pieces),
        authors=writers(document, draft.signs, draft.blocks, known),
        body_start=min(body_start, len(text)),
    )


class _Writer:
    """An article's text as it grows out of runs of the document."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.parts: list[str] = []
        self.pieces: list[Piece] = []
        self.size = 0

    def put(self, runs: Iterable[tuple[int, int]], glue: str = "") -> None:
        """Adds `glue`, which has no place in the document, and the runs, run into one piece where they touch."""
        self._add(glue)
        for start, end in runs:
            last = self.pieces[-1] if self.pieces else None
            if last and last.start + last.length == self.size and last.source + last.length == start:
                self.pieces[-1] = Piece(last.start, last.source, last.length + end - start)
            else:
                self.pieces.append(Piece(self.size, start, end - start))
            self._add(self.document.text[start:end])

    def _add(self, text: str) -> None:
        self.parts.append(text)
        self.size += len(text)

    def text(self) -> str:
        return "".join(self.parts)


def _words(document: Document, block: Block) -> Iterable[str]:
    return (document.text[a:b] for line in block.lines for a, b in line.runs)


def _runs(lines: Sequence[Line]) -> Iterable[tuple[int, int]]:
    return (run for line in lines for run in line.runs)

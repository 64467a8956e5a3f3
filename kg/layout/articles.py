"""Blocks to articles: which text belongs to which title, in which order."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from kg.layout import authors, similar, titles
from kg.layout.blocks import HEAD, TEXT, Block
from kg.layout.joining import ends
from kg.layout.marks import Marks

_DUPLICATE = 0.8
_SHORT = 120
_AROUND = 100  # paragraphs among which a caption's words may be repeated
_LAST = 9  # paragraphs
_SAME_MEASURE = 2.0  # characters
_NEAR = 12  # articles before and behind a place that text without a title may belong to


@dataclass(slots=True)
class Draft:
    """An article in the making. `signs` are the lines that state its authors, with what they state."""

    title: Block | None
    blocks: list[Block] = field(default_factory=list)
    signs: list[tuple[Block, list[authors.Stated]]] = field(default_factory=list)

    @property
    def text(self) -> str:
        parts = [self.title] if self.title else []
        return "\n".join(b.text for b in [*parts, *self.blocks, *(sign for sign, _ in self.signs)])

    @property
    def measure(self) -> float:
        """The width of the column that it last stood in, 0 when its lines do not tell."""
        widths = sorted([b.measure for b in self.blocks[-_LAST:] if b.measure])
        return widths[len(widths) // 2] if widths else 0.0

    @property
    def signed(self) -> bool:
        """Whether a statement of its author has ended it."""
        return any(block.kind == "author" for block, _ in self.signs)


def drafts_of(blocks: list[Block], marks: Marks, title: str) -> list[Draft]:
    """The articles of a page. Sets the kind of each block that turns out to be something else."""
    signs = _mark_signs(blocks, marks, bool(title))
    signs |= _mark_behind_rules(blocks, marks)
    blocks[:] = [b for b in blocks if b.lines]
    _mark_rest(blocks, marks)
    begins = titles.beginnings(blocks, marks, title)
    for i, block in enumerate(blocks):
        if block.kind == HEAD and block.first.level == 1 and begins and i not in begins:
            block.kind = "section"
    _mark_sections(blocks, begins, marks)
    drafts = _split(blocks, begins, signs)
    kept = [d for d in drafts if any(b.kind == TEXT for b in d.blocks)]
    loose = [b for b in blocks if b.kind in (HEAD, TEXT)]
    return kept or ([Draft(None, loose)] if loose else [])


def _mark_signs(blocks: list[Block], marks: Marks, titled: bool) -> dict[int, list[authors.Stated]]:
    """Finds the lines that state authors. Their kind is `author` where they end an article, else `byline`."""
    signs: dict[int, list[authors.Stated]] = {}
    begun = False
    for block in blocks:
        if block.kind not in (HEAD, TEXT) or len(block.text) > 240 or block.first.level in range(1, 7):
            begun = begun or block.kind == TEXT
            continue
        if stated := authors.statement(block.text, marks):
            block.kind = "author"
        elif len(block.text) <= 40 and not (titled and begun) and (stated := authors.byline(block.text, marks)):
            block.kind = "byline"
        if stated:
            signs[id(block)] = stated
        begun = begun or block.kind == TEXT
    return signs


def _mark_behind_rules(blocks: Sequence[Block], marks: Marks) -> dict[int, list[authors.Stated]]:
    """What stands behind a horizontal rule at the end of an article: notices, and who its writer is."""
    signs: dict[int, list[authors.Stated]] = {}
    total = sum(len(b.text) for b in blocks) or 1
    seen = 0
    behind = False
    for block in blocks:
        if block.first.level in (1, 2):
            behind = False
        elif block.first.rule:
            behind = seen > 0.5 * total
        if behind and block.kind in (HEAD, TEXT, "byline", "author"):
            stated = authors.portrait(block.text, marks)
            block.kind = "author" if stated else "advert"
            if stated:
                signs[id(block)] = stated
        seen += len(block.text)
    return signs


def _mark_rest(blocks: list[Block], marks: Marks) -> None:
    for block in blocks:
        if block.kind == HEAD and marks.stocks.search(block.text):
            block.kind = "section"
    texts = [b for b in blocks if b.kind == TEXT]
    for k, block in enumerate(texts):
        text = block.text
        if len(text) > _SHORT or text.count("。") > 1 or len(pairs := similar.pairs(text)) < 8:
            continue
        around = texts[max(0, k - _AROUND) : k + _AROUND]
        others = (b.text for b in around if b is not block and len(b.text) > len(text))
        if any(similar.repeated(pairs, other) >= _DUPLICATE for other in others):
            block.kind = "caption"


def _mark_sections(blocks: Sequence[Block], begins: set[int], marks: Marks) -> None:
    """Column names: by their words, or short and beside a title, or right above an author's name."""
    first, last = min(begins, default=0), max(begins, default=0)
    text_at = next((i for i, b in enumerate(blocks) if b.kind == TEXT), len(blocks))
    for i, block in enumerate(blocks):
        if block.kind != HEAD or i in begins or block.first.level in range(1, 7):
            continue
        following = blocks[i + 1].kind if i + 1 < len(blocks) else ""
        width = block.first.width
        above_name = following == "byline" and width <= 8
        beside = i - 1 in begins and width <= 6 and following in (TEXT, "byline", "date")
        ahead = i < min(last, text_at) and width <= 8
        named = titles.is_section(block, marks) and (i - 1 in begins or i + 1 in begins or i < first <= last)
        if above_name or beside or ahead or named:
            block.kind = "section"


def _split(blocks: Sequence[Block], begins: set[int], signs: dict[int, list[authors.Stated]]) -> list[Draft]:
    drafts: list[Draft] = []
    loose: list[tuple[int, list[Block]]] = []  # text without a title, and the article it stands before
    bylines: list[tuple[str, Block, int]] = []
    current: Draft | None = None
    closed = True
    for i, block in enumerate(blocks):
        if i in begins:
            current, closed = Draft(block), False
            drafts.append(current)
            block.kind = "title"
        elif block.kind == "author":
            if current is not None and not closed:
                current.signs.append((block, signs[id(block)]))
                closed = True
            elif loose and loose[-1][0] == len(drafts):
                parts = loose.pop()[1]
                ended = _continued(drafts, parts)
                if ended is None:
                    drafts.append(ended := Draft(None))
                    current, closed = ended, True
                _append(ended, parts)
                ended.signs.append((block, signs[id(block)]))
            else:
                bylines.append(("", block, len(drafts)))
        elif block.kind == "byline":
            above = blocks[i - 1] if i else None
            column = above.text if above and above.kind == "section" and not above.first.level else ""
            if current is not None and not closed and (_near_title(blocks, i, begins) or not column):
                current.signs.append((block, signs[id(block)]))
            else:
                bylines.append((column, block, len(drafts)))
        elif block.kind in (TEXT, HEAD):
            if current is not None and not closed:
                current = _of_measure(drafts, current, _measure(blocks, i))
            if current is not None and not closed:
                current.blocks.append(block)
            elif loose and loose[-1][0] == len(drafts):
                loose[-1][1].append(block)
            else:
                loose.append((len(drafts), [block]))
    for place, parts in loose:
        _place(drafts, place, parts)
    _place_bylines(drafts, bylines, signs)
    return drafts


def _measure(blocks: Sequence[Block], i: int) -> float:
    """The column's width of block `i`, for a heading that of the text under it."""
    if blocks[i].kind == HEAD and i + 1 < len(blocks):
        i += 1
    return blocks[i].measure


def _of_measure(drafts: Sequence[Draft], current: Draft, measure: float) -> Draft:
    """The article that text of this measure goes on with: `current`, or the one other unsigned one set so wide."""
    if not measure or not current.measure or abs(current.measure - measure) < titles.OTHER_MEASURE:
        return current
    alike = [d for d in drafts[-_NEAR:] if not d.signed and d.measure and abs(d.measure - measure) < _SAME_MEASURE]
    return alike[0] if len(alike) == 1 else current


def _continued(drafts: Sequence[Draft], parts: Sequence[Block]) -> Draft | None:
    """The article, begun before and not yet signed, that text which ends with a signature goes on with."""
    near = drafts[-_NEAR:]
    unsigned = [d for d in near if not d.signed]
    if not unsigned:
        return None
    for draft in unsigned:
        if draft.blocks and not ends(draft.blocks[-1].text):
            return draft
    measure = max(b.measure for b in parts)
    alike = [d for d in near if measure and d.measure and abs(d.measure - measure) < _SAME_MEASURE]
    if len(alike) == 1 and alike[0] in unsigned:
        return alike[0]
    scores = similar.likeness(_pairs(parts), [similar.pairs(d.text) for d in near])
    best = max(range(len(near)), key=lambda k: scores[k])
    return near[best] if near[best] in unsigned and scores[best] > 0 else None


def _append(draft: Draft, parts: Sequence[Block]) -> None:
    """Puts `parts` at the end, going on with the last paragraph where that is unfinished."""
    if draft.blocks and draft.blocks[-1].kind == TEXT and not ends(draft.blocks[-1].text):
        for line in parts[0].lines:
            draft.blocks[-1].add(line)
        parts[0].set([])
        parts = parts[1:]
    draft.blocks += parts


def _pairs(parts: Sequence[Block]) -> Counter[str]:
    return similar.pairs("".join(b.text for b in parts))


def _near_title(blocks: Sequence[Block], i: int, begins: set[int]) -> bool:
    while i > 0 and blocks[i - 1].kind in ("byline", "section", "date"):
        i -= 1
    return i - 1 in begins


def _place(drafts: list[Draft], place: int, parts: list[Block]) -> None:
    """Puts text without a title where it belongs: before the article that it is most alike, or after it."""
    if not drafts:
        drafts.append(Draft(None, parts))
        return
    texts = [b for b in parts if b.kind == TEXT]
    own = _pairs(parts)
    first = max(0, place - _NEAR)
    near = drafts[first : place + _NEAR]
    profiles = [similar.pairs(d.text) for d in near] if len(near) > 1 or place else []
    if place and sum(len(b.text) for b in texts) < _SHORT:
        everything: Counter[str] = sum(profiles, Counter())
        if not texts or similar.containment(own, everything) >= _DUPLICATE:
            for block in parts:
                block.kind = "caption"
            return
    scores = similar.likeness(own, profiles) if len(near) > 1 else [1.0]
    best = max(range(len(near)), key=lambda k: scores[k])
    if place < len(drafts) and scores[place - first] * 1.5 >= scores[best]:
        best = place - first
    if best + first >= place:
        near[best].blocks[:0] = parts
    else:
        _append(near[best], parts)


def _place_bylines(
    drafts: list[Draft], bylines: list[tuple[str, Block, int]], signs: dict[int, list[authors.Stated]]
) -> None:
    """Names printed away from their articles go to those whose words their columns' names share."""
    if not drafts or not bylines:
        return
    if len(drafts) == 1:
        drafts[0].signs[:0] = [(block, signs[id(block)]) for _, block, _ in bylines]
        return
    first = [b for b in bylines if b[2] == 0]
    if len(first) == len(bylines) and not any(column for column, _, _ in bylines):
        for draft in drafts:  # a writer named above them all
            draft.signs[:0] = [(block, signs[id(block)]) for _, block, _ in bylines]
        return
    texts = [d.text for d in drafts]
    scores = [[similar.affinity(column, text) + (block.text in text) for text in texts] for column, block, _ in bylines]
    for (_, block, _), k in zip(bylines, similar.assign(scores), strict=True):
        if k >= 0:
            drafts[k].signs.insert(0, (block, signs[id(block)]))

"""Annotated figures as training material: gold JSON files, and the compact form (`tN.jsonl` with `tN.ann`)."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from kg.errors import DataError
from kg.model import Article, Entity, Mention, Piece, Span
from kg.text import fold


@dataclass(frozen=True, slots=True)
class Stated:
    """An annotated figure: `value` counts in `unit`, both as annotated; `time` is ISO 8601 or empty."""

    about: str
    value: Decimal
    unit: str
    time: str
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Annotated:
    """A document's articles with the mentions of its annotated entities, and its figures."""

    name: str
    today: str | None
    articles: tuple[tuple[Article, tuple[Mention, ...]], ...]
    entities: Mapping[str, Entity]
    figures: tuple[Stated, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """An item of the compact form: `rows` are the cells of its lines in the `.ann`, padded with empty ones."""

    name: str
    date: str | None
    text: str
    rows: tuple[list[str], ...]


def items(folder: Path) -> Iterator[Item]:
    """The annotated items of `folder/*.jsonl` with their `.ann`. Raises DataError where one of the two lacks."""
    for path in sorted(folder.glob("*.jsonl")):
        known = {i["id"]: i for i in map(json.loads, path.read_text(encoding="utf-8").splitlines())}
        for name, rows in blocks(path.with_suffix(".ann")).items():
            if name not in known:
                raise DataError(f"{path.with_suffix('.ann')}: there is no item {name} in {path.name}")
            item = known[name]
            text = f"{item['title']}\n{item['text']}" if item.get("title") else item["text"]
            yield Item(name, item.get("date"), text, tuple(rows))


def blocks(path: Path) -> dict[str, list[list[str]]]:
    """The lines of a compact annotation file as padded cells, by item. Raises DataError where there is none."""
    if not path.is_file():
        raise DataError(f"{path}: missing; every .jsonl of compact annotations needs its .ann beside it")
    found: dict[str, list[list[str]]] = {}
    own: list[list[str]] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("# "):
            own = found.setdefault(line[2:].strip(), [])
        elif line.strip():
            own.append([cell.strip() for cell in line.split("\t")] + [""] * 6)
    return found


def of_item(item: Item) -> Annotated:
    """The figures of a compact item."""
    ids: dict[str, str] = {}
    classes, forms = {}, {}
    for cells in item.rows:
        if cells[0] == "E":
            key = ids.setdefault(cells[1], f"e{len(ids)}")
            classes[key], forms[key] = cells[2], [cells[1], *filter(None, cells[3].split("|"))]
    figures = tuple(
        Stated(ids[c[1]], Decimal(c[3]), c[4], c[5]) for c in item.rows if c[0] == "O" and c[1] in ids and c[3]
    )
    name, text = item.name, item.text
    article = Article(name, name, text.split("\n")[0], text, (Piece(0, 0, len(text)),))
    return annotate(name, item.date, [article], classes, forms, figures)


def read_gold(path: Path, today: str | None, articles: Sequence[Article]) -> Annotated:
    """One gold file against the articles of its document."""
    gold = json.loads(path.read_text(encoding="utf-8"))
    forms = {e["id"]: [e["name"], *e.get("aliases", [])] for e in gold["entities"]}
    figures = tuple(
        Stated(o["s"], Decimal(str(o["value"])), o.get("unit") or "", o.get("time") or "", o.get("evidence") or "")
        for o in gold["observations"]
        if o.get("value") is not None
    )
    return annotate(path.stem, today, articles, {e["id"]: e["class"] for e in gold["entities"]}, forms, figures)


def annotate(
    name: str,
    today: str | None,
    articles: Sequence[Article],
    classes: Mapping[str, str],
    forms: Mapping[str, Sequence[str]],
    figures: tuple[Stated, ...],
) -> Annotated:
    """Mentions of the entities are found by their forms, the longest first."""
    owners: dict[str, str] = {}
    for key, names in forms.items():
        for form in names:
            owners.setdefault(fold(form).strip(), key)
    owners.pop("", None)
    marked = tuple((article, tuple(_mentions(article.text, owners, classes))) for article in articles)
    entities = {key: Entity(key, classes[key], (("zh", names[0]),)) for key, names in forms.items()}
    return Annotated(name, today, marked, entities, figures)


def _mentions(text: str, owners: Mapping[str, str], classes: Mapping[str, str]) -> Iterator[Mention]:
    folded = fold(text)
    sizes: dict[str, list[int]] = {}
    for form in sorted(owners, key=len, reverse=True):
        sizes.setdefault(form[0], []).append(len(form))
    at = 0
    while at < len(folded):
        for size in sizes.get(folded[at], ()):
            form = folded[at : at + size]
            if form in owners and _whole(folded, at, at + size):
                key = owners[form]
                yield Mention(Span(at, at + size), text[at : at + size], classes[key], "gold", entity=key)
                at += size - 1
                break
        at += 1


def _whole(folded: str, start: int, end: int) -> bool:
    def latin(i: int) -> bool:
        return 0 <= i < len(folded) and folded[i].isascii() and folded[i].isalnum()

    return not (latin(start) and latin(start - 1)) and not (latin(end - 1) and latin(end))

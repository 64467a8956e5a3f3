"""Keeping gazetteers: a user's CSV becomes files of the gazetteer's form, and files are checked against each other."""

from __future__ import annotations

import csv
import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

from kg.errors import DataError
from kg.lexicon import COLUMNS, Entry, read_file
from kg.schema import load as load_schema
from kg.text import fold, simplify

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_NAMES = {
    "name": ("name", "名称", "名稱", "zh", "zh_hant", "zh_hans"), "class": ("class", "type", "类别", "類別"),
    "en": ("en", "english", "英文"), "aliases": ("aliases", "alias", "别名", "別名"),
    "ticker": ("ticker", "代码", "代號"),
    "id": ("id",), "weak": ("weak",),
}  # fmt: skip


def convert(path: Path, default_class: str | None = None) -> dict[str, list[str]]:
    """Lines of TSV by class, from a CSV with a header: name, class, and optionally en, aliases (|), ticker, id, weak.

    Raises DataError, naming the file and the row.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DataError(f"{path}: cannot be read as CSV in UTF-8 ({error})") from error
    result: dict[str, list[str]] = defaultdict(list)
    for number, row in enumerate(rows, 2):
        cells = {key: next((_clean(row[n]) for n in names if row.get(n)), "") for key, names in _NAMES.items()}
        cls = cells["class"] or default_class or ""
        if not cells["name"] and not cells["en"]:
            raise DataError(f"{path}:{number}: no name; the header must have a column `name`")
        if cls not in load_schema().classes:
            raise DataError(
                f"{path}:{number}: class {cls or '(none)'}; use one of {', '.join(sorted(load_schema().classes))}"
            )
        result[cls].append(_line(cells, cls))
    return {cls: sorted(lines) for cls, lines in result.items()}


def _clean(cell: str) -> str:
    return " ".join(cell.split())


def _line(cells: dict[str, str], cls: str) -> str:
    name = cells["name"] or cells["en"]
    slug = cells["id"] or "-".join(_SLUG.findall(cells["en"].lower()))
    id_ = slug or "u-" + hashlib.sha256(f"{cls}\n{fold(name)}".encode()).hexdigest()[:16]
    ticker = f"ticker={cells['ticker']}" if cells["ticker"] else ""
    chinese = cells["name"] if not cells["name"].isascii() else ""
    english = cells["en"] or ("" if chinese else name)
    columns = [id_, simplify(chinese), chinese, english, cells["aliases"], cells["weak"], ticker, "user"]
    return "\t".join(columns)


def write(lines: dict[str, list[str]], folder: Path, stem: str) -> list[Path]:
    """Write `<Class>-<stem>.tsv` files into `folder`; files of the same name are replaced."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for cls, rows in sorted(lines.items()):
        path = folder / f"{cls}-{stem}.tsv"
        text = "\n".join(["# A user's own list, made by `kg gazetteer import`.", "\t".join(COLUMNS), *rows, ""])
        path.write_text(text, encoding="utf-8")
        written.append(path)
    return written


def check(paths: Sequence[Path]) -> list[str]:
    """What is wrong in these files or between them, a line each: ids, classes, labels, shared forms."""
    problems: list[str] = []
    where: dict[str, Path] = {}
    entries: list[tuple[Path, Entry]] = []
    for path in paths:
        try:
            found = read_file(path)
        except DataError as error:
            problems.append(str(error))
            continue
        for entry in found:
            if entry.id in where:
                problems.append(f"{path}: id {entry.id} stands in {where[entry.id]} too")
            where.setdefault(entry.id, path)
            entries.append((path, entry))
            problems += [f"{path}: {entry.id}: {fault}" for fault in _faults(entry)]
    return problems + _shared(entries)


def _faults(entry: Entry) -> Iterable[str]:
    if not _SLUG.fullmatch(entry.id):
        yield "the id is not a slug of a-z, 0-9 and -"
    if entry.cls not in load_schema().classes:
        yield f"{entry.cls} is no class of the vocabulary"
    if not entry.labels:
        yield "no name"
    if any(len(fold(form)) < 2 for form in entry.forms):
        yield "a safe form of one character; put it into the column weak"


def _shared(entries: Sequence[tuple[Path, Entry]]) -> list[str]:
    bearers: dict[str, list[tuple[Path, str]]] = defaultdict(list)
    for path, entry in entries:
        for form in {fold(f) for f in entry.forms}:
            bearers[form].append((path, entry.id))
    return [
        f"{own[0][0]}: the form {form} names {' and '.join(id_ for _, id_ in own)}; keep it in one, or make it weak"
        for form, own in sorted(bearers.items())
        if len(own) > 1
    ]

"""The gazetteer: seeds/gazetteer/*.tsv, and the lists a user adds, as one index of folded forms.

A file's class is its name up to the first `-`: `Company-us.tsv` lists companies. Columns are those
of seeds/README.md. Weak forms name an entity only where the context supports them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from ahocorasick_rs import AhoCorasick, MatchKind

from kg import resources
from kg.errors import DataError
from kg.text import fold

COLUMNS = ("id", "zh_hans", "zh_hant", "en", "aliases", "weak", "identifiers", "source")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entity of the gazetteer. `forms` are its safe names, `weak` those that need support."""

    id: str
    cls: str
    labels: tuple[tuple[str, str], ...]
    aliases: tuple[str, ...]
    weak: tuple[str, ...]
    identifiers: tuple[tuple[str, str], ...]
    source: str

    @property
    def forms(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys([*(name for _, name in self.labels), *self.aliases]))


@dataclass(frozen=True, slots=True)
class Match:
    """A form of the gazetteer in a text: `ids` are all entries that bear it, `weak` when it is a weak form of each."""

    start: int
    end: int
    ids: tuple[str, ...]
    weak: bool


class Lexicon:
    """Entries by id, and a dictionary scan for their forms."""

    def __init__(self, entries: Iterable[Entry], rejected: frozenset[str] = frozenset()) -> None:
        """`rejected` are folded forms that are never a name, whatever finds them."""
        self.rejected = rejected
        self.entries: dict[str, Entry] = {}
        for entry in entries:
            self.entries[entry.id] = entry
        strong: dict[str, list[str]] = {}
        weak: dict[str, list[str]] = {}
        for entry in self.entries.values():
            for form in entry.forms:
                strong.setdefault(fold(form), []).append(entry.id)
            for form in entry.weak:
                weak.setdefault(fold(form), []).append(entry.id)
        self._ids = {
            form: (tuple(dict.fromkeys([*strong.get(form, ()), *weak.get(form, ())])), form not in strong)
            for form in sorted({*strong, *weak})
            if form
        }
        self._forms = list(self._ids)
        self._longest = AhoCorasick(self._forms, matchkind=MatchKind.LeftmostLongest)
        self._all = AhoCorasick(self._forms, matchkind=MatchKind.Standard)

    def lookup(self, form: str) -> tuple[tuple[str, ...], bool]:
        """The ids that bear a form, safe ones first, and whether it is weak for all of them."""
        return self._ids.get(fold(form), ((), True))

    def scan(self, folded: str) -> list[Match]:
        """Leftmost-longest matches in a folded text, none overlapping, whole words where they are Latin."""
        return self._matches(folded, self._longest.find_matches_as_indexes(folded))

    def scan_all(self, folded: str) -> list[Match]:
        """Every match in a folded text, nested and overlapping ones too."""
        return self._matches(folded, self._all.find_matches_as_indexes(folded, overlapping=True))

    def _matches(self, folded: str, found: list[tuple[int, int, int]]) -> list[Match]:
        return [
            Match(start, end, *self._ids[self._forms[index]])
            for index, start, end in found
            if _whole_word(folded, start, end)
        ]


def _whole_word(folded: str, start: int, end: int) -> bool:
    """A Latin name must not be cut out of a longer word, nor a number out of a longer one."""
    return not (
        (start and _latin(folded[start]) and _latin(folded[start - 1]))
        or (end < len(folded) and _latin(folded[end - 1]) and _latin(folded[end]))
    )


def _latin(char: str) -> bool:
    return char.isascii() and char.isalnum()


@lru_cache(maxsize=4)
def load(extra: tuple[Path, ...] = ()) -> Lexicon:
    """The lexicon of seeds/gazetteer and of a user's own files. Raises DataError, naming file and line."""
    files = [*sorted((resources.seeds() / "gazetteer").glob("*.tsv")), *extra]
    entries: dict[str, Entry] = {}
    for path in files:
        for entry in read_file(path):
            entries[entry.id] = entry
    return Lexicon(entries.values())


def read_file(path: Path) -> list[Entry]:
    """The entries of one file. Raises DataError where a line does not have the columns."""
    cls = path.stem.split("-")[0]
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{path}: cannot be read as UTF-8 ({error})") from error
    entries, header = [], False
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        cells = line.split("\t")
        if not header:
            if tuple(cells) != COLUMNS:
                raise DataError(f"{path}:{number}: the header must be {' '.join(COLUMNS)}, tab-separated")
            header = True
            continue
        if len(cells) != len(COLUMNS):
            raise DataError(f"{path}:{number}: {len(cells)} columns where there should be {len(COLUMNS)}")
        entries.append(_entry(cls, cells))
    return entries


def _entry(cls: str, cells: list[str]) -> Entry:
    id_, hans, hant, english, aliases, weak, identifiers, source = (c.strip() for c in cells)
    labels = (("en", english), ("zh-Hans", hans), ("zh-Hant", hant))
    return Entry(
        id_,
        cls,
        tuple((tag, name) for tag, name in labels if name),
        _split(aliases, "|"),
        _split(weak, "|"),
        tuple((key, value) for key, _, value in (part.partition("=") for part in _split(identifiers, ";"))),
        source,
    )


def _split(cell: str, mark: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split(mark) if part.strip())

"""A user's corrections to names (`overrides.toml`), applied to the gazetteer before anything is read.

    [[alias]]   name = "龍芯中科"    alias = "Loongson Technology"
    [[merge]]   name = "阿里"        into = "阿里巴巴"
    [[split]]   name = "港交所"      class = "Market"     # this form is a thing of its own
    [[rename]]  name = "NVIDIA"      to = "英偉達"
    [[retype]]  name = "DeepSeek"    class = "Product"
    [[reject]]  name = "記者"                              # never a name

A name is any form of an entity, or the id of one. Because corrections are data beside the graph, they
hold in every later build; `unused` tells which of them no document and no list bears out any more.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from kg.errors import DataError
from kg.lexicon import Entry, Lexicon
from kg.schema import load as load_schema
from kg.text import fold, simplify

FIELDS = {
    "alias": ("name", "alias"), "merge": ("name", "into"), "split": ("name", "class"), "rename": ("name", "to"),
    "retype": ("name", "class"), "reject": ("name",),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Override:
    """One correction: its action, the name it is about, and the action's other value."""

    action: str
    name: str
    value: str = ""


def read(path: Path) -> tuple[Override, ...]:
    """The corrections of a file. Raises DataError, naming the file and the entry."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise DataError(f"{path}: cannot be read as TOML ({error})") from error
    found = []
    for action, entries in raw.items():
        if action not in FIELDS or not isinstance(entries, list):
            raise DataError(f"{path}: [[{action}]] is not a correction; there are {', '.join(FIELDS)}")
        for number, entry in enumerate(entries, 1):
            if set(entry) != set(FIELDS[action]) or not all(isinstance(v, str) and v.strip() for v in entry.values()):
                raise DataError(f"{path}: [[{action}]] number {number} must give {' and '.join(FIELDS[action])}")
            if "class" in entry and entry["class"] not in load_schema().classes:
                raise DataError(f"{path}: [[{action}]] number {number}: there is no class {entry['class']}")
            values = [entry[key].strip() for key in FIELDS[action]]
            found.append(Override(action, *values))
    return tuple(found)


def apply(lexicon: Lexicon, overrides: Iterable[Override]) -> Lexicon:
    """A lexicon with the corrections made, in the order of the file."""
    entries = dict(lexicon.entries)
    rejected = set(lexicon.rejected)
    for override in overrides:
        if override.action == "reject":
            rejected.add(fold(override.name))
            entries = {i: _without(e, override.name) for i, e in entries.items()}
        else:
            _ACTIONS[override.action](entries, override)
    return Lexicon((e for e in entries.values() if e.forms or e.weak), frozenset(rejected))


def unused(lexicon: Lexicon, overrides: Iterable[Override], folded_texts: Iterable[str]) -> list[Override]:
    """The corrections whose name neither the gazetteer knows nor any of the texts (folded) holds."""
    left = [o for o in overrides if o.name not in lexicon.entries and not lexicon.lookup(o.name)[0]]
    for text in folded_texts:
        left = [o for o in left if fold(o.name) not in text]
        if not left:
            break
    return left


def _find(entries: dict[str, Entry], name: str) -> Entry | None:
    if name in entries:
        return entries[name]
    form = fold(name)
    return next((e for e in entries.values() if any(fold(f) == form for f in e.forms)), None)


def _found_or_new(entries: dict[str, Entry], name: str, cls: str = "Concept") -> Entry:
    entry = _find(entries, name)
    return entry or _new(name, cls)


def _new(name: str, cls: str) -> Entry:
    tag = "zh-Hans" if any("\u3400" <= c <= "\u9fff" for c in name) else "en"
    labels = (("zh-Hans", simplify(name)), ("zh-Hant", name)) if tag == "zh-Hans" else (("en", name),)
    id_ = "u-" + hashlib.sha256(f"{cls}\n{fold(name)}".encode()).hexdigest()[:16]
    return Entry(id_, cls, labels, (), (), (), "overrides")


def _without(entry: Entry, name: str) -> Entry:
    form = fold(name)
    return replace(
        entry,
        labels=tuple(pair for pair in entry.labels if fold(pair[1]) != form),
        aliases=tuple(a for a in entry.aliases if fold(a) != form),
        weak=tuple(w for w in entry.weak if fold(w) != form),
    )


def _alias(entries: dict[str, Entry], override: Override) -> None:
    entry = _found_or_new(entries, override.name)
    entries[entry.id] = replace(entry, aliases=(*entry.aliases, override.value))


def _merge(entries: dict[str, Entry], override: Override) -> None:
    into = _found_or_new(entries, override.value)
    from_ = _find(entries, override.name)
    forms = (override.name,) if from_ is None or from_.id == into.id else from_.forms
    if from_ is not None and from_.id != into.id:
        del entries[from_.id]
    entries[into.id] = replace(into, aliases=tuple(dict.fromkeys([*into.aliases, *forms])))


def _split(entries: dict[str, Entry], override: Override) -> None:
    entry = _find(entries, override.name)
    if entry is not None:
        entries[entry.id] = _without(entry, override.name)
    new = _new(override.name, override.value)
    entries[new.id] = new


def _rename(entries: dict[str, Entry], override: Override) -> None:
    entry = _found_or_new(entries, override.name)
    old = tuple(name for _, name in entry.labels)
    new = _new(override.value, entry.cls).labels
    kept = tuple(pair for pair in entry.labels if pair[0] not in dict(new))
    entries[entry.id] = replace(
        entry, labels=tuple(sorted((*kept, *new))), aliases=tuple(dict.fromkeys([*entry.aliases, *old]))
    )


def _retype(entries: dict[str, Entry], override: Override) -> None:
    entry = _found_or_new(entries, override.name)
    entries[entry.id] = replace(entry, cls=override.value)


_ACTIONS = {"alias": _alias, "merge": _merge, "split": _split, "rename": _rename, "retype": _retype}

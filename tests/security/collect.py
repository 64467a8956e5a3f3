"""Prints every pattern that the package compiles, with the ways in which it is applied, as JSON lines.

It imports all modules, then reads, extracts, asks and writes the sample documents, so that patterns made of data are
among them.
"""

import json
import pkgutil
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import fields
from importlib import import_module
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parents[2]
SKIPPED = ("kg.train", "kg.building.worker", "kg.serve.worker")
METHODS = {"match", "fullmatch", "search", "finditer", "findall", "sub", "split"}
found: dict[tuple[str, int], str] = {}
compile_ = re._compile  # type: ignore[attr-defined]


def spy(pattern: object, flags: int = 0) -> object:
    at, package = sys._getframe(1), str(ROOT / "kg")
    while at is not None and at.f_code.co_filename.endswith(("/re/__init__.py", "collect.py")):
        at = at.f_back  # type: ignore[assignment]
    if at is not None and at.f_code.co_filename.startswith(package) and isinstance(pattern, str | bytes):
        found[text(pattern), int(flags)] = Path(at.f_code.co_filename).relative_to(ROOT).as_posix()
    return compile_(pattern, flags)


def text(pattern: str | bytes) -> str:
    """A pattern of bytes as one of characters."""
    return pattern.decode("latin-1") if isinstance(pattern, bytes) else pattern


def main() -> None:
    re._compile = spy  # type: ignore[attr-defined]
    import kg

    for module in pkgutil.walk_packages(kg.__path__, "kg."):
        if not module.name.startswith(SKIPPED):
            with suppress(ModuleNotFoundError):  # of an extra
                import_module(module.name)
    from kg import Settings, assemble, extract
    from kg.read import read
    from kg.shapes import sift

    settings = Settings(extractors=("patterns",))
    samples = sorted((ROOT / "seeds" / "documents").iterdir())
    made = [sift(extract(d, settings)) for path in samples for d in read(path, settings)]
    graph = assemble(made)
    graph.turtle()
    graph.query("ASK { ?s ?p ?o }")
    named = dict(applied())
    for (pattern, flags), place in sorted(found.items()):
        name, methods = named.get(pattern, ("", {"finditer", "match"}))
        print(json.dumps([f"{place} {name}".strip(), pattern, flags, sorted(methods)]))


def applied() -> Iterator[tuple[str, tuple[str, set[str]]]]:
    """For patterns that have names in code, these names, and the methods that the code calls on them.

    Such are constants of a module, alone or in a dictionary, and those of seeds/layout.toml and seeds/datelines.toml.
    """
    from kg.layout import marks
    from kg.read import dates

    for name, module in list(sys.modules.items()):
        if name.startswith("kg") and module.__file__:
            source = Path(module.__file__).read_text(encoding="utf-8")
            for constant, value in vars(module).items():
                each = value.values() if isinstance(value, dict) else [value]
                methods = set(re.findall(rf"\b{constant}(?:\[\w+\])?\.(\w+)\(", source)) & METHODS
                if methods:
                    yield from ((text(v.pattern), (constant, methods)) for v in each if isinstance(v, re.Pattern))
    known = marks.load()
    named = {f.name: getattr(known, f.name) for f in fields(known)}
    yield from _called(marks, named, r"\bmarks\.{}\.(\w+)\(")
    yield from _called(dates, dates._patterns(), r'_patterns\(\)\["{}"\]\.(\w+)\(')


def _called(module: ModuleType, named: Mapping[str, object], call: str) -> Iterator[tuple[str, tuple[str, set[str]]]]:
    """Of named patterns, the methods that the module and those beside it call by that name."""
    folder = Path(str(module.__file__)).parent
    source = "".join(path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.py")))
    for name, value in named.items():
        if isinstance(value, re.Pattern) and (methods := set(re.findall(call.format(name), source)) & METHODS):
            yield text(value.pattern), (name, methods)


if __name__ == "__main__":
    main()

"""Prints every pattern that the package compiles, with the ways in which it is applied, as JSON lines.

It imports all modules, then reads, extracts, asks and writes the sample documents, so that patterns made of data are
among them.
"""

import json
import pkgutil
import re
import sys
from collections.abc import Iterator
from contextlib import suppress
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SKIPPED = ("kg.train", "kg.building.worker", "kg.serve.worker")
found: dict[tuple[str, int], str] = {}
compile_ = re._compile  # type: ignore[attr-defined]


def spy(pattern: object, flags: int = 0) -> object:
    at, package = sys._getframe(1), str(ROOT / "kg")
    while at is not None and at.f_code.co_filename.endswith(("/re/__init__.py", "collect.py")):
        at = at.f_back  # type: ignore[assignment]
    if at is not None and at.f_code.co_filename.startswith(package) and isinstance(pattern, str):
        found[pattern, int(flags)] = Path(at.f_code.co_filename).relative_to(ROOT).as_posix()
    return compile_(pattern, flags)


def main() -> None:
    re._compile = spy  # type: ignore[attr-defined]
    import kg

    for module in pkgutil.walk_packages(kg.__path__, "kg."):
        if not module.name.startswith(SKIPPED):
            with suppress(ModuleNotFoundError):  # of an extra
                import_module(module.name)
    from kg import Settings, assemble, extract
    from kg.read import read

    settings = Settings(extractors=("patterns",))
    samples = sorted((ROOT / "seeds" / "documents").iterdir())
    made = [extract(d, settings) for path in samples for d in read(path, settings)]
    graph = assemble(made)
    graph.turtle()
    graph.query("ASK { ?s ?p ?o }")
    named = dict(applied())
    for (pattern, flags), place in sorted(found.items()):
        name, methods = named.get(pattern, ("", {"finditer", "match"}))
        print(json.dumps([f"{place} {name}".strip(), pattern, flags, sorted(methods)]))


def applied() -> Iterator[tuple[str, tuple[str, set[str]]]]:
    """For patterns that are constants of a module, their names, and the methods that its code calls on them."""
    for name, module in list(sys.modules.items()):
        if name.startswith("kg") and module.__file__:
            source = Path(module.__file__).read_text(encoding="utf-8")
            for constant, value in vars(module).items():
                if isinstance(value, re.Pattern) and (methods := set(re.findall(rf"\b{constant}\.(\w+)\(", source))):
                    yield value.pattern, (constant, methods)


if __name__ == "__main__":
    main()

"""Prints every pattern that the package compiles, as JSON lines: when it is imported, when it loads its data, and
when it reads, extracts, asks and writes a small document."""

import json
import pkgutil
import re
import sys
from contextlib import suppress
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SKIPPED = ("kg.train", "kg.building.worker", "kg.serve.worker")
found: set[tuple[str, int]] = set()
compile_ = re._compile  # type: ignore[attr-defined]


def spy(pattern: object, flags: int = 0) -> object:
    at, package = sys._getframe(1), str(ROOT / "kg")
    while at is not None and at.f_code.co_filename.endswith(("/re/__init__.py", "collect.py")):
        at = at.f_back  # type: ignore[assignment]
    if at is not None and at.f_code.co_filename.startswith(package) and isinstance(pattern, str):
        found.add((pattern, int(flags)))
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
    for pattern, flags in sorted(found):
        print(json.dumps([pattern, flags]))


if __name__ == "__main__":
    main()

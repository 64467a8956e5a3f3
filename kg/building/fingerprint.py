"""What an extraction depends on beside its document: code, libraries, seeds, models, options. Changes make it void."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path

from kg import resources
from kg.errors import DataError
from kg.settings import Settings

_AFTER = frozenset({
    "__init__.py", "answer.py", "bench.py", "building", "diff.py", "engines.py", "evaluate", "export", "gazetteer.py",
    "graph.py", "names.py", "partitions", "paths.py", "profile.py", "push.py", "query.py", "serve", "shelf.py",
    "stats.py", "store.py", "train", "validate.py", "view",
})  # fmt: skip
"""Modules that only see extractions. All others count as stages: better a needless extraction than a stale one."""
_LEARNED = "reader."
_SCORES = "evaluation.toml"
_LIBRARIES = ("jieba", "numpy", "onnxruntime", "opencc", "pypdfium2", "trafilatura")


def fingerprint(settings: Settings) -> str:
    """32 hexadecimal digits. Raises `DataError` where a list that the settings name cannot be read."""
    rows = []
    for path in _files(settings):
        try:
            content = path.read_bytes()
        except OSError as error:
            raise DataError(f"{path}: cannot be read ({error.strerror}); check the option that names it") from error
        rows.append(blake2b(path.name.encode()).digest() + blake2b(content).digest())
    sums = blake2b(b"".join(sorted(rows)), digest_size=16)
    versions = [version(name) for name in _LIBRARIES]
    options = (sys.version_info[:2], versions, sorted(settings.extractors), settings.threshold)
    sums.update(repr(options).encode())
    return sums.hexdigest()


def _files(settings: Settings) -> Iterator[Path]:
    package = Path(__file__).resolve().parent.parent
    for path in package.rglob("*.py"):
        if path.relative_to(package).parts[0] not in _AFTER:
            yield path
    seeds = resources.seeds()
    yield from (path for path in seeds.glob("*.t*") if path.name != _SCORES)
    folders = [seeds / "gazetteer", seeds / "relations", seeds / "models"]
    for folder in [*folders, *((settings.models,) if settings.models else ())]:
        found = (p for p in folder.glob("*") if p.is_file() and p.suffix != ".md")
        yield from (p for p in found if "neural" in settings.extractors or not p.name.startswith(_LEARNED))
    yield from (resources.ontology() / name for name in ("classes.ttl", "relations.ttl", "shapes.ttl"))
    yield from settings.gazetteers
    if settings.overrides is not None:
        yield settings.overrides

"""Speed and memory, measured on documents made for it: sentences of the samples, shuffled, other names and figures."""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from kg import lexicon, resources
from kg.errors import KgError
from kg.model import Document, Extraction
from kg.read import READERS, read, read_bytes
from kg.settings import Settings
from kg.text import sentences

_SENTENCES = 14
_FIGURE = re.compile(r"\d+")
_SHORTEST = 3
"""Characters of a name that is exchanged for another."""
_MOVED = 0.01
"""The share of documents that are new in the second build."""
_PATTERNS = ("--extractors", "patterns")


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one command: seconds that passed, seconds of computing, and the memory in MB of its largest process."""

    wall: float
    cpu: float
    memory: float


def texts(count: int, *, first: int = 0) -> Iterator[str]:
    """Documents number `first` to `first + count`, each always the same."""
    pool, names = list(_pool()), _names()
    for number in range(first, first + count):
        chance = random.Random(number)
        chosen = "".join(chance.choice(pool) for _ in range(_SENTENCES))
        for name in sorted(n for n in names if n in chosen):
            chosen = chosen.replace(name, chance.choice(names[name]))
        yield _FIGURE.sub(lambda m: _other(m[0], chance), chosen)  # noqa: B023


def report(folder: Path, counts: Sequence[int], *, neural: bool = False) -> Iterator[str]:
    """Lines of findings. `folder` takes the documents and graphs. Every build is a command of its own."""
    yield from _stages(list(texts(40)), Settings() if neural else Settings(extractors=("patterns",)), folder)
    before: Cost | None = None
    for number, count in enumerate(counts):
        source, size = _written(folder / f"{count}.jsonl", texts(count)), sum(map(len, texts(count)))
        options = () if neural else _PATTERNS
        one = _built(source, folder / f"{count}-1", 1, options)
        target = folder / f"{count}-2"
        two = _built(source, target, 2, options)
        kept = sum(f.stat().st_size for f in target.rglob("*") if f.is_file())
        new = max(1, round(count * _MOVED))
        _written(source, [*texts(count - new), *texts(new, first=count)])
        again = _built(source, target, 2, options)
        yield f"{count} documents, {size} characters: {size / two.wall:,.0f} characters a second with two workers"
        yield f"  two workers {one.wall / two.wall:.2f} times as fast as one"
        shares = f"{again.wall / two.wall:.1%} of the time, {again.cpu / two.cpu:.1%} of the computing"
        yield f"  again with 1 % new in {shares}"
        yield f"  largest process {two.memory:,.0f} MB; {kept / count:,.0f} bytes of output a document"
        if before is not None:
            growth = two.cpu / count / (before.cpu / counts[number - 1])
            memory = two.memory / before.memory
            yield f"  a document costs {growth:.2f} of what it costs among {counts[number - 1]}, memory {memory:.2f}"
        before = two


def _stages(made: list[str], settings: Settings, folder: Path) -> Iterator[str]:
    """Each stage against jieba's own tagger over the same text, in one process."""
    import jieba
    import jieba.posseg

    from kg import assemble, extract
    from kg.layout import lay_out
    from kg.shapes import sift

    size = sum(map(len, made))
    jieba.dt.tmp_dir = str(folder)  # its cache, a marshal file, must not lie where others can write
    jieba.posseg.lcut(made[0])  # loads its dictionary
    theirs = _timed(lambda: [jieba.posseg.lcut(text) for text in made])
    yield f"jieba.posseg alone: {size / theirs:,.0f} characters a second"
    documents: list[Document] = []
    found: list[Extraction] = []
    extract(next(read_bytes("a.txt", made[0].encode(), settings)), settings)  # loads lists and models
    parts: dict[str, Callable[[], object]] = {
        "plain read": lambda: [_plain(folder, text) for text in made],
        "rjieba": lambda: _rjieba(made),
        "reading": lambda: documents.extend(next(read_bytes("a.txt", t.encode(), settings)) for t in made),
        "layout": lambda: [lay_out(d) for d in documents],
        "extraction, with layout": lambda: found.extend(extract(d, settings) for d in documents),
        "shapes of each document": lambda: [sift(e) for e in found],
        "assembly": lambda: assemble(found),
        "Turtle": lambda: assemble(found).turtle(),
    }
    for name, work in parts.items():
        try:
            seconds = _timed(work)
        except ImportError:
            yield f"{name}: not installed"
            continue
        yield f"{name}: {size / seconds:,.0f} characters a second, {seconds / theirs:.3f} of the time of jieba.posseg"


def _plain(folder: Path, text: str) -> str:
    path = folder / "plain.txt"
    path.write_text(text, encoding="utf-8")
    return path.read_text(encoding="utf-8")


def _rjieba(made: Sequence[str]) -> None:
    """The fastest tagger of the kind (an optional package)."""
    import rjieba  # type: ignore[import-not-found, unused-ignore]

    for text in made:
        rjieba.tag(text)


def _built(source: Path, output: Path, workers: int, options: Sequence[str]) -> Cost:
    """What `kg build` costs. Raises `KgError` where it fails."""
    words = ["build", str(source), "-o", str(output), "--workers", str(workers), *options]
    command = [sys.executable, "-c", "from cli.main import main; main()", *words]
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    assert process.stderr is not None
    told = process.stderr.read().decode(errors="replace")
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise KgError(f"the build that is measured failed: {told.strip()}")
    return Cost(time.perf_counter() - started, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def _pool() -> Iterator[str]:
    for path in sorted((resources.seeds() / "documents").iterdir()):
        if path.suffix in READERS:
            for document in read(path, Settings()):
                yield from (document.text[s.start : s.end] for s in sentences(document.text) if len(s) > 8)


@cache
def _names() -> dict[str, list[str]]:
    """For names of organisations that the samples hold, names of others of their class."""
    samples = "".join(_pool())
    by_class: dict[str, list[str]] = {}
    for entry in lexicon.load().entries.values():
        name = dict(entry.labels).get("zh-Hant", "")
        if len(name) >= _SHORTEST and not name.isascii():
            by_class.setdefault(entry.cls, []).append(name)
    return {name: names for names in by_class.values() for name in names if name in samples}


def _other(figure: str, chance: random.Random) -> str:
    """Another figure of as many digits; years and what begins with nought stay."""
    stays = figure.startswith(("0", "19", "20"))
    return figure if stays else str(chance.randrange(10 ** (len(figure) - 1), 10 ** len(figure)))


def _written(path: Path, made: Sequence[str] | Iterator[str]) -> Path:
    lines = (json.dumps({"id": str(n), "text": text, "date": "2025-03-18"}) for n, text in enumerate(made))
    with path.open("w", encoding="utf-8") as stream:
        stream.writelines(line + "\n" for line in lines)
    return path


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started

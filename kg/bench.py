"""Speed and memory, measured on documents made for it: sentences of the samples, shuffled, with other figures."""

from __future__ import annotations

import json
import random
import re
import resource
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from kg import resources
from kg.building import run
from kg.model import Document, Extraction
from kg.read import READERS, read
from kg.settings import Settings
from kg.text import sentences

_SENTENCES = 14
_FIGURE = re.compile(r"\d+")
_PROCESSES = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
_MOVED = 0.01
"""The share of documents that are new in the second build."""


def texts(count: int, *, first: int = 0) -> Iterator[str]:
    """Documents number `first` to `first + count`, each always the same."""
    pool = list(_pool())
    for number in range(first, first + count):
        chance = random.Random(number)
        chosen = (chance.choice(pool) for _ in range(_SENTENCES))
        yield "".join(_FIGURE.sub(lambda m: _other(m[0], chance), s) for s in chosen)  # noqa: B023


def report(folder: Path, counts: Sequence[int], *, neural: bool = False) -> Iterator[str]:
    """Lines of findings. `folder` takes the documents and graphs."""
    settings = Settings() if neural else Settings(extractors=("patterns",))
    yield from _stages(list(texts(40)), settings, folder)
    rates: list[float] = []
    for count in counts:
        source = _written(folder / f"{count}.jsonl", texts(count))
        size = sum(map(len, texts(count)))
        target = folder / f"{count}-2"
        one = _timed(partial(run, [source], folder / f"{count}-1", settings=settings, workers=1))
        two = _timed(partial(run, [source], target, settings=settings, workers=2))
        new = max(1, round(count * _MOVED))
        moved = _written(source, [*texts(count - new), *texts(new, first=count)])
        again = _timed(partial(run, [moved], target, settings=settings, workers=2))
        rates.append(count / two)
        yield f"{count} documents, {size} characters: {size / two:,.0f} characters a second with two workers"
        yield f"  two workers {one / two:.2f} times as fast as one; again with 1 % new in {again / two:.1%} of the time"
        own, theirs = (resource.getrusage(w).ru_maxrss / 1024 for w in _PROCESSES)
        kept = sum(f.stat().st_size for f in target.rglob("*") if f.is_file())
        yield f"  peak memory {own:,.0f} MB, of a worker {theirs:,.0f} MB; {kept / count:,.0f} bytes a document"
    if len(rates) > 1:
        yield f"time a document, {counts[-1]} against {counts[0]}: {rates[0] / rates[-1]:.2f}"


def _stages(made: list[str], settings: Settings, folder: Path) -> Iterator[str]:
    """Each stage against jieba's own tagger over the same text, in one process."""
    import jieba
    import jieba.posseg

    from kg import assemble, extract
    from kg.layout import lay_out
    from kg.read import read_bytes

    size = sum(map(len, made))
    jieba.dt.tmp_dir = str(folder)  # its cache, a marshal file, must not lie where others can write
    jieba.posseg.lcut(made[0])  # loads its dictionary
    theirs = _timed(lambda: [jieba.posseg.lcut(text) for text in made])
    documents: list[Document] = []
    reading = _timed(lambda: documents.extend(next(read_bytes("a.txt", t.encode(), settings)) for t in made))
    extract(documents[0], settings)  # loads lists and models
    laying = _timed(lambda: [lay_out(d) for d in documents])
    found: list[Extraction] = []
    extracting = _timed(lambda: found.extend(extract(d, settings) for d in documents))
    known = assemble(found)
    writing = _timed(known.turtle)
    yield f"jieba.posseg alone: {size / theirs:,.0f} characters a second"
    parts = {"reading": reading, "layout": laying, "extraction, with layout": extracting, "Turtle": writing}
    for name, seconds in parts.items():
        yield f"{name}: {size / seconds:,.0f} characters a second, {seconds / theirs:.2f} of the time of jieba.posseg"


def _pool() -> Iterator[str]:
    for path in sorted((resources.seeds() / "documents").iterdir()):
        if path.suffix in READERS:
            for document in read(path, Settings()):
                yield from (document.text[s.start : s.end] for s in sentences(document.text) if len(s) > 8)


def _other(figure: str, chance: random.Random) -> str:
    """Another figure of as many digits; years and what begins with nought stay."""
    stays = figure.startswith(("0", "19", "20"))
    return figure if stays else str(chance.randrange(10 ** (len(figure) - 1), 10 ** len(figure)))


def _written(path: Path, made: Sequence[str] | Iterator[str]) -> Path:
    lines = (json.dumps({"id": str(n), "text": text, "date": "2025-03-18"}) for n, text in enumerate(made))
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started

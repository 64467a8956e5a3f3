"""From documents to a graph: what is read, what is extracted anew, what is written."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from kg import graph as graphs
from kg import resources
from kg.building import manifest as manifests
from kg.building.corrections import left_over
from kg.building.extracting import Extracting
from kg.building.fingerprint import fingerprint
from kg.building.lock import locked
from kg.building.manifest import Manifest
from kg.building.outputs import Means, Outputs
from kg.building.progress import Listener, silent
from kg.building.sources import find
from kg.errors import DataError, GraphError, KgError, ReadError
from kg.graph import KnowledgeGraph
from kg.model import Extraction, Problem, encode
from kg.read import STDIN
from kg.settings import Settings

if TYPE_CHECKING:
    from kg.engines import Engine

OVERRIDES = "overrides.toml"


@dataclass(frozen=True)
class Outcome:
    """What a build came to. `output` is None where nothing could be read, and then what stood before still stands."""

    output: Path | None
    problems: tuple[Problem, ...]
    seconds: float
    extracted: int
    kept: int
    counts: Mapping[str, int] = field(default_factory=dict)
    """documents, articles, stories, entities, triples, observations, class:C and claim:P."""

    @cached_property
    def graph(self) -> KnowledgeGraph | None:
        """The graph as it lies in the output folder, read when it is first asked for."""
        return None if self.output is None else _with_problems(graphs.load(self.output), self.problems)

    @property
    def failed(self) -> tuple[Problem, ...]:
        """What could not be read or extracted at all."""
        return tuple(p for p in self.problems if p.fatal)


def default_settings() -> Settings:
    """All extractors, the learned ones only where their model is installed."""
    learned = (resources.seeds() / "models" / "reader.onnx").is_file()
    return Settings() if learned else Settings(extractors=("patterns",))


def build(
    sources: Iterable[Path | str],
    output: Path | str | None = None,
    *,
    settings: Settings | None = None,
    workers: int | None = None,
) -> KnowledgeGraph:
    """The graph of files and folders; with `output`, written there too, in processes of their own.

    What could not be read is in the graph's `problems`. Raises `ReadError` where nothing could be read at all.
    """
    settings = settings or default_settings()
    if output is not None:
        outcome = run(sources, Path(output), settings=settings, workers=workers)
        if outcome.output is None:
            raise _nothing(outcome.problems)
        assert outcome.graph is not None
        return outcome.graph
    found = find(sources)
    problems = list(found.problems)
    extractions = [e for name in found.files for e in _here(name, settings, problems)]
    if not extractions:
        raise _nothing(tuple(problems))
    problems += left_over(settings, (e.document.text for e in extractions))
    return _with_problems(graphs.assemble(extractions, base=settings.base), problems)


def run(
    sources: Iterable[Path | str],
    output: Path,
    *,
    settings: Settings,
    workers: int | None = None,
    engine: Engine | None = None,
    listener: Listener = silent,
    keep: bool = False,
    without: Sequence[str] = (),
    partitions: bool = False,
) -> Outcome:
    """Builds `output` from `sources` and, with `keep`, from the documents it holds, but for those named `without`.

    `engine` spreads the work over machines that share the file system. `partitions` has the graph written as
    N-Triples and Parquet in parts too; once there, these are kept up to date.
    Raises `GraphError` where the folder cannot be used and `DataError` where a list is wrong; what stood there stays.
    """
    found = find(sources)
    if not found.files and not keep and not output.exists():
        return Outcome(None, found.problems, 0.0, 0, 0)
    workers = workers or os.cpu_count() or 1
    with locked(output):
        outputs = Outputs(output)
        outputs.recover()
        if settings.overrides is None and (output / OVERRIDES).is_file():
            settings = replace(settings, overrides=output / OVERRIDES)
        work = Extracting(outputs.shelf, settings, fingerprint(settings), listener)
        if keep:
            _take_over(work, output, set(without))
        work.problems.update(found.problems)
        with engine.open() if engine else nullcontext() as schedule:
            try:
                here = found.files
                if engine and schedule:
                    # Standard input is this process's, no other's.
                    here = tuple(name for name in found.files if name == STDIN)
                    spread = [name for name in found.files if name != STDIN]
                    for mapped in schedule("extract", work.jobs(spread, engine.workers)):
                        work.adopt(mapped)
                work.process(here, workers)
            except OSError as error:
                raise GraphError(f"{output}: cannot be written ({error.strerror}); free some space") from error
            return _finish(work, outputs, Means(workers, schedule, partitions))


def _take_over(work: Extracting, output: Path, gone: set[str]) -> None:
    """The documents of the graph that stands; they are extracted again where the code or the lists changed."""
    known = manifests.read(output)
    if known is None:
        raise GraphError(f"{output}: holds no graph; make one with: kg build PATH -o {output}")
    missing = gone - {n for e in known.documents for n in (e.name, e.id)} - {p.document for p in known.failed}
    if missing:
        raise GraphError(f"{output}: holds no document {', '.join(sorted(missing))}; {manifests.NAME} lists them")
    work.problems.update(p for p in known.failed if p.document not in gone)
    for entry in known.documents:
        if not {entry.name, entry.id} & gone:
            work.take(entry.name, entry.id, encode(work.shelf.get(entry.key).document))


def _finish(work: Extracting, outputs: Outputs, means: Means) -> Outcome:
    """Assembles and writes."""
    state, failed = work.state, tuple(sorted(work.problems, key=_order))
    if not work.entries:
        return Outcome(None, failed, state.seconds, state.done - state.kept, state.kept)
    state.stage = "assemble"
    work.listener(state)
    entries = tuple(sorted(work.entries))
    texts = (work.shelf.get(e.key).document.text for e in entries)
    told = [*failed, *left_over(work.settings, texts)]
    known = Manifest(work.settings.base, work.fingerprint, entries, failed)
    made = outputs.write(known, told, means)
    state.stage = "done"
    work.listener(state)
    counts = {**made.counts, "documents": made.extent.documents, "entities": made.extent.entities}
    return Outcome(outputs.output, made.problems, state.seconds, state.done - state.kept, state.kept, counts)


def _here(name: str, settings: Settings, problems: list[Problem]) -> Iterator[Extraction]:
    """Reads and extracts in this process; what cannot be read is added to `problems`."""
    from kg.pipeline import extract
    from kg.read import read
    from kg.shapes import sift

    documents = read(Path(name), settings)
    while True:
        try:
            yield sift(extract(next(documents), settings))
        except StopIteration:
            return
        except ReadError as error:
            problems.append(Problem(error.name, error.code, error.reason, fatal=True))


def _with_problems(graph: KnowledgeGraph, problems: Iterable[Problem]) -> KnowledgeGraph:
    every = sorted({*graph.problems, *problems}, key=_order)
    return KnowledgeGraph(replace(graph.parts, problems=tuple(every)), base=graph.base)


def _order(problem: Problem) -> tuple[str, str, str]:
    return problem.document, problem.code, problem.reason


def _nothing(problems: Sequence[Problem]) -> KgError:
    first = problems[0] if problems else Problem("", "empty", "no file was named")
    return ReadError(first.document, first.code, first.reason) if first.document else DataError(first.reason)

"""Builds on many machines that share a file system: an engine hands groups of files to workers elsewhere.

Each group goes through the same map stage as a local build, in guarded child processes on its machine, and puts its
extractions on the shared shelf; assembly is here. So an engine is only a scheduler, and changes no byte.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kg.building.extracting import Extracting
from kg.errors import DataError, GraphError
from kg.model import decode, encode
from kg.settings import Settings
from kg.shelf import Shelf

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

Engine = Callable[[Extracting, Sequence[str]], None]
_GROUPS_A_WORKER = 8


@dataclass(frozen=True, slots=True)
class Job:
    """Files of one group, and what a machine must know to extract them."""

    files: tuple[str, ...]
    settings: Settings
    fingerprint: str
    settled: str
    fresh: str


def work(job: bytes) -> bytes:
    """Runs an encoded `Job`; the answer is for `Extracting.adopt`. Doing it twice is as doing it once."""
    from kg.building.fingerprint import fingerprint

    given = decode(job, Job)
    if fingerprint(given.settings) != given.fingerprint:
        raise DataError("the worker has another version of jinluo, or of its lists, than the driver")
    mapped = Extracting(Shelf(Path(given.settled), Path(given.fresh)), given.settings, given.fingerprint)
    mapped.process(given.files, 1)
    return mapped.result()


def executor(pool: Executor, workers: int) -> Engine:
    """Any `concurrent.futures.Executor`, such as the one that Dask's client gives (`client.get_executor()`)."""

    def run(local: Extracting, files: Sequence[str]) -> None:
        under_way = [pool.submit(work, job) for job in _jobs(local, files, workers)]
        for future in under_way:
            local.adopt(future.result())

    return run


def dask(address: str | None, workers: int) -> Engine:
    """Dask's scheduler at `address`, or one on this machine alone, its dashboard off."""

    def run(local: Extracting, files: Sequence[str]) -> None:
        try:
            from dask.distributed import Client
        except ImportError as error:
            raise DataError("the engine dask needs Dask: install jinluo[dask]") from error
        options = {} if address else {"n_workers": workers, "threads_per_worker": 1, "dashboard_address": None}
        with Client(address, **options) as client:  # type: ignore[no-untyped-call]
            executor(client.get_executor(), workers)(local, files)

    return run


def spark(master: str, workers: int) -> Engine:
    """PySpark 4 (extra `spark`). The user interface is off; tries of a task are bounded by Spark's own settings."""

    def run(local: Extracting, files: Sequence[str]) -> None:
        session = _session(master)
        from py4j.protocol import Py4JError

        try:
            jobs = list(_jobs(local, files, workers))
            found = session.sparkContext.parallelize(jobs, max(1, len(jobs))).map(work)
            for result in found.toLocalIterator(prefetchPartitions=True):
                local.adopt(result)
        except Py4JError as error:
            lines = str(error).splitlines()
            told = next((line for line in reversed(lines) if "Error: " in line), lines[0])
            raise GraphError(f"the engine spark at {master} failed: {told.strip()}") from error
        finally:
            session.stop()

    return run


def _session(master: str) -> SparkSession:
    try:
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise DataError("the engine spark needs PySpark: install jinluo[spark] and a Java runtime") from error
    if master.startswith("local"):
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
        paths = [str(Path(__file__).resolve().parent.parent), os.environ.get("PYTHONPATH", "")]
        os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, paths))
    builder = SparkSession.builder.master(master).appName("jinluo").config("spark.ui.enabled", "false")
    if master.startswith("local"):
        builder = builder.config("spark.driver.bindAddress", "127.0.0.1").config("spark.driver.host", "127.0.0.1")
    return builder.getOrCreate()


def _jobs(local: Extracting, files: Sequence[str], workers: int) -> Iterator[bytes]:
    shelf = local.shelf
    for group in _groups(files, workers * _GROUPS_A_WORKER):
        named = tuple(str(Path(f)) for f in group)
        places = str(shelf.settled.resolve()), str(shelf.fresh.resolve())
        yield encode(Job(named, local.settings, local.fingerprint, *places))


def _groups(files: Sequence[str], count: int) -> Iterable[Sequence[str]]:
    size = max(1, -(-len(files) // count))
    return (files[at : at + size] for at in range(0, len(files), size))

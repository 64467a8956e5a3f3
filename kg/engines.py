"""Builds on many machines that share a file system: an engine hands jobs to workers elsewhere.

A job is bytes that name files on the shared disk; its answer is bytes. Extraction is jobs, each of some files, done
in guarded child processes on its machine; so are the stages of assembly. An engine is only a scheduler, and changes
no byte.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from kg.building.stages import do
from kg.errors import DataError, GraphError
from kg.partitions.assemble import Scheduler

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


@dataclass(frozen=True, slots=True)
class Engine:
    """`open` gives the scheduler for as long as a build needs it; `workers` is how many jobs may run side by side."""

    open: Callable[[], AbstractContextManager[Scheduler]]
    workers: int


def executor(pool: Executor, workers: int) -> Engine:
    """Any `concurrent.futures.Executor`, such as the one that Dask's client gives (`client.get_executor()`)."""
    return Engine(lambda: nullcontext(_submitting(pool)), workers)


def dask(address: str | None, workers: int) -> Engine:
    """Dask's scheduler at `address`, or one on this machine alone, its dashboard off."""

    @contextmanager
    def opened() -> Iterator[Scheduler]:
        try:
            from dask.distributed import Client
        except ImportError as error:
            raise DataError("the engine dask needs Dask: install jinluo[dask]") from error
        options = {} if address else {"n_workers": workers, "threads_per_worker": 1, "dashboard_address": None}
        with Client(address, **options) as client:  # type: ignore[no-untyped-call]
            yield _submitting(client.get_executor())

    return Engine(opened, workers)


def spark(master: str, workers: int) -> Engine:
    """PySpark 4 (extra `spark`). The user interface is off; tries of a task are bounded by Spark's own settings."""

    @contextmanager
    def opened() -> Iterator[Scheduler]:
        session = _session(master)
        try:
            yield partial(_mapped, session, master)
        finally:
            session.stop()

    return Engine(opened, workers)


def _submitting(pool: Executor) -> Scheduler:
    def schedule(name: str, jobs: Sequence[bytes]) -> Iterator[bytes]:
        under_way = [pool.submit(do, name, job) for job in jobs]
        return (future.result() for future in under_way)

    return schedule


def _mapped(session: SparkSession, master: str, name: str, jobs: Sequence[bytes]) -> Iterator[bytes]:
    from py4j.protocol import Py4JError

    try:
        found = session.sparkContext.parallelize(jobs, max(1, len(jobs))).map(partial(do, name))
        yield from found.toLocalIterator(prefetchPartitions=True)
    except Py4JError as error:
        lines = str(error).splitlines()
        told = next((line for line in reversed(lines) if "Error: " in line), lines[0])
        raise GraphError(f"the engine spark at {master} failed: {told.strip()}") from error


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

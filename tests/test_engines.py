"""Engines are only schedulers: the same bytes as a local build."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from kg import Settings, engines
from kg.building import run
from kg.errors import DataError

PATTERNS = Settings(extractors=("patterns",))
FILES = ("graph.ttl", "graph.html", "manifest.json", "problems.jsonl")


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("documents")
    for number in range(3):
        (folder / f"{number}.txt").write_text(f"第{number}則：韓國的SK海力士生產HBM。\n", encoding="utf-8")
    (folder / "empty.txt").touch()
    return folder


@pytest.fixture(scope="module")
def local(documents: Path) -> dict[str, bytes]:
    out = documents.parent / "local"
    run([documents], out, settings=PATTERNS, workers=1)
    return {name: (out / name).read_bytes() for name in FILES}


def written(documents: Path, out: Path, engine: engines.Engine) -> dict[str, bytes]:
    assert len(run([documents], out, settings=PATTERNS, engine=engine).failed) == 1
    return {name: (out / name).read_bytes() for name in FILES}


def test_any_executor(documents: Path, local: dict[str, bytes], tmp_path: Path) -> None:
    with ThreadPoolExecutor(2) as pool:
        assert written(documents, tmp_path / "out", engines.executor(pool, 1)) == local


@pytest.mark.parametrize("master", ["local[2]", "local-cluster[2,1,1024]"])
def test_spark(documents: Path, local: dict[str, bytes], tmp_path: Path, master: str) -> None:
    pytest.importorskip("pyspark")
    assert written(documents, tmp_path / "out", engines.spark(master, 1)) == local


def test_dask(documents: Path, local: dict[str, bytes], tmp_path: Path) -> None:
    pytest.importorskip("distributed")
    assert written(documents, tmp_path / "out", engines.dask(None, 1)) == local


def test_a_worker_of_another_version_is_refused(tmp_path: Path) -> None:
    job = engines.Job((), PATTERNS, "0" * 32, str(tmp_path), str(tmp_path))
    with pytest.raises(DataError, match="another version"):
        engines.work(engines.encode(job))

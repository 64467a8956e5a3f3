"""Engines are only schedulers: the same bytes as a local build."""

import io
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from kg import Settings, engines, validate
from kg.building import extracting, run, stages
from kg.errors import DataError
from kg.model import encode

PATTERNS = Settings(extractors=("patterns",))
FILES = ("graph.ttl", "graph.html", "manifest.json", "problems.jsonl", "partitions/manifest.json")


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("pyarrow", reason="partitions need pyarrow")
    folder = tmp_path_factory.mktemp("documents")
    for number in range(3):
        (folder / f"{number}.txt").write_text(f"第{number}則：韓國的SK海力士生產HBM。\n", encoding="utf-8")
    (folder / "empty.txt").touch()
    return folder


@pytest.fixture(scope="module")
def local(documents: Path) -> dict[str, bytes]:
    out = documents.parent / "local"
    run([documents], out, settings=PATTERNS, workers=1, partitions=True)
    return {name: (out / name).read_bytes() for name in FILES}


def written(documents: Path, out: Path, engine: engines.Engine) -> dict[str, bytes]:
    assert len(run([documents], out, settings=PATTERNS, engine=engine, partitions=True).failed) == 1
    return {name: (out / name).read_bytes() for name in FILES}


def test_any_executor(documents: Path, local: dict[str, bytes], tmp_path: Path) -> None:
    with ThreadPoolExecutor(2) as pool:
        assert written(documents, tmp_path / "out", engines.executor(pool, 1)) == local


@pytest.mark.parametrize("master", ["local[2]", "local-cluster[2,1,1024]"])
def test_spark(documents: Path, local: dict[str, bytes], tmp_path: Path, master: str) -> None:
    pytest.importorskip("pyspark", reason="needs PySpark")
    assert written(documents, tmp_path / "out", engines.spark(master, 1)) == local


def test_dask(documents: Path, local: dict[str, bytes], tmp_path: Path) -> None:
    pytest.importorskip("distributed", reason="needs Dask")
    assert written(documents, tmp_path / "out", engines.dask(None, 1)) == local


def test_partitions_are_the_graph(documents: Path, local: dict[str, bytes]) -> None:
    import pyarrow.parquet as pq
    import pyoxigraph as ox

    out = documents.parent / "local"
    listed = json.loads(local["partitions/manifest.json"])
    lines: list[str] = []
    for file in listed["files"]:
        path = out / "partitions" / file["name"]
        assert sha256(path.read_bytes()).hexdigest() == file["sha256"]
        if path.suffix == ".nt":
            own = path.read_text(encoding="utf-8").splitlines()
            assert own == sorted(own)
            assert len(own) == file["triples"]
            rows = pq.read_table(path.with_suffix(".parquet")).to_pylist()
            assert [f"{r['subject']} {r['predicate']} {r['object']} ." for r in rows] == own
            lines += own
    assert len(lines) == listed["triples"]
    turtle = {str(q.triple) for q in ox.parse(path=str(out / "graph.ttl"), format=ox.RdfFormat.TURTLE)}
    assert {str(q.triple) for q in ox.parse("\n".join(lines), format=ox.RdfFormat.N_TRIPLES)} == turtle


def test_partitions_are_kept_up_to_date(documents: Path, local: dict[str, bytes], tmp_path: Path) -> None:
    out = tmp_path / "out"
    run([documents / "0.txt"], out, settings=PATTERNS, workers=1, partitions=True)
    run([documents], out, settings=PATTERNS, workers=1)
    assert (out / "partitions/manifest.json").read_bytes() == local["partitions/manifest.json"]
    assert validate.verify(out) == []
    part = next((out / "partitions").glob("*.nt"))
    part.write_bytes(part.read_bytes() + b"\n")
    assert [(f.rule, f.focus) for f in validate.verify(out)] == [("file", part.name)]


def test_lists_of_the_user_and_standard_input(documents: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = tmp_path / "Company.tsv"
    names.write_text(
        "id\tzh_hans\tzh_hant\ten\taliases\tweak\tidentifiers\tsource\n"
        "lansuan\t岚算科技\t嵐算科技\tLansuan\t\t\t\tgeneral\n",
        encoding="utf-8",
    )
    own = replace(PATTERNS, gazetteers=(names,))
    made = []
    for name, engine in (("here", None), ("spread", "executor")):
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO("嵐算科技收購英偉達。".encode())))
        with ThreadPoolExecutor(2) as pool:
            run([*documents.glob("0.txt"), "-"], tmp_path / name, settings=own, workers=1,
                engine=engines.executor(pool, 1) if engine else None)  # fmt: skip
        made.append((tmp_path / name / "graph.ttl").read_bytes())
    assert made[0] == made[1]
    assert b"Lansuan" in made[0]


def test_a_worker_of_another_version_is_refused(tmp_path: Path) -> None:
    job = extracting.Job((), PATTERNS, "0" * 32, str(tmp_path), str(tmp_path))
    with pytest.raises(DataError, match="another version"):
        stages.do("extract", encode(job))

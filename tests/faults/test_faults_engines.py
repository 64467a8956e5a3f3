"""Engines whose workers are killed, and documents that kill: the same bytes as a local build."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

import pytest
from rig import Kg, arguments, digest, environment
from test_faults_kills import children_of_session

ENGINES = {
    "dask": ("distributed", ["--engine", "dask", "--workers", 2], "spawn_main"),
    "spark": ("pyspark", ["--engine", "spark", "--master", "local-cluster[2,1,1024]"], "CoarseGrainedExecutorBackend"),
}
"""The package an engine needs, its options, and what the command line of its workers holds."""


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> tuple[list[object], str]:
    package, words, worker = ENGINES[request.param]
    pytest.importorskip(package, reason=f"needs {package}")
    pytest.importorskip("pyarrow", reason="partitions need pyarrow")
    if request.param == "spark" and subprocess.run(["which", "java"], capture_output=True).returncode:
        pytest.skip("needs a Java runtime")
    return list(words), worker


def command_of(process: int) -> str:
    with suppress(OSError):
        return (Path("/proc") / str(process) / "cmdline").read_text()
    return ""


def test_a_document_that_kills_its_worker(
    kg: Kg, documents: Path, tmp_path: Path, engine: tuple[list[object], str]
) -> None:
    for word in ("CRASH", "SEGFAULT"):
        (documents / f"{word}.txt").write_text(f"{word} 這份文件有問題。", encoding="utf-8")
    assert kg("build", documents, "-o", "local", "--partitions").returncode == 1
    done = kg("build", documents, "-o", "out", *engine[0], patience=300)
    assert done.returncode == 1, done.stderr
    problems = [json.loads(line) for line in (tmp_path / "out/problems.jsonl").read_text().splitlines()]
    assert {p["code"] for p in problems} == {"crash"}
    assert digest(tmp_path / "out") == digest(tmp_path / "local")
    listed = [(tmp_path / place / "partitions/manifest.json").read_bytes() for place in ("local", "out")]
    assert listed[0] == listed[1]


def test_a_worker_of_the_engine_that_is_killed(
    kg: Kg, documents: Path, tmp_path: Path, engine: tuple[list[object], str]
) -> None:
    for number in range(4, 24):
        (documents / f"{number}.txt").write_text(f"SLEEP 第{number}號文件，公司生產記憶體。", encoding="utf-8")
    assert kg("build", documents, "-o", "local").returncode == 0
    process = subprocess.Popen(
        arguments("build", documents, "-o", "out", *engine[0]), env=environment(), cwd=tmp_path,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    shot = 0
    deadline = time.monotonic() + 200
    while process.poll() is None and not shot and time.monotonic() < deadline:
        time.sleep(0.1)
        under_way = any("kg.building.worker" in command_of(p) for p in children_of_session(process.pid))
        workers = [p for p in children_of_session(process.pid) if engine[1] in command_of(p)]
        if under_way and workers:
            with suppress(ProcessLookupError):
                os.kill(max(workers), signal.SIGKILL)
                shot += 1
    assert shot, "no worker was seen"
    assert process.wait(timeout=300) == 0
    assert digest(tmp_path / "out") == digest(tmp_path / "local")

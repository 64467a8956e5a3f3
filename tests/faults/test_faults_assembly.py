"""Assembly in processes of its own: the same bytes whoever does it, and whoever dies at it."""

from __future__ import annotations

import os
import signal
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest
from graphs import hand_made

from kg.building import manifest, outputs, stages
from kg.building.crew import Crew
from kg.building.manifest import Entry, Manifest
from kg.building.outputs import Means, Outputs
from kg.errors import GraphError
from kg.model import encode
from kg.settings import Settings
from kg.shelf import key_of

FILES = ("graph.ttl", "graph.html", "manifest.json", "problems.jsonl")


def built(output: Path, means: Means) -> dict[str, bytes]:
    made = Outputs(output)
    entries = []
    for extraction in hand_made():
        key = key_of(encode(extraction), "")
        made.shelf.put(key, extraction)
        entries.append(Entry(extraction.document.name, extraction.document.id, key))
    made.write(Manifest(Settings().base, "", tuple(sorted(entries))), (), means)
    return {name: (output / name).read_bytes() for name in FILES}


@pytest.fixture
def many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Processes for however few documents."""
    monkeypatch.setattr(outputs, "_FEW", 0)


def test_processes_change_no_byte(many: None, tmp_path: Path) -> None:
    assert built(tmp_path / "two", Means(2)) == built(tmp_path / "one", Means(1))


def test_processes_that_are_killed_change_no_byte(many: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A thread shoots the first two processes that it sees."""
    sound = built(tmp_path / "sound", Means(1))
    crews: list[Crew] = []
    real = stages.crew_of

    def seen(workers: int, work: Path) -> Crew:
        crews.append(real(workers, work))
        return crews[-1]

    def shoot() -> None:
        shot: set[int] = set()
        deadline = time.monotonic() + 60
        while len(shot) < 2 and time.monotonic() < deadline:
            for child in [c for crew in crews for c in list(crew._children)]:
                if child.task and child.process.pid not in shot and len(shot) < 2:
                    shot.add(child.process.pid)
                    with suppress(ProcessLookupError):
                        os.kill(child.process.pid, signal.SIGKILL)
            time.sleep(0.001)

    monkeypatch.setattr(stages, "crew_of", seen)
    hunter = threading.Thread(target=shoot)
    hunter.start()
    assert built(tmp_path / "shot", Means(2)) == sound
    hunter.join()


def test_a_job_that_fails_ends_the_build_and_leaves_what_stood(many: None, tmp_path: Path) -> None:
    before = built(tmp_path / "out", Means(1))
    made = Outputs(tmp_path / "out")
    with pytest.raises(GraphError, match="missing or damaged"):
        made.write(Manifest(Settings().base, "", (Entry("a", "a", "0" * 32),)), (), Means(2))
    assert {name: (tmp_path / "out" / name).read_bytes() for name in FILES} == before
    assert manifest.read(tmp_path / "out") is not None


def test_two_partition_counts_give_one_graph(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one = built(tmp_path / "one", Means(1))
    monkeypatch.setattr("kg.partitions.assemble.partitions_for", lambda documents: 4)
    monkeypatch.setattr(outputs, "partitions_for", lambda documents: 4)
    four = built(tmp_path / "one", Means(1))
    assert [four[name] for name in FILES[:2]] == [one[name] for name in FILES[:2]]
    assert (tmp_path / "one/assembly/part-00003.rows").exists()

"""A build that is cut off at any moment goes on and ends in the same bytes; what stood before stands until then."""

import os
import random
import signal
import subprocess
import time
from pathlib import Path

import pytest
from rig import Kg, arguments, digest, environment

RENAMES = range(1, 14)
"""A build of two documents renames the page, the store twice, two extractions, two texts, and five results."""


def killed_after(seconds: float, words: list[object], folder: Path, how: int = signal.SIGKILL) -> int:
    """Starts `kg` in a session of its own, signals it after `seconds`, returns its exit code."""
    process = subprocess.Popen(
        arguments(*words), env=environment(), cwd=folder, start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    time.sleep(seconds)
    process.send_signal(how)
    return process.wait(timeout=30)


def children_of_session(leader: int) -> list[int]:
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[3]) == leader and fields[0] != "Z":
            found.append(int(entry.name))
    return found


@pytest.fixture
def slow(documents: Path) -> Path:
    for path in documents.iterdir():
        path.write_text(path.read_text(encoding="utf-8") + "SLEEP", encoding="utf-8")
    return documents


def test_kill_at_random_moments(kg: Kg, slow: Path, tmp_path: Path) -> None:
    assert kg("build", slow, "-o", "whole").returncode == 0
    moments = random.Random(5)
    for _ in range(20):
        killed_after(moments.uniform(0.05, 2.0), ["build", slow, "-o", "out"], tmp_path)
    assert kg("build", slow, "-o", "out").returncode == 0
    assert digest(tmp_path / "out") == digest(tmp_path / "whole")


def test_kill_at_each_rename(kg: Kg, documents: Path, tmp_path: Path) -> None:
    for path in sorted(documents.iterdir())[2:]:
        path.unlink()
    sound = documents.parent / "sound"
    assert kg("build", documents, "-o", sound).returncode == 0
    deaths = 0
    for count in RENAMES:
        done = kg("build", documents, "-o", "out", env={"DIE_AT": str(count)})
        deaths += done.returncode == -signal.SIGKILL
        assert not list((tmp_path / "out").glob("*.part"))
        (documents / "more.txt").write_text(f"第{count}次中斷，公司仍然生產記憶體。", encoding="utf-8")
    (documents / "more.txt").unlink()
    assert deaths >= 8
    assert kg("build", documents, "-o", "out").returncode == 0
    assert digest(tmp_path / "out") == digest(sound)
    assert not (tmp_path / "out/.work").exists()


def test_what_stood_stands_until_the_commit(kg: Kg, slow: Path, tmp_path: Path) -> None:
    assert kg("build", slow, "-o", "out").returncode == 0
    before = digest(tmp_path / "out")
    (slow / "more.txt").write_text("SLEEP 又一份文件，公司生產記憶體。", encoding="utf-8")
    killed_after(0.6, ["build", slow, "-o", "out"], tmp_path)
    assert digest(tmp_path / "out") == before


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_leaves_no_child_behind(slow: Path, tmp_path: Path, how: int) -> None:
    process = subprocess.Popen(
        arguments("build", slow, "-o", "out", "--workers", 2, "--json"), env=environment(), cwd=tmp_path, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )  # fmt: skip
    assert process.stdout is not None
    process.stdout.readline()
    process.send_signal(how)
    _, told = process.communicate(timeout=5)
    assert (process.returncode, "Traceback" in told) == (130, False), told
    assert children_of_session(process.pid) == []


def test_children_end_when_the_build_is_killed(slow: Path, tmp_path: Path) -> None:
    process = subprocess.Popen(
        arguments("build", slow, "-o", "out", "--workers", 2), env=environment(), cwd=tmp_path, start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    time.sleep(1.2)
    process.kill()
    process.wait()
    deadline = time.monotonic() + 5
    while children_of_session(process.pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert children_of_session(process.pid) == []


def test_a_worker_killed_five_times(kg: Kg, slow: Path, tmp_path: Path) -> None:
    assert kg("build", slow, "-o", "whole").returncode == 0
    for number in range(6, 24):
        (slow / f"{number}.txt").write_text(f"SLEEP 第{number}號文件，公司生產記憶體。", encoding="utf-8")
    process = subprocess.Popen(
        arguments("build", slow, "-o", "out", "--workers", 1), env=environment(), cwd=tmp_path, start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    time.sleep(0.8)
    shot: set[int] = set()
    while len(shot) < 5 and process.poll() is None:
        time.sleep(0.6)
        for child in set(children_of_session(process.pid)) - {process.pid} - shot:
            shot.add(child)
            try:
                os.kill(child, signal.SIGKILL)
            except ProcessLookupError:
                continue
            break
    assert process.wait(timeout=60) == 0
    assert (tmp_path / "out/problems.jsonl").read_text() == ""

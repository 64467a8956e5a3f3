"""Disk full, two builds at once, places that cannot be written, damaged files: told in a line, nothing lost."""

import json
import os
import resource
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from rig import Kg, arguments, digest, environment


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 1.5 MB, where mounting is allowed."""
    place = tmp_path / "small"
    place.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1500k", "tmpfs", place], capture_output=True)
    if mounted.returncode:
        pytest.skip("mounting is not allowed here")
    yield place
    subprocess.run(["umount", "-l", place], check=True)


def told_in_a_line(done: "subprocess.CompletedProcess[str]", words: str) -> None:
    assert done.returncode == 1, done.stderr
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_file_that_cannot_grow(kg: Kg, documents: Path, tmp_path: Path) -> None:
    assert kg("build", documents, "-o", "out").returncode == 0
    before = digest(tmp_path / "out")
    (documents / "more.txt").write_text("又一份文件，公司生產記憶體。", encoding="utf-8")

    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (3_000, 3_000))

    told_in_a_line(kg("build", documents, "-o", "out", before=limit), "free some space")
    assert digest(tmp_path / "out") == before
    assert kg("build", documents, "-o", "out").returncode == 0


def test_a_full_disk(kg: Kg, documents: Path, small_disk: Path) -> None:
    ballast = small_disk / "ballast"
    done = kg("build", documents, "-o", small_disk / "out")
    if done.returncode == 0:
        before = digest(small_disk / "out")
        free = 1_400_000 - sum(f.stat().st_size for f in small_disk.rglob("*") if f.is_file())
        ballast.write_bytes(bytes(max(0, free)))
        (documents / "more.txt").write_text("又一份文件，公司生產記憶體。", encoding="utf-8")
        done = kg("build", documents, "-o", small_disk / "out")
        assert digest(small_disk / "out") == before
    told_in_a_line(done, "free some space")


def test_the_second_build_is_told_who_holds_the_folder(kg: Kg, documents: Path, tmp_path: Path) -> None:
    for path in documents.iterdir():
        path.write_text("SLEEP " * 1 + path.read_text(encoding="utf-8"), encoding="utf-8")
    first = subprocess.Popen(
        arguments("build", documents, "-o", "out", "--workers", 1), env=environment(), cwd=tmp_path,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    lock = tmp_path / "out" / ".lock"
    while not lock.exists() or not lock.read_text():
        time.sleep(0.01)
    told_in_a_line(kg("build", documents, "-o", "out"), f"is being built by process {first.pid}")
    assert first.wait(timeout=60) == 0
    assert kg("build", documents, "-o", "out").returncode == 0


def test_places_that_cannot_be_written(kg: Kg, documents: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    told_in_a_line(kg("build", documents, "-o", "file/out"), "cannot be written")
    told_in_a_line(kg("build", documents, "-o", "/proc/graph"), "cannot be written")


VICTIMS = ("graph.ttl", "graph.html", "manifest.json", "store", "extractions", "texts", "assembly")


@pytest.mark.parametrize("victim", VICTIMS)
@pytest.mark.parametrize("how", ["cut", "flip", "gone", "replaced"])
def test_damage_is_mended_by_the_next_build(kg: Kg, whole: Path, tmp_path: Path, victim: str, how: str) -> None:
    out = tmp_path / "out"
    subprocess.run(["cp", "-r", whole / "out", out], check=True)
    target = out / victim
    files = sorted(f for f in target.rglob("*") if f.is_file() and f.stat().st_size) if target.is_dir() else [target]
    content = bytearray(files[0].read_bytes())
    if how == "gone":
        files[0].unlink()
    elif how == "replaced":
        files[0].write_bytes((files[-1] if len(files) > 1 else out / "problems.jsonl").read_bytes())
    else:
        content[len(content) // 2] ^= 1
        files[0].write_bytes(content if how == "flip" else content[: len(content) // 2])
    done = kg("build", whole / "documents", "-o", "out")
    assert done.returncode == 0, done.stderr
    assert digest(out) == digest(whole / "out")
    assert kg("query", "out", "ASK { ?c a jl:Claim }").stdout.strip() in ("true", "yes")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `documents` and what was built of them in `out`."""
    place = tmp_path_factory.mktemp("whole")
    (place / "documents").mkdir()
    for number in range(2):
        path = place / "documents" / f"{number}.txt"
        path.write_text(f"第{number}號文件說，這家公司生產記憶體。", encoding="utf-8")
    words = arguments("build", place / "documents", "-o", place / "out")
    subprocess.run(words, env=environment(), check=True, capture_output=True)
    return place


MANY = int(os.environ.get("FAULT_DOCUMENTS", "1200"))
"""20,000 for the real thing; a hundredth of them is damaged."""


def test_a_hundredth_damaged_in_a_dozen_ways(kg: Kg, tmp_path: Path) -> None:
    damage = [
        b"", b"{", b"[]", b'"text"', b'{"text": 5}', b'{"text": ""}', b'{"text": "\\ud800"}', b"\xff\xfe\x00",
        b'{"text": "' + b"[" * 9000, b'{"text": "CRASH \xe7\x9a\x84"}', b'{"text": "RAISE \xe7\x9a\x84"}',
        b'{"text": "\\u0000\\u202e\\u0007 \xe5\x85\xac\xe5\x8f\xb8\xe7\x94\x9f\xe7\x94\xa2"}',
    ]  # fmt: skip
    lines = []
    for number in range(MANY):
        sound = json.dumps({"id": str(number), "text": f"第{number}則消息說公司生產記憶體。"}).encode()
        lines.append(damage[number // 100 % len(damage)] if number % 100 == 50 else sound)
    (tmp_path / "news.jsonl").write_bytes(b"\n".join(lines))
    done = kg("build", "news.jsonl", "-o", "out", "--json", patience=MANY)
    assert done.returncode == 1
    summary = json.loads(done.stdout.splitlines()[-1])
    problems = [json.loads(line) for line in (tmp_path / "out/problems.jsonl").read_text().splitlines()]
    sound_and_odd = MANY - MANY // 100 + MANY // 1200
    assert summary["documents"] >= MANY - MANY // 100
    assert summary["documents"] <= sound_and_odd
    assert summary["failed"] == sum(p["fatal"] for p in problems)
    assert {p["code"] for p in problems if p["fatal"]} >= {"json", "empty", "crash", "exception"}

"""No document stops a build: what wrecks its process is set aside with a code, all others are built."""

import json
from pathlib import Path

import pytest
from rig import Kg, digest

CODES = {
    "CRASH": "crash",
    "SEGFAULT": "crash",
    "EXIT": "crash",
    "LOOP": "time",
    "HOG": "memory",
    "DEEP": "depth",
    "RAISE": "exception",
}


def test_wreckers_are_set_aside_and_the_rest_is_as_without_them(kg: Kg, documents: Path, tmp_path: Path) -> None:
    assert kg("build", documents, "-o", "sound").returncode == 0
    for word in CODES:
        (documents / f"{word}.txt").write_text(f"{word} 這份文件有問題。", encoding="utf-8")
    done = kg("build", documents, "-o", "out", "--workers", 2, "--max-cpu", 1, "--max-memory", 400)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    problems = [json.loads(line) for line in (tmp_path / "out/problems.jsonl").read_text().splitlines()]
    assert {Path(p["document"]).stem: p["code"] for p in problems} == CODES
    names = {"graph.ttl"} | {n for n in digest(tmp_path / "sound") if n.startswith("texts")}
    assert {n: digest(tmp_path / "out")[n] for n in names} == {n: digest(tmp_path / "sound")[n] for n in names}


def test_one_bad_line_of_many(kg: Kg, tmp_path: Path) -> None:
    lines = [json.dumps({"id": str(n), "text": f"第{n}則消息說公司生產記憶體。"}) for n in range(30)]
    lines[7] = json.dumps({"id": "7", "text": "CRASH 這一則有問題。"})
    lines[11] = '{"id": "11", "text": '
    (tmp_path / "news.jsonl").write_text("\n".join(lines), encoding="utf-8")
    done = kg("build", "news.jsonl", "-o", "out", "--json")
    assert done.returncode == 1
    summary = json.loads(done.stdout.splitlines()[-1])
    assert (summary["documents"], summary["failed"]) == (28, 2)


def test_a_document_that_dies_once_is_not_lost(kg: Kg, documents: Path, tmp_path: Path) -> None:
    (documents / "0.txt").write_text("ONCE 這份文件只出錯一次。", encoding="utf-8")
    assert kg("build", documents, "-o", "out", env={"ONCE_AT": str(tmp_path / "mark")}).returncode == 0
    assert (tmp_path / "out/problems.jsonl").read_text() == ""


def test_what_no_document_can_be_done_without_ends_the_build(kg: Kg, documents: Path, tmp_path: Path) -> None:
    assert kg("build", documents, "-o", "out").returncode == 0
    before = digest(tmp_path / "out")
    (documents / "0.txt").write_text("REFUSE 缺少模型。", encoding="utf-8")
    done = kg("build", documents, "-o", "out")
    assert done.returncode == 1
    assert "reader.onnx: is missing" in done.stderr
    assert digest(tmp_path / "out") == before


@pytest.mark.parametrize("name", ["有 空格", "🀄emoji", "a'b\"c", "-dash"])
def test_any_name_of_a_path(kg: Kg, tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    folder.mkdir()
    (folder / f"{name}.txt").write_text("公司生產記憶體，這是一則消息。", encoding="utf-8")
    done = kg("build", "-o", f"out {name}", "--", name)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / f"out {name}" / "graph.ttl").exists()

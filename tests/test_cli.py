"""The commands as a user meets them."""

import json
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from cli import report
from cli.main import COMMANDS, group

SENTENCE = "韓國的SK海力士生產HBM，並供應英偉達。\n"


def kg(*words: object) -> Result:
    return CliRunner().invoke(group, [str(w) for w in words])


def outside(*words: object) -> "subprocess.CompletedProcess[str]":
    code = "from cli.main import main; main()"
    return subprocess.run([sys.executable, "-c", code, *map(str, words)], capture_output=True, text=True, timeout=300)


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_is_there_with_help(name: str) -> None:
    module, told = COMMANDS[name]
    command = import_module(module).command
    assert isinstance(command, click.Command)
    assert told.endswith(".")
    shown = kg(name, "--help")
    assert shown.exit_code == 0, shown.output


def test_help_loads_no_command() -> None:
    code = (
        "import sys; from cli.main import group; group(['--help'], standalone_mode=False); print(sorted(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    listing, _, modules = done.stdout.rpartition("\n[")
    assert all(f"\n  {name} " in listing for name in COMMANDS)
    assert not {"'numpy'", "'rdflib'", "'kg.model'", "'cli.build'", "'onnxruntime'"} & set(modules.split(", "))


def test_build_trace_and_evaluate(tmp_path: Path) -> None:
    page = tmp_path / "page.txt"
    page.write_text(SENTENCE, encoding="utf-8")
    out = tmp_path / "out"
    with_json = outside("build", page, "-o", out, "--extractors", "patterns", "--workers", 1, "--json")
    assert with_json.returncode == 0, with_json.stderr
    events = [json.loads(line) for line in with_json.stdout.splitlines()]
    assert {e["event"] for e in events} == {"progress", "summary"}
    assert events[-1]["documents"] == 1
    again = outside("build", page, tmp_path / "missing.txt", "-o", out, "--extractors", "patterns", "--workers", 1)
    assert again.returncode == 1
    assert again.stderr.count("\n") == 1
    assert "missing.txt: there is no such file" in again.stderr
    assert "1 unchanged" in again.stdout

    traced = kg("trace", page, "--extractors", "patterns")
    assert traced.exit_code == 0, traced.output
    assert all(stage in traced.output for stage in ("regions", "mentions", "claims", "0 characters in no region"))
    fired = kg("trace", page, "--extractors", "patterns", "--stage", "relations").output
    assert SENTENCE.split("。")[0] in fired
    assert "patterns." in fired
    assert " claim" in fired
    as_json = json.loads(kg("trace", page, "--extractors", "patterns", "--json").output)
    assert as_json["document"]["text"] == SENTENCE

    gold = {"entities": [{"id": "e1", "class": "Company", "name": "SK海力士", "aliases": []}]}
    (tmp_path / "page.json").write_text(json.dumps(gold), encoding="utf-8")
    scored = kg("evaluate", out / "graph.ttl", tmp_path / "page.json", "--json")
    assert scored.exit_code == 0, scored.output
    assert json.loads(scored.output)["entities"]["r"] == 1.0


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["build", "nowhere", "-o", "{out}"], "nowhere: there is no such file or folder"),
        (["build", "{empty}", "-o", "{out}"], "no file in the folder can be read"),
        (["remove", "{empty}", "x"], "holds no graph"),
        (["evaluate", "{empty}", "{empty}"], "holds no gold"),
        (["build", "{page}", "-o", "{file}/out"], "cannot be written"),
        (["build", "x", "--extractors", "magic"], "there is no extractor magic"),
        (["build"], "Missing argument"),
    ],
)
def test_mistakes_are_told_in_a_line(tmp_path: Path, words: list[str], told: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").touch()
    (tmp_path / "page.txt").write_text(SENTENCE, encoding="utf-8")
    places = {name: tmp_path / name for name in ("out", "empty", "file")} | {"page": tmp_path / "page.txt"}
    done = outside(*(w.format(**places) for w in words))
    assert done.returncode in (1, 2)
    assert told in done.stderr
    assert "Traceback" not in done.stderr


def test_a_terminal_is_not_steered(capsys: pytest.CaptureFixture[str]) -> None:
    from kg.building import Outcome
    from kg.model import Problem

    problem = Problem("a\x1b[2J\u202e.txt", "empty", "the file is empty", fatal=True)
    with pytest.raises(SystemExit):
        report.finish(Outcome(None, (problem,), 0.0, 0, 0), as_json=False)
    told = capsys.readouterr().err
    assert "\x1b" not in told
    assert "\u202e" not in told

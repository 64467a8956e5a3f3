"""What the READMEs say is so: their code runs, their commands and files exist."""

import re
import shlex
from pathlib import Path

import pytest

from cli.main import COMMANDS

ROOT = Path(__file__).resolve().parents[1]
READMES = ("README.md", "README.zh.md")
SETUP = re.compile(r"^python3\.11 -m venv .*$", re.MULTILINE)
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)#:]+)\)")


@pytest.mark.parametrize("name", READMES)
def test_two_commands_set_everything_up(name: str) -> None:
    commands = SETUP.findall((ROOT / name).read_text(encoding="utf-8"))
    assert commands == SETUP.findall((ROOT / "README.md").read_text(encoding="utf-8"))
    assert len(commands) == 2
    assert "kg build seeds/documents" in commands[0]
    assert commands[1].endswith("pytest")
    assert "^python3.11 -m venv" in (ROOT / ".ci/run").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", READMES)
def test_commands_and_files_exist(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert set(re.findall(r"`kg (\w+)", text)) - {"COMMAND"} == set(COMMANDS)
    for target in LINK.findall(text):
        assert (ROOT / target).exists(), target


@pytest.mark.parametrize("name", READMES)
def test_python_examples_run(name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(ROOT)
    blocks = BLOCK.findall((ROOT / name).read_text(encoding="utf-8"))
    examples = [code for language, code in blocks if language == "python"]
    assert examples
    for code in examples:
        exec(compile(code, name, "exec"), {})
    assert capsys.readouterr().out.strip()


@pytest.mark.parametrize("name", READMES)
def test_shell_examples_are_commands_that_parse(name: str) -> None:
    from click import Context

    from cli.main import group

    for language, code in BLOCK.findall((ROOT / name).read_text(encoding="utf-8")):
        for line in code.splitlines() if language == "sh" else ():
            words = shlex.split(line, comments=True)
            if words[:1] != ["kg"]:
                continue
            command = group.get_command(Context(group), words[1])
            assert command is not None, line
            known = {option for p in command.params for option in (*p.opts, *p.secondary_opts)}
            used = {w.partition("=")[0] for w in words[2:] if w.startswith("--")}
            assert used <= known | {"--help"}, line

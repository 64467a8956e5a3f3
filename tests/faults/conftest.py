"""Fixtures of the fault tests."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from rig import Kg, arguments, environment


@pytest.fixture
def kg(tmp_path: Path) -> Kg:
    """Runs `kg` with these words in `tmp_path`; `env` adds to its environment, `before` runs in the child first."""

    def run(
        *words: object,
        env: Mapping[str, str] | None = None,
        before: Callable[[], None] | None = None,
        patience: int = 120,
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            arguments(*words), env=environment(**(env or {})), cwd=tmp_path, preexec_fn=before,
            timeout=max(120, patience), capture_output=True, text=True, stdin=subprocess.DEVNULL,
        )  # fmt: skip

    return run


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    """A folder of four sound documents."""
    folder = tmp_path / "documents"
    folder.mkdir()
    for number in range(4):
        (folder / f"{number}.txt").write_text(f"第{number}號文件說，這家公司生產記憶體。\n" * 3, encoding="utf-8")
    return folder

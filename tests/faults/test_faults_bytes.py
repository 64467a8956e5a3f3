"""The same documents give the same bytes, whatever the workers, hash seed, locale, time zone, clock and order."""

from pathlib import Path

import pytest
from rig import Kg, digest

CIRCUMSTANCES = {
    "two workers, another seed": ({"PYTHONHASHSEED": "1"}, ["--workers", 2]),
    "three workers, a C locale": ({"PYTHONHASHSEED": "2", "LC_ALL": "C"}, ["--workers", 3]),
    "four workers, Hong Kong": ({"PYTHONHASHSEED": "3", "TZ": "Asia/Hong_Kong"}, ["--workers", 4]),
    "a clock that jumps": ({"CLOCK": "jumps", "LC_ALL": "C.UTF-8", "TZ": "America/New_York"}, []),
    "another order": ({}, ["reversed"]),
}


@pytest.mark.parametrize("name", CIRCUMSTANCES)
def test_circumstances(kg: Kg, documents: Path, tmp_path: Path, name: str) -> None:
    env, words = CIRCUMSTANCES[name]
    files = sorted(documents.iterdir())
    assert kg("build", *files, "-o", "first", "--workers", 1, env={"PYTHONHASHSEED": "0"}).returncode == 0
    again = files[::-1] if "reversed" in words else files
    done = kg("build", *again, "-o", "second", *(w for w in words if w != "reversed"), env=env)
    assert done.returncode == 0, done.stderr
    assert digest(tmp_path / "second") == digest(tmp_path / "first")

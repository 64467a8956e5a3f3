"""Builds in processes of their own, over a light pipeline that documents can wreck (`injected/sitecustomize.py`)."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
INJECTED = Path(__file__).parent / "injected"
OUTPUTS = ("graph.ttl", "graph.html", "problems.jsonl", "manifest.json")

Kg = Callable[..., "subprocess.CompletedProcess[str]"]


def environment(**extra: str) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{INJECTED}", **extra}


def arguments(*words: object) -> list[str]:
    return [sys.executable, "-c", "from cli.main import main; main()", *map(str, words)]


def digest(output: Path) -> dict[str, str]:
    """The hashes of all files that a user sees, but for the store, whose files are Oxigraph's."""
    files = [output / name for name in OUTPUTS] + sorted((output / "texts").iterdir())
    files += sorted((output / "extractions").glob("*/*.json"))
    return {str(f.relative_to(output)): hashlib.sha256(f.read_bytes()).hexdigest() for f in files}

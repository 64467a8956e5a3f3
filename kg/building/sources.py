"""The files that a build reads: paths as given, folders walked in order, links and special files left alone."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from kg.model import Problem
from kg.read import READERS, STDIN


@dataclass(frozen=True, slots=True)
class Sources:
    """`files` are sorted and distinct; `problems` say what was named and cannot be read."""

    files: tuple[str, ...]
    problems: tuple[Problem, ...]


def find(paths: Iterable[Path | str]) -> Sources:
    """All readable files of `paths`. A folder gives the files in it that have a reader, hidden ones left out."""
    files: set[str] = set()
    problems: set[Problem] = set()
    for path in paths:
        name = os.path.normpath(path)
        found, wrong = _look(name) if name != STDIN else ([STDIN], [])
        files.update(found)
        problems.update(wrong)
    return Sources(tuple(sorted(files)), tuple(sorted(problems, key=lambda p: (p.document, p.code))))


def _look(name: str) -> tuple[list[str], list[Problem]]:
    try:
        mode = os.stat(name).st_mode
    except OSError as error:
        reason = "there is no such file or folder" if isinstance(error, FileNotFoundError) else str(error.strerror)
        return [], [Problem(name, "missing", f"{reason}: check the path", fatal=True)]
    if stat.S_ISREG(mode):
        return [name], []
    if not stat.S_ISDIR(mode):
        return [], [Problem(name, "special-file", "neither a file nor a folder: only these are read", fatal=True)]
    files, problems = _walk(name)
    if not files:
        kinds = ", ".join(READERS)
        problems.append(Problem(name, "empty-folder", f"no file in the folder can be read: use {kinds}", fatal=True))
    return files, problems


def _walk(folder: str) -> tuple[list[str], list[Problem]]:
    files: list[str] = []
    problems: list[Problem] = []

    def unreadable(error: OSError) -> None:
        problems.append(Problem(str(error.filename), "io", f"cannot be opened: {error.strerror}", fatal=True))

    for where, folders, names in os.walk(folder, onerror=unreadable):
        folders[:] = sorted(f for f in folders if not f.startswith("."))
        for name in sorted(names):
            path = os.path.join(where, name)
            if name.startswith("."):
                continue
            if not stat.S_ISREG(os.lstat(path).st_mode):
                problems.append(Problem(path, "special-file", "a link or no regular file: not followed"))
            elif Path(name).suffix.lower() in READERS:
                files.append(path)
    return files, problems

"""A picture of a store that stays as it is while builds replace the original: hard links, or else a copy."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from kg import store
from kg.errors import GraphError

_PREFIX, _LOCK = ".serve-", "lock"


class Snapshot:
    """`folder` holds the files of `output`'s store as they were, and `spool` answers on their way. `remove` ends it."""

    def __init__(self, output: Path) -> None:
        source = output / store.FOLDER
        self.mark = mark(output)
        self._place, self._lock = _place(output)
        self.folder, self.spool = self._place / "store", self._place / "spool"
        try:
            if self.mark is None:
                raise GraphError(f"{output}: holds no graph; make one with: kg build PATH -o {output}")
            self.spool.mkdir()
            shutil.copytree(source, self.folder, copy_function=_link)
        except OSError as error:
            self.remove()
            raise GraphError(f"{source}: cannot be copied to be served ({error}); free some space") from error
        except GraphError:
            self.remove()
            raise

    def remove(self) -> None:
        shutil.rmtree(self._place, ignore_errors=True)
        self._lock.close()


def mark(output: Path) -> tuple[int, int] | None:
    """Changes whenever the store is another one; None where there is none, or while it is being replaced."""
    with suppress(OSError):
        seen = (output / store.FOLDER / "CURRENT").stat()
        return seen.st_ino, seen.st_mtime_ns
    return None


def _place(output: Path) -> tuple[Path, BinaryIO]:
    """Beside the store, where files can be linked; else where temporary files go. Locked as long as it is in use."""
    _sweep(output)
    try:
        place = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=output))
    except OSError:
        place = Path(tempfile.mkdtemp(prefix=_PREFIX))
    lock = (place / "lock.new").open("wb")
    fcntl.flock(lock, fcntl.LOCK_EX)
    os.rename(place / "lock.new", place / _LOCK)
    return place, lock


def _sweep(output: Path) -> None:
    """Removes what servers that were killed have left."""
    for lock in output.glob(f"{_PREFIX}*/{_LOCK}"):
        with suppress(OSError), lock.open("rb") as held:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(lock.parent, ignore_errors=True)


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)

"""Files onto the disk, before others rely on them."""

from __future__ import annotations

import ctypes
import os
from pathlib import Path

_MANY = 64
"""Files beyond which the whole file system is written through, which is then faster than one after the other."""


def sync(folder: Path, *, only: Path | None = None) -> None:
    """All files of a folder, and the folder, onto the disk; or of all these `only` one and the folder."""
    paths = [*(folder.rglob("*") if only is None else [only]), folder]
    if len(paths) > _MANY and _sync_all(folder):
        return
    for path in paths:
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _sync_all(folder: Path) -> bool:
    """Linux's syncfs; false where there is none. Raises `OSError` where something could not be written."""
    try:
        syncfs = ctypes.CDLL(None, use_errno=True).syncfs
    except (OSError, AttributeError):
        return False
    handle = os.open(folder, os.O_RDONLY)
    try:
        if syncfs(handle):
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number), str(folder))
    finally:
        os.close(handle)
    return True

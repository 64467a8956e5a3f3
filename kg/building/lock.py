"""One build at a time on an output folder."""

from __future__ import annotations

import fcntl
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kg.errors import GraphError


@contextmanager
def locked(output: Path) -> Iterator[None]:
    """Holds the folder. Raises `GraphError` that tells who holds it, or why it cannot be written.

    The system frees the lock when the process ends, however it ends.
    """
    path = output / ".lock"
    try:
        output.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise GraphError(f"{output}: cannot be written ({error.strerror}); choose another folder with -o") from error
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            holder = os.read(handle, 200).decode(errors="replace").strip() or "another process"
            raise GraphError(f"{output}: is being built by {holder}; wait for it, or choose another folder") from error
        try:
            os.ftruncate(handle, 0)
            os.write(handle, f"process {os.getpid()} on {socket.gethostname()}\n".encode())
        except OSError as error:
            raise GraphError(f"{output}: cannot be written ({error.strerror}); free some space") from error
        yield
        os.ftruncate(handle, 0)
    finally:
        os.close(handle)

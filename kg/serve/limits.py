"""What one server and one query may take, and the error that says no."""

from __future__ import annotations

import os
from dataclasses import dataclass, field

from kg.errors import KgError


@dataclass(frozen=True, slots=True)
class Limits:
    seconds: float = 30.0
    """Wall time of one query; then its process is killed."""
    crowded: float = 10.0
    """As `seconds`, while other queries wait for a worker."""
    memory: int = 2_000_000_000
    """Address space of one worker, in bytes."""
    query: int = 100_000
    """Bytes of one query."""
    nesting: int = 100
    """Brackets within brackets."""
    answer: int = 500_000_000
    """Bytes of one answer."""
    workers: int = field(default_factory=lambda: max(2, min(8, os.cpu_count() or 2)))
    waiting: int = 512
    """Queries that wait for a worker; the next is told to come later."""
    patience: float = 60.0
    """Seconds that a query waits for a worker."""


class RefusedError(KgError):
    """A request that is not answered: the HTTP status and the reason."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status, self.reason = status, reason

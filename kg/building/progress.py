"""What a build tells while it runs."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(slots=True)
class State:
    """Counts of documents. `left` in seconds, None while it cannot be told."""

    stage: str = "extract"
    done: int = 0
    found: int = 0
    kept: int = 0
    """Documents whose extraction was there already."""
    failed: int = 0
    reading: bool = True
    started: float = field(default_factory=time.monotonic)

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.started

    @property
    def rate(self) -> float:
        """Documents a second that were extracted."""
        return (self.done - self.kept) / self.seconds if self.seconds > 0 else 0.0

    @property
    def left(self) -> float | None:
        return (self.found - self.done) / self.rate if self.rate > 0 and not self.reading else None


class Listener(Protocol):
    """Is called often; shows what it likes."""

    def __call__(self, state: State) -> None: ...


def silent(state: State) -> None:
    """Shows nothing."""

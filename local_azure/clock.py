"""The one clock of the local Azure: every wait of the server passes through it.

A scale of 1 keeps the service's own durations, 0 makes them immediate: a long-running operation still answers
Creating, Updating or Deleting first and is done when the next request arrives.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True, slots=True)
class Clock:
    """Wall clock whose durations are multiplied by `scale` (1 = real, 0 = immediate, the default)."""

    scale: float = 0.0

    def __post_init__(self) -> None:
        if not math.isfinite(self.scale) or self.scale < 0:
            raise ValueError(f"time scale {self.scale} is not a number of 0 or more")

    @property
    def immediate(self) -> bool:
        """Tell whether durations are zero."""
        return self.scale == 0

    def now(self) -> float:
        """Return the present as seconds since 1970."""
        return time.time()

    def due(self, seconds: float) -> float:
        """Return the moment at which something of `seconds` of real duration that starts now is over."""
        return self.now() + seconds * self.scale

    def retry_after(self, seconds: int) -> int:
        """Return the Retry-After that goes with a real one of `seconds`: 0 in immediate mode, at least 1 otherwise."""
        return 0 if self.immediate else max(1, math.ceil(seconds * self.scale))


def timestamp(moment: float) -> str:
    """Format seconds since 1970 as ARM does: ISO 8601 in UTC with seven decimals."""
    text = datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")
    return f"{text}0Z"

"""All waiting of the bridge: scaled, bounded, and ended at once when the engine cancels."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

DEFAULT_TIMEOUT = 2 * 60 * 60.0
"""Seconds that an operation may wait in all when the program sets no custom timeout [AN-TIMEOUT]."""


class OperationCancelledError(Exception):
    """The engine cancelled the update, or the bridge is shutting down."""

    def __init__(self) -> None:
        super().__init__("context canceled")


class OperationTimeoutError(Exception):
    """An operation waited longer than its custom timeout, or the default, allows [AN-TIMEOUT]."""

    def __init__(self) -> None:
        super().__init__("operation timed out")


@dataclass(slots=True)
class Waits:
    """Waiting for one engine connection: `scale` multiplies every real duration; 0 never sleeps."""

    scale: float = 0.0
    _cancelled: threading.Event = field(default_factory=threading.Event)

    def cancel(self) -> None:
        """End all waits of operations begun so far; operations begun afterwards wait again."""
        self._cancelled.set()
        self._cancelled = threading.Event()

    def begin(self, timeout: float = 0.0) -> Budget:
        """Start an operation; `timeout` is in real seconds, 0 for the default."""
        return Budget(self.scale, timeout or DEFAULT_TIMEOUT, self._cancelled)


@dataclass(slots=True)
class Budget:
    """What one operation has waited so far, in unscaled seconds, against what it may."""

    scale: float
    limit: float
    cancelled: threading.Event
    spent: float = 0.0

    def wait(self, seconds: float, *, at_least: float = 0.0) -> None:
        """Wait for a real duration times the scale; `at_least` so many seconds count as spent, though nobody waits them.

        Raises OperationTimeoutError when the unscaled total passes the limit, so a timeout strikes at the same
        point at every scale, and OperationCancelledError when cancelled meanwhile.
        """
        if self.cancelled.is_set():
            raise OperationCancelledError
        counted = max(seconds, at_least)
        if self.spent + counted > self.limit:
            raise OperationTimeoutError
        self.spent += counted
        if self.scale and seconds and self.cancelled.wait(seconds * self.scale):
            raise OperationCancelledError

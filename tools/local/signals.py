"""Counts requests to stop, so that the work itself decides where it is safe to do so."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
STEP = 0.1  # seconds between two looks at the flag


class StopSignals:
    """How often somebody asked for a stop: once means tidily, twice means now."""

    def __init__(self) -> None:
        self.count = 0
        self._terminal = os.isatty(0)

    @property
    def asked(self) -> bool:
        """Tell whether a stop was asked for."""
        return self.count > 0

    @property
    def hurry(self) -> bool:
        """Tell whether it was asked for again."""
        return self.count > 1

    def sleep(self, seconds: float = STEP) -> None:
        """Wait a moment; a signal is counted meanwhile, and so is a terminal that was closed.

        Only the terminal's session leader is told of that. It may be `make`, which keeps it to itself.
        """
        time.sleep(seconds)
        if self._terminal and not os.isatty(0):
            self._terminal = False
            self.count += 1

    @contextmanager
    def counted(self) -> Iterator["StopSignals"]:
        """Count SIGINT, SIGTERM and SIGHUP instead of dying of them."""

        def count(_number: int, _frame: FrameType | None) -> None:
            self.count += 1

        before = {number: signal.signal(number, count) for number in STOPPING}
        try:
            yield self
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

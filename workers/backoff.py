"""How long a failed delivery waits."""

from collections.abc import Callable

BASE = 5.0  # seconds
FACTOR = 3
CAP = 6 * 60 * 60.0  # seconds


def longest(*, attempt: int) -> float:
    """Return the longest wait in seconds after the given try, counted from 1."""
    return min(CAP, BASE * float(FACTOR ** min(attempt - 1, 20)))


def wait(*, attempt: int, random: Callable[[], float]) -> float:
    """Return the wait in seconds after the given try: full jitter, so that retries never march in step."""
    return random() * longest(attempt=attempt)

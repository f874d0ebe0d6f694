"""How long a failed delivery waits."""

from collections.abc import Callable, Sequence

BASE = 5.0  # seconds
FACTOR = 3
CAP = 6 * 60 * 60.0  # seconds
LONGEST_ASKED = 24 * 60 * 60.0  # seconds that somebody may ask us to wait, however much they say


def longest(*, attempt: int, delays: Sequence[int] = ()) -> float:
    """Return the longest wait in seconds after the given try, counted from 1."""
    if delays:
        return float(delays[min(attempt, len(delays)) - 1])
    return min(CAP, BASE * float(FACTOR ** min(attempt - 1, 20)))


def wait(*, attempt: int, random: Callable[[], float], delays: Sequence[int] = ()) -> float:
    """Return the wait in seconds after the given try.

    Growing waits have full jitter, so that retries never march in step; a handler's own `delays` are kept
    but for their last tenth.
    """
    longest_ = longest(attempt=attempt, delays=delays)
    return longest_ * (0.9 + 0.1 * random()) if delays else longest_ * random()

"""This process was asked to leave: what lasts longer than its platform waits stops at once and begins anew elsewhere.

Whoever waits in a program or in PostgreSQL cannot look at a flag. So it says beforehand how its waiting is ended:

    with leaving.ending(process.terminate):
        process.wait()
"""

import contextlib
import logging
import threading
from collections.abc import Callable, Iterator

logger = logging.getLogger(__name__)

_asked = threading.Event()
_lock = threading.RLock()  # a signal may come while its own thread holds it
_ends: dict[int, Callable[[], object]] = {}


def ask() -> None:
    """Ask everything in this process that lasts long to stop; what is short ends by itself."""
    with _lock:
        _asked.set()
        waiting = list(_ends.values())
    for end in waiting:
        try:
            end()
        except Exception:  # whatever it is, the others must be told too
            logger.exception("something that lasts long could not be told to stop")


def asked() -> bool:
    """Return whether this process was asked to leave."""
    return _asked.is_set()


@contextlib.contextmanager
def ending(end: Callable[[], object]) -> Iterator[None]:
    """Let `end` be called, by another thread, when this process is asked to leave within the block, or was before."""
    with _lock:
        _ends[id(end)] = end
        late = _asked.is_set()
    try:
        if late:
            end()
        yield
    finally:
        with _lock:
            _ends.pop(id(end), None)

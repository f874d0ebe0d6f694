"""Keep what this process works on: leases are renewed while their handlers may run, and not a second longer.

One thread watches all the others. A handler that exceeds its time is interrupted where Python can be
interrupted; where it cannot (a call into C that never returns) its lease ends and another worker takes over.
Such a thread is lost for good, so its process is asked to leave before it has none left; a supervisor starts it anew.
"""

import contextlib
import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from django.db import Error, connection
from dramatiq.middleware import TimeLimitExceeded
from dramatiq.threading import raise_thread_exception

from workers import deliveries
from workers.deliveries import Claim

logger = logging.getLogger(__name__)

Renew = Callable[[Sequence[Claim], int], int]


def _renew(claims: Sequence[Claim], lease: int) -> int:
    return deliveries.renew(claims=claims, lease=lease)


def _leave() -> None:
    os.kill(os.getpid(), signal.SIGTERM)  # Dramatiq lets the other threads finish


@dataclass(slots=True)
class _Watched:
    claim: Claim
    thread: int
    lease: int
    ends: float
    renewed: float
    told: bool = field(default=False)
    lost: bool = field(default=False)


class Keeper:
    """Watches running handlers; its thread starts with the first of them and sleeps while there is none."""

    def __init__(
        self, *, renew: Renew = _renew, pause: float = 0.5, leave: Callable[[], None] = _leave
    ) -> None:
        self._renew, self._pause, self._leave = renew, pause, leave
        self._watched: dict[int, _Watched] = {}
        # Taken in C by `with`: an interruption comes before or after the block, never between taking and entering.
        # A Condition's own `with` is Python: interrupted there, its lock would stay taken for ever.
        self._lock = threading.RLock()
        self._changed = threading.Condition(self._lock)
        self._thread: threading.Thread | None = None

    @contextlib.contextmanager
    def watching(self, *, claim: Claim, lease: int, timeout: float) -> Iterator[None]:
        """Run a block under its claim: interrupted after `timeout` seconds, its lease renewed until then.

        Raises:
            TimeLimitExceeded: within the block, when its time is over.
        """
        now = time.monotonic()
        watched = _Watched(
            claim=claim, thread=threading.get_ident(), lease=lease, ends=now + timeout, renewed=now
        )
        with self._lock:
            self._watched[id(watched)] = watched
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="leases", daemon=True)
                self._thread.start()
            self._changed.notify()
        try:
            yield
        finally:
            try:
                with self._lock:  # under the lock: after it nobody interrupts this thread any more
                    self._watched.pop(id(watched), None)
            finally:
                self._watched.pop(id(watched), None)  # the interruption may have come right here

    def _run(self) -> None:
        while True:
            with self._changed:
                while not self._watched:
                    self._changed.wait()
                self._interrupt(now=time.monotonic())
                self._give_up(now=time.monotonic())
                due = self._due(now=time.monotonic())
            if due:
                self._keep(due)
            time.sleep(self._pause)

    def _interrupt(self, *, now: float) -> None:
        for watched in tuple(self._watched.values()):  # whoever is interrupted leaves without the lock
            if now >= watched.ends and not watched.told:
                watched.told = True
                raise_thread_exception(watched.thread, TimeLimitExceeded)  # type: ignore[no-untyped-call]

    def _give_up(self, *, now: float) -> None:
        """Leave when a handler neither ended nor could be interrupted until its lease was over."""
        for watched in tuple(self._watched.values()):
            if now >= watched.ends + watched.lease and not watched.lost:
                watched.lost = True
                logger.error(
                    "%s never ends and its thread is lost: this worker leaves", watched.claim.handler
                )
                self._leave()

    def _due(self, *, now: float) -> list[_Watched]:
        watched_ = tuple(self._watched.values())
        due = [w for w in watched_ if now < w.ends and now - w.renewed >= w.lease / 4]
        for watched in due:
            watched.renewed = now
        return due

    def _keep(self, due: Sequence[_Watched]) -> None:
        try:
            for lease in {watched.lease for watched in due}:
                self._renew([watched.claim for watched in due if watched.lease == lease], lease)
        except Error as trouble:  # the next turn tries again; a lease lasts four turns
            logger.warning("leases could not be renewed: %s", trouble)
            connection.close()

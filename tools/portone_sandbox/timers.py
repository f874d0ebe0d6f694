"""Things to do later, on a few background threads."""

import heapq
import itertools
import logging
import threading
import time
from collections.abc import Callable

log = logging.getLogger("portone_sandbox")

Job = Callable[[], object]
THREADS = 4


class Timers:
    """Run each job once its delay is over; jobs never run on the caller's thread."""

    def __init__(self) -> None:
        self._jobs: list[tuple[float, int, Job]] = []
        self._order = itertools.count()
        self._wake = threading.Condition()
        self._stopped = False
        self._running = 0
        for _ in range(THREADS):
            # daemons: a shop that holds a webhook open must not hold up the end of the process
            threading.Thread(target=self._loop, name="sandbox-job", daemon=True).start()

    def after(self, seconds: float, job: Job) -> None:
        """Run `job` in `seconds` (real seconds, already scaled)."""
        with self._wake:
            heapq.heappush(self._jobs, (time.monotonic() + max(seconds, 0), next(self._order), job))
            self._wake.notify_all()

    def clear(self, *, patience: float = 1) -> None:
        """Forget every job that has not started and wait up to `patience` seconds for the others."""
        with self._wake:
            self._jobs.clear()
            self._wake.wait_for(lambda: not self._running, patience)

    def stop(self) -> None:
        """Start no more jobs and give the running ones a moment to end."""
        with self._wake:
            self._stopped = True
            self._wake.notify_all()
        self.clear()

    def _loop(self) -> None:
        while job := self._next():
            try:
                job()
            except Exception:
                log.exception("a background job failed")
            finally:
                with self._wake:
                    self._running -= 1
                    self._wake.notify_all()

    def _next(self) -> Job | None:
        with self._wake:
            while not self._stopped:
                wait = self._jobs[0][0] - time.monotonic() if self._jobs else None
                if wait is not None and wait <= 0:
                    self._running += 1
                    return heapq.heappop(self._jobs)[2]
                self._wake.wait(wait)
            return None

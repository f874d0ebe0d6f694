"""Things to do later, on a few background threads."""

import heapq
import itertools
import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

Job = Callable[[], object]
log = logging.getLogger("portone_sandbox")


class Timers:
    """Run each job once its delay is over; jobs never run on the caller's thread."""

    def __init__(self, *, threads: int = 4) -> None:
        self._jobs: list[tuple[float, int, Job]] = []
        self._order = itertools.count()
        self._wake = threading.Condition()
        self._stopped = False
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="sandbox-job")
        self._thread = threading.Thread(target=self._loop, name="sandbox-timers", daemon=True)
        self._thread.start()

    def after(self, seconds: float, job: Job) -> None:
        """Run `job` in `seconds` (real seconds, already scaled)."""
        with self._wake:
            heapq.heappush(self._jobs, (time.monotonic() + max(seconds, 0), next(self._order), job))
            self._wake.notify()

    def clear(self) -> None:
        """Forget every job that has not started."""
        with self._wake:
            self._jobs.clear()

    def stop(self) -> None:
        """Start no more jobs and let the running ones end."""
        with self._wake:
            self._stopped = True
            self._jobs.clear()
            self._wake.notify()
        self._thread.join()
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _loop(self) -> None:
        while job := self._next():
            self._pool.submit(_guarded, job)

    def _next(self) -> Job | None:
        with self._wake:
            while not self._stopped:
                wait = self._jobs[0][0] - time.monotonic() if self._jobs else None
                if wait is not None and wait <= 0:
                    return heapq.heappop(self._jobs)[2]
                self._wake.wait(wait)
            return None


def _guarded(job: Job) -> None:
    try:
        job()
    except Exception:
        log.exception("a background job failed")

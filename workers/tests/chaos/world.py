"""One test's world: servers, relays and workers as processes of their own, and what producers were told."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone

from workers.tests.chaos import oracle
from workers.tests.chaos.oracle import Verdict
from workers.tests.chaos.points import FOLDER, Points
from workers.tests.chaos.story import Struck, outside, record

PATIENCE = 60  # seconds; only a failing test waits so long


class Zygote:
    """The process that becomes the others."""

    def __init__(self, *, log: Path) -> None:
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "workers.tests.chaos.zygote"],
                env={
                    **os.environ,
                    "DJANGO_SETTINGS_MODULE": "config.settings.test",
                    "PYTHONPATH": f"{settings.ROOT / 'site'}:{settings.ROOT}",
                    "dramatiq_worker_timeout": "50",
                    "dramatiq_restart_delay": "300",
                },
                cwd=settings.ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=output,
                text=True,
                start_new_session=True,
            )

    def ask(self, **request: Any) -> Any:
        """Send a request and return its answer."""
        assert self._process.stdin and self._process.stdout
        print(json.dumps(request), file=self._process.stdin, flush=True)
        return json.loads(self._process.stdout.readline())

    def leave(self) -> None:
        """End it, and with it all that it became."""
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait(timeout=PATIENCE)  # it may still be importing


class Process:
    """A relay or worker that leads its own process group."""

    def __init__(self, *, zygote: Zygote, pid: int) -> None:
        self._zygote, self.pid, self._code = zygote, pid, None

    def kill(self) -> None:
        """End the whole group without a word, also what its first process left behind."""
        with contextlib.suppress(ProcessLookupError):
            self.send(signal.SIGKILL)
        until(lambda: self.code is not None)

    def send(self, number: signal.Signals) -> None:
        """Send a signal to the whole group."""
        os.killpg(self.pid, number)

    @property
    def code(self) -> int | None:
        """Return how it ended, None while it runs."""
        if self._code is None:
            self._code = self._zygote.ask(status=self.pid)
        return self._code

    def leave(self) -> int:
        """Ask its first process to finish, and return how it ended."""
        os.kill(self.pid, signal.SIGTERM)
        until(lambda: self.code is not None)
        assert self._code is not None
        return self._code


class World:
    """Everything that a fault test needs."""

    def __init__(
        self,
        *,
        zygote: Zygote,
        folder: Path,
        broker_url: str,
        environment: Mapping[str, str] | None = None,  # of every process
    ) -> None:
        self._environment = environment or {}
        self.folder, self.points = folder, Points(folder)
        self.broker_url = broker_url
        self.handlers: tuple[str, ...] = ("chaos.db",)
        self.login: dict[str, str] = {}  # another one for the processes that are started from now on
        self.acknowledged: list[int] = []
        self._zygote = zygote
        self._processes: list[Process] = []
        self._tended: list[tuple[Process, dict[str, Any]]] = []

    def relay(self, **environment: str) -> Process:
        """Start a relay."""
        return self._start("relay", environment=environment)

    def worker(
        self, *, threads: int = 4, queues: tuple[str, ...] = (), patience: int = 10_000, **environment: str
    ) -> Process:
        """Start a worker of one process; without `queues` it serves all of them."""
        arguments = ["-p", "1", "-t", str(threads), "--worker-shutdown-timeout", str(patience)]
        return self._start(
            "worker", *arguments, *(("-Q", *queues) if queues else ()), environment=environment
        )

    def tend(self, **options: Any) -> None:
        """Start a worker, and another whenever it is gone, as a supervisor does."""
        self._tended.append((self.worker(**options), options))

    def emit(self, n: int, *, key: str = "", how: str = "", kind: type[Struck] = Struck) -> None:
        """Record a fact and commit; only then its number counts as acknowledged."""
        record(kind(key=key or str(n), n=n, how=how, occurred_at=timezone.now()))
        self.acknowledged.append(n)

    def settled(self) -> bool:
        """Tell whether every fact has become deliveries that are done or dead."""
        self._restart()
        return not _number("SELECT count(*) FROM commerce_outboxevent WHERE fanned_out_at IS NULL") and not (
            _number("SELECT count(*) FROM workers_delivery WHERE state IN (0, 1, 2)")
        )

    def settle(self) -> Verdict:
        """Wait until nothing is left to do and judge."""
        until(self.settled)
        return self.verdict()

    def verdict(self, *, ordered: tuple[str, ...] = ()) -> Verdict:
        """Judge as it is now."""
        return oracle.verdict(acknowledged=self.acknowledged, handlers=self.handlers, ordered=ordered)

    def outside(self) -> list[tuple[int, str]]:
        """Return the calls that the outside world saw: number and idempotency key."""
        path = outside(self.folder)
        lines = path.read_text().splitlines() if path.exists() else []
        return [(call["n"], call["key"]) for call in map(json.loads, lines)]

    def close(self) -> None:
        """Kill what still runs."""
        for process in self._processes:
            process.kill()

    def _restart(self) -> None:
        for place, (process, options) in enumerate(self._tended):
            if process.code is not None:
                process.kill()
                self._tended[place] = (self.worker(**options), options)

    def _start(self, *run: str, environment: dict[str, str]) -> Process:
        database = connection.settings_dict
        pid = self._zygote.ask(
            run=run,
            env={
                FOLDER: str(self.folder),
                "BROKER_URL": self.broker_url,
                "CHAOS_HANDLERS": ",".join(self.handlers),
            }
            | self._environment
            | environment,
            database={name: database[name] for name in ("HOST", "PORT", "NAME", "USER", "PASSWORD")}
            | self.login,
            log=str(self.folder / "processes.log"),
        )
        self._processes.append(Process(zygote=self._zygote, pid=pid))
        return self._processes[-1]


def until(condition: Callable[[], object], *, seconds: float = PATIENCE) -> None:
    """Wait for something that happens sooner or later."""
    ends = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < ends, "it did not happen in time"
        time.sleep(0.03)


def _number(sql: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return int(cursor.fetchone()[0])

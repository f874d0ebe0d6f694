"""Keeps the processes of the shop running: starts, follows the code, starts again, stops."""

import threading
import time
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path

from tools.local.console import Console
from tools.local.errors import Interrupted, LocalError
from tools.local.process import Process, Service, stop_all
from tools.local.signals import StopSignals
from tools.local.watch import CodeWatch

STOP_SECONDS = 5.0  # for the processes; with PostgreSQL and Valkey after them a stop takes at most ten
RELOAD_SECONDS = 6.0  # for one process to make way for its successor
STEADY_SECONDS = 30.0  # who has run that long starts again without delay
LONGEST_PAUSE = 30.0


class Kept:
    """A service that is kept running, and what happened to it so far."""

    def __init__(self, *, service: Service) -> None:
        self.service = service
        self.process: Process | None = None
        self.failures = 0
        self.start_at = 0.0  # monotonic seconds
        self.replace_by: float | None = None  # set while it is stopped only to be started anew
        self.ready = threading.Event()


class Supervisor:
    """Runs services with one environment; must be used from the main thread (see `spawn`)."""

    def __init__(
        self,
        *,
        env: Mapping[str, str],
        logs: Path,
        console: Console,
        signals: StopSignals,
        hide: Callable[[str, str], bool] = lambda _name, _text: False,
    ) -> None:
        self._env = env
        self._logs = logs
        self._console = console
        self._signals = signals
        self._hide = hide
        self._kept: list[Kept] = []

    def run_once(self, *, service: Service) -> None:
        """Run a command to its end, such as the migrations.

        Raises LocalError with its last lines when it fails, Interrupted when a stop is asked for meanwhile.
        """
        process = self._start(service)
        while process.alive and not self._signals.asked:
            self._signals.sleep(0.05)
        code = process.code
        stop_all([process], patience=STOP_SECONDS, hurry=lambda: self._signals.hurry)
        if code is None:
            raise Interrupted
        if code:
            raise LocalError(f"{service.name} failed (exit code {code}):\n" + "\n".join(process.last_lines))

    def keep(
        self,
        *,
        services: Iterable[Service],
        watch: CodeWatch,
        on_ready: Callable[[], None],
        server_died: Callable[[], str] = lambda: "",
    ) -> None:
        """Run the services until a stop is asked for; call `on_ready` once those that come first have answered.

        Raises LocalError when one dies before it was ready, or when `server_died` names a server.
        """
        self._kept = [Kept(service=service) for service in services]
        watch.start()
        announced = False
        while not self._signals.asked:
            self._look(code_changed=watch.take_change(), now=time.monotonic())
            if name := server_died():
                raise LocalError(f"{name} has stopped by itself. Its log is below {self._logs.parent}.")
            if not announced and self._first_ones_ready():
                announced = True
                on_ready()
            self._signals.sleep()

    def stop(self) -> None:
        """Stop all services, in the order in which they were given."""
        running = [kept.process for kept in self._kept if kept.process is not None]
        stop_all(running, patience=STOP_SECONDS, hurry=lambda: self._signals.hurry)

    def _first_ones_ready(self) -> bool:
        return all(kept.ready.is_set() for kept in self._kept if not kept.service.comes_later)

    def _look(self, *, code_changed: bool, now: float) -> None:
        for kept in self._kept:
            if kept.service.comes_later and not self._first_ones_ready():
                continue
            if code_changed and kept.service.follows_code:
                self._replace(kept, now=now)
            if kept.process is None:
                if now >= kept.start_at:
                    self._launch(kept)
            elif not kept.process.alive:
                self._bury(kept, now=now)
            elif kept.replace_by is not None and now > kept.replace_by:
                kept.process.kill()

    def _replace(self, kept: Kept, *, now: float) -> None:
        kept.start_at, kept.failures = now, 0
        if kept.process is not None and kept.replace_by is None:
            self._console.note(f"Code has changed: starting {kept.service.name} anew")
            kept.replace_by = now + RELOAD_SECONDS
            kept.process.ask_to_stop()

    def _launch(self, kept: Kept) -> None:
        kept.process = self._start(kept.service)
        kept.replace_by = None
        if kept.service.ready is None:
            kept.ready.set()
        elif not kept.ready.is_set():
            threading.Thread(target=_wait_until_ready, args=(kept, kept.process), daemon=True).start()

    def _bury(self, kept: Kept, *, now: float) -> None:
        """Deal with a process that has ended: as asked, too early, or by accident."""
        process, kept.process = kept.process, None
        assert process is not None
        process.kill()  # what it may have left of its own children
        if kept.replace_by is not None or (process.code == kept.service.again_code and kept.ready.is_set()):
            kept.start_at = now
            return
        words = "\n".join(f"    {line}" for line in process.last_lines)
        what = f"{kept.service.name} has stopped by itself (exit code {process.code})"
        if not kept.ready.is_set():
            raise LocalError(f"{what} before it was ready. Its last lines:\n{words}")
        kept.failures = 1 if now - process.started_at > STEADY_SECONDS else kept.failures + 1
        pause = min(LONGEST_PAUSE, 2.0 ** (kept.failures - 1))
        kept.start_at = now + pause
        self._console.trouble(f"{what}. Its last lines:\n{words}\nIt starts again in {pause:.0f} s.")

    def _start(self, service: Service) -> Process:
        log = self._logs / f"{service.name}.log"
        return Process(service=service, env=self._env, log=log, on_line=partial(self._show, service.name))

    def _show(self, name: str, text: str) -> None:
        if not self._hide(name, text):
            self._console.line(name=name, text=text)


def _wait_until_ready(kept: Kept, process: Process) -> None:
    ready = kept.service.ready
    assert ready is not None
    while process.alive:
        if ready():
            kept.ready.set()
            return
        time.sleep(0.2)

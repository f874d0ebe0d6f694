"""A process of the shop: what it is, and one run of it."""

import os
import signal
import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from tools.local.paths import ROOT
from tools.local.spawn import spawn

LAST_LINES = 25


@dataclass(frozen=True, kw_only=True)
class Service:
    """What to run, as data: a test puts a tiny server where the shop has Django."""

    name: str
    argv: tuple[str, ...]
    env: Mapping[str, str] = field(default_factory=dict)
    ready: Callable[[], bool] | None = None  # asked until it says yes; without it, running is being ready
    follows_code: bool = False  # is started anew when a .py file changes
    again_code: int | None = None  # with this exit code it asks to be started anew
    comes_later: bool = False  # starts when all that do not come later are ready


class Process:
    """One run of a service: its output goes line by line to `on_line` and into a log file."""

    def __init__(
        self, *, service: Service, env: Mapping[str, str], log: Path, on_line: Callable[[str], None]
    ) -> None:
        self.service = service
        self.last_lines: deque[str] = deque(maxlen=LAST_LINES)
        self.started_at = time.monotonic()
        log.parent.mkdir(parents=True, exist_ok=True)
        self._log = log.open("ab")
        self._on_line = on_line
        self._child = spawn(argv=service.argv, env={**env, **service.env}, cwd=ROOT, output=subprocess.PIPE)
        self._reader = threading.Thread(target=self._read, name=f"output of {service.name}", daemon=True)
        self._reader.start()

    @property
    def code(self) -> int | None:
        """Return the exit code, or None while it runs."""
        return self._child.poll()

    @property
    def alive(self) -> bool:
        """Tell whether it runs."""
        return self.code is None

    def ask_to_stop(self) -> None:
        """Send SIGTERM to the process. What it has started is its business; `kill` sees to the rest."""
        self._child.terminate()

    def kill(self) -> None:
        """End the process and whatever is left of what it has started, and collect its last words."""
        try:
            os.killpg(
                self._child.pid, signal.SIGKILL
            )  # a session of its own, so pid and group are one number
        except (ProcessLookupError, PermissionError):  # macOS says the latter of a group of zombies
            pass
        self._child.wait()
        self._reader.join(timeout=1)

    def _read(self) -> None:
        pipe: IO[bytes] | None = self._child.stdout
        assert pipe is not None
        for raw in pipe:
            text = raw.decode(errors="replace").rstrip()
            self._log.write(raw)
            self._log.flush()
            self.last_lines.append(text)
            self._on_line(text)
        self._log.close()


def stop_all(
    processes: Iterable[Process], *, patience: float, hurry: Callable[[], bool] = lambda: False
) -> None:
    """Ask all to stop, in this order, and after `patience` seconds, or when `hurry` says so, end what is left."""
    processes = list(processes)
    for process in processes:
        process.ask_to_stop()
    deadline = time.monotonic() + patience
    while any(process.alive for process in processes) and time.monotonic() < deadline and not hurry():
        time.sleep(0.05)
    for process in processes:
        process.kill()

"""Finds and stops processes that a killed runner left behind, by a proof and never by a guess.

The proof is a random token in the process's environment that only a child of that runner can carry. A pid
from a file proves nothing: by the next start the number may belong to somebody else. Needs /proc (Linux).
"""

import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

PROC = Path("/proc")


def processes_with(*, variable: str, value: str) -> list[int]:
    """Return the pids of living processes that have `variable=value` in their environment, but not our own."""
    wanted = f"{variable}={value}".encode()
    return [pid for pid in _pids() if pid != os.getpid() and wanted in _environment(pid)]


def stop_processes_with(*, variable: str, value: str, patience: float = 3.0) -> None:
    """Ask these processes to end, and after `patience` seconds make them."""
    for pid in processes_with(variable=variable, value=value):
        send(pid, signal.SIGINT if is_postgres(pid) else signal.SIGTERM)
    deadline = time.monotonic() + patience
    while processes_with(variable=variable, value=value) and time.monotonic() < deadline:
        time.sleep(0.1)
    for pid in processes_with(variable=variable, value=value):
        send(pid, signal.SIGKILL)


def send(pid: int, number: signal.Signals) -> None:
    """Send a signal to a process that may be gone already."""
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass


def is_postgres(pid: int) -> bool:
    """Tell whether this is a PostgreSQL process: it stops at once at SIGINT, but waits for clients at SIGTERM."""
    try:
        return (PROC / str(pid) / "comm").read_text().strip() == "postgres"
    except OSError:
        return False


def _pids() -> Iterator[int]:
    if PROC.is_dir():
        yield from (int(entry.name) for entry in PROC.iterdir() if entry.name.isdigit())


def _environment(pid: int) -> list[bytes]:
    """Return the process's environment; empty for a zombie, for somebody else's and for one that is gone."""
    try:
        return (PROC / str(pid) / "environ").read_bytes().split(b"\0")
    except OSError:
        return []


def guard(*, variable: str, value: str) -> None:
    """Wait until the standard input closes, which it does when the runner ends in whatever way; then clean up.

    The kernel tells only the runner's own children of its death, not theirs, and some do not listen.
    """
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    sys.stdin.buffer.read()
    stop_processes_with(variable=variable, value=value)


if __name__ == "__main__":
    guard(variable=sys.argv[1], value=sys.argv[2])

"""Programs beside us: started, watched, stopped."""

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


@contextlib.contextmanager
def running(*arguments: str, **environment: str) -> Iterator[int]:
    """Run a Python program while the block runs, and yield its process id."""
    process = subprocess.Popen(
        [sys.executable, *arguments],
        env=os.environ | environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process.pid
    finally:
        process.terminate()
        process.wait()


def worker(module: str, **environment: str) -> "contextlib.AbstractContextManager[int]":
    """Run one Dramatiq process of eight threads."""
    return running("-m", "dramatiq", module, "-p", "1", "-t", "8", **environment)


def cpu(pids: "list[int]") -> float:
    """Return the processor seconds that processes and their children have used so far."""
    return sum(_cpu(pid) for pid in pids)


def computed(pids: "list[int]") -> float:
    """Return the processor seconds of processes and their children to the nanosecond; those that ended count as 0."""
    return sum(_computed(pid) for pid in pids)


def until(condition: Callable[[], bool], *, seconds: float = 60, pause: float = 0.005) -> None:
    """Wait. Raises SystemExit when it takes longer than `seconds`."""
    ends = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > ends:
            raise SystemExit("nothing happens: the measurement is given up")
        time.sleep(pause)


def _computed(pid: int) -> float:
    try:
        own = int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except FileNotFoundError:
        return 0.0
    return own + sum(_computed(int(child)) for child in children)


def _cpu(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except FileNotFoundError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / TICKS + sum(_cpu(int(child)) for child in children)

"""Named points where a test makes a process die, stop, wait or fail: whoever reaches an armed one first, once."""

import os
import signal
import time
from pathlib import Path

FOLDER = "CHAOS_FOLDER"


class Points:
    """The points of one test, kept as files: they work across processes and outlive every server."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def arm(self, name: str, action: str) -> None:
        """Make the next process that reaches `name` do `action`: kill, stop, wait or fail."""
        self._file(name).write_text(action)

    def hit(self, name: str) -> bool:
        """Tell whether somebody reached the armed point."""
        return self._file(name, "hit").exists()

    def go(self, name: str) -> None:
        """Let whoever waits at the point go on."""
        self._file(name, "go").touch()

    def _file(self, name: str, suffix: str = "armed") -> Path:
        return self._folder / f"{name}.{suffix}"


def reach(name: str) -> None:
    """Do what the point is armed for. Renaming is atomic: of many processes one does it."""
    folder = os.environ.get(FOLDER)
    if folder is None:
        return
    hit = Path(folder) / f"{name}.hit"
    try:
        (Path(folder) / f"{name}.armed").rename(hit)
    except FileNotFoundError:
        return
    _act(hit.read_text(), Path(folder) / f"{name}.go")


def _act(action: str, go: Path) -> None:
    if action == "kill":
        os.killpg(0, signal.SIGKILL)
    elif action == "stop":
        os.killpg(0, signal.SIGSTOP)
        time.sleep(
            1
        )  # a thread may run on for a moment before its process stands still: here, and holding nothing
    elif action == "wait":
        while not go.exists():
            time.sleep(0.01)
    elif action == "fail":
        raise RuntimeError("the test wants it")
    else:
        raise ValueError(action)

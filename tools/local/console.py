"""What the developer sees: one line per event, with the name of who said it, in colour where that helps."""

import os
import sys
import threading
from collections.abc import Mapping
from typing import TextIO

COLOURS = ("36", "33", "35", "34", "32")  # cyan, yellow, magenta, blue, green: red is for trouble
RESET = "\033[0m"


class Console:
    """Prints lines of many processes without mixing them."""

    def __init__(self, *, stream: TextIO | None = None, environ: Mapping[str, str] | None = None) -> None:
        self._stream = sys.stdout if stream is None else stream
        environ = os.environ if environ is None else environ
        self._coloured = self._stream.isatty() and not environ.get("NO_COLOR")
        self._names: dict[str, str] = {}
        self._lock = threading.Lock()

    def line(self, *, name: str, text: str) -> None:
        """Print what a process said."""
        colour = self._names.setdefault(name, COLOURS[len(self._names) % len(COLOURS)])
        self._write(f"{self._paint(f'{name:>8}', colour)} │ {text}")

    def note(self, text: str) -> None:
        """Print what the runner itself has to say."""
        self._write(self._paint(text, "1"))

    def trouble(self, text: str) -> None:
        """Print what went wrong."""
        self._write(self._paint(text, "31"))

    def _paint(self, text: str, colour: str) -> str:
        return f"\033[{colour}m{text}{RESET}" if self._coloured else text

    def _write(self, text: str) -> None:
        with self._lock:
            try:
                print(text, file=self._stream, flush=True)
            except OSError:
                pass  # the terminal is gone (SIGHUP), the work of stopping is not

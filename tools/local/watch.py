"""Notices that code has changed."""

import threading
from collections.abc import Iterable
from pathlib import Path

import watchfiles


class CodeWatch:
    """Looks at .py files below some folders, in a thread of its own (inotify, no polling)."""

    def __init__(self, *, folders: Iterable[Path]) -> None:
        self._folders = [folder for folder in folders if folder.is_dir()]
        self._changed = threading.Event()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="code watch", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        if self._folders:
            self._thread.start()

    def stop(self) -> None:
        """Look no more."""
        self._stop.set()

    def take_change(self) -> bool:
        """Tell whether something has changed since the last call."""
        changed = self._changed.is_set()
        self._changed.clear()
        return changed

    def _watch(self) -> None:
        only_code = watchfiles.PythonFilter()
        for _changes in watchfiles.watch(
            *self._folders, watch_filter=only_code, stop_event=self._stop, raise_interrupt=False, debounce=400
        ):
            self._changed.set()

"""A machine whose clock a test moves. PostgreSQL reads it through libfaketime; relays and workers, whose timers that
library confuses, are told how wrong they are."""

import os
import time
from datetime import UTC, datetime
from pathlib import Path

import dramatiq.common
from django.utils import timezone

LIBRARY = next(iter(sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))), None)
FILE = "CHAOS_CLOCK"


class Clock:
    """What time it is for the processes that are started on it; ours stays right."""

    def __init__(self, *, folder: Path) -> None:
        assert LIBRARY, "libfaketime is missing: apt-get install libfaketime"
        self._file = folder / "clock"
        self.set_right()
        self._file.chmod(0o644)  # PostgreSQL may run as somebody else

    @property
    def of_postgres(self) -> dict[str, str]:
        """Return what a server needs in its environment to see this clock."""
        return {
            "LD_PRELOAD": str(LIBRARY),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }

    @property
    def of_ours(self) -> dict[str, str]:
        """Return what relays and workers need in theirs."""
        return {FILE: str(self._file)}

    def jump(self, hours: int) -> None:
        """Let it be wrong by so many hours from now on."""
        self._write(f"{hours:+d}h")

    def set_right(self) -> None:
        """Let it tell the time."""
        self._write("+0h")

    def _write(self, text: str) -> None:
        fresh = self._file.with_suffix(".new")
        fresh.write_text(text)
        fresh.chmod(0o644)
        fresh.rename(self._file)


def follow() -> None:
    """Let whatever this process reads as the time of day come from the clock of its environment, if it names one."""
    if FILE not in os.environ:
        return
    file, right = Path(os.environ[FILE]), time.time

    def wrong() -> float:
        return right() + 3600 * int(file.read_text().removesuffix("h"))

    time.time = dramatiq.common.time = wrong  # type: ignore[attr-defined]
    timezone.now = lambda: datetime.fromtimestamp(wrong(), tz=UTC)

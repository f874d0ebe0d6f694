"""What the commands share: refusals become exit codes, sizes become words."""

import contextlib
import signal
import threading
from collections.abc import Iterator

from django.core.management.base import CommandError

from workers import leaving
from workers.backup.refusals import BackupFailed, Busy

AGAIN = 75  # EX_TEMPFAIL of sysexits.h: nothing is wrong, try later


@contextlib.contextmanager
def told() -> Iterator[None]:
    """Let a refusal, and SIGTERM too, end the command with a message and a code that is not zero."""
    try:
        with _stopping():
            yield
    except Busy as error:
        raise CommandError(str(error), returncode=AGAIN) from error
    except BackupFailed as error:
        raise CommandError(str(error)) from error


@contextlib.contextmanager
def _stopping() -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread hears signals
        return
    before = signal.signal(signal.SIGTERM, lambda *_: leaving.ask())
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def size(count: int) -> str:
    """Return bytes as a person reads them: 940 B, 12.3 MB."""
    number = float(count)
    for unit in ("B", "kB", "MB", "GB"):
        if number < 1000:
            return f"{number:.0f} B" if unit == "B" else f"{number:.1f} {unit}"
        number /= 1000
    return f"{number:.1f} TB"

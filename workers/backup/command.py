"""What the commands share: refusals become exit codes, sizes become words."""

import contextlib
from collections.abc import Iterator

from django.core.management.base import CommandError

from workers.backup.refusals import BackupFailed, Busy

AGAIN = 75  # EX_TEMPFAIL of sysexits.h: nothing is wrong, try later


@contextlib.contextmanager
def told() -> Iterator[None]:
    """Let a refusal end the command with its message and a code that is not zero."""
    try:
        yield
    except Busy as error:
        raise CommandError(str(error), returncode=AGAIN) from error
    except BackupFailed as error:
        raise CommandError(str(error)) from error


def size(count: int) -> str:
    """Return bytes as a person reads them: 940 B, 12.3 MB."""
    number = float(count)
    for unit in ("B", "kB", "MB", "GB"):
        if number < 1000:
            return f"{number:.0f} B" if unit == "B" else f"{number:.1f} {unit}"
        number /= 1000
    return f"{number:.1f} TB"

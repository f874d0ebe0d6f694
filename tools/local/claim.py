"""One runner per folder: a lock that dies with its holder, and a token that its children carry."""

import fcntl
import secrets
import subprocess
import sys
from pathlib import Path
from typing import IO

from tools.local import leftovers
from tools.local.errors import LocalError

TOKEN_VARIABLE = "MARU_LOCAL_TOKEN"  # in the environment of every child, which makes it provably ours


class Claim:
    """The right to start servers in `home`, held until `release` or until this process ends."""

    def __init__(self, *, home: Path, lock: IO[str], token: str) -> None:
        self.home = home
        self.token = token
        self._lock = lock
        self._guard = _start_guard(token=token)

    def release(self) -> None:
        """Let others in. Children should be stopped before; the guard stops those that were forgotten."""
        self._guard.communicate()
        (self.home / "token").unlink(missing_ok=True)
        self._lock.close()


def claim(*, home: Path) -> Claim:
    """Lock `home` and stop what a killed predecessor left running there.

    Raises LocalError when another living runner holds it.
    """
    home.mkdir(parents=True, exist_ok=True)
    lock = (home / "lock").open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        lock.seek(0)
        holder = lock.read().strip()
        lock.close()
        raise LocalError(
            f"The shop is already running from this folder{holder and f' ({holder})'}.\n"
            "Use that one, or stop it with Ctrl-C first. Nothing was started."
        ) from error
    _stop_leftovers(home=home)
    token = secrets.token_hex(16)
    (home / "token").write_text(token)  # before the first child: it must never carry an unknown token
    return Claim(home=home, lock=lock, token=token)


def describe(claimed: Claim, *, text: str) -> None:
    """Leave a word for whoever finds the lock taken."""
    claimed._lock.truncate(0)
    claimed._lock.write(text)
    claimed._lock.flush()


def _stop_leftovers(*, home: Path) -> None:
    try:
        token = (home / "token").read_text().strip()
    except FileNotFoundError:
        return
    if token:
        leftovers.stop_processes_with(variable=TOKEN_VARIABLE, value=token)


def _start_guard(*, token: str) -> subprocess.Popen[bytes]:
    """Start the process that outlives us if we are killed, and ends everything that carries the token."""
    argv = [sys.executable, "-I", leftovers.__file__, TOKEN_VARIABLE, token]
    return subprocess.Popen(argv, stdin=subprocess.PIPE, start_new_session=True)

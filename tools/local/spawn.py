"""Starts a child process that cannot outlive us."""

import shutil
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO


def spawn(
    *,
    argv: Sequence[str],
    env: Mapping[str, str],
    cwd: Path,
    output: int | IO[bytes],
    death_signal: signal.Signals = signal.SIGTERM,
    identity: Sequence[str] = (),
) -> subprocess.Popen[bytes]:
    """Start `argv` as the leader of its own session, so that Ctrl-C in the terminal reaches only us.

    `death_signal` is what the kernel sends it if we die without a word (kill -9). Call this from the main
    thread: Linux means the thread, not the process, when it says parent. `identity` are options of setpriv.
    """
    return subprocess.Popen(
        [*dies_with_us(death_signal=death_signal, identity=identity), *argv],
        env=dict(env),
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )


def dies_with_us(*, death_signal: signal.Signals, identity: Sequence[str] = ()) -> list[str]:
    """Return the command prefix that ties a child to us; empty where setpriv (util-linux) is missing.

    setpriv replaces itself by the command, so the pid stays. A changed identity clears the death signal,
    which is why one setpriv must do both.
    """
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        return []
    return [setpriv, *identity, "--pdeathsig", death_signal.name.removeprefix("SIG"), "--"]

"""Runs one command with throw-away servers: `python -m tools.local exec -- pytest`."""

import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from types import FrameType

from tools.local.claim import claim
from tools.local.errors import LocalError
from tools.local.paths import LOCAL
from tools.local.servers import Servers, throw_away_home
from tools.local.spawn import dies_with_us


def execute(*, command: Sequence[str], environ: Mapping[str, str], keep: bool = False) -> int:
    """Run `command` with a database and a broker of its own, and return its exit code.

    The servers that `environ` names (DATABASE_URL or DB_*, REDIS_URL) are used instead of new ones. With
    `keep` the data stays below .local/tmp and the place is named. Raises LocalError.
    """
    if shutil.which(command[0], path=environ.get("PATH")) is None:
        raise LocalError(f"There is no command {command[0]!r}.")
    with throw_away_home(parent=LOCAL / "tmp", keep=keep) as claimed:
        servers = Servers(home=claimed.home, environ=environ, token=claimed.token, throw_away=True)
        servers.env.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
        servers.start()
        try:
            return _run(command=command, env=servers.env)
        finally:
            servers.stop()
            if keep:
                print(f"Data and logs were kept in {claimed.home}", file=sys.stderr)


def _run(*, command: Sequence[str], env: Mapping[str, str]) -> int:
    """Run in our own process group, so that the terminal's Ctrl-C reaches the command itself."""
    child = subprocess.Popen([*dies_with_us(death_signal=signal.SIGTERM), *command], env=dict(env))

    def forward(number: int, _frame: FrameType | None) -> None:
        if number != signal.SIGINT:  # the terminal has sent that one to the command as well
            child.send_signal(number)

    before = {
        number: signal.signal(number, forward) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    }
    try:
        code = child.wait()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    return code if code >= 0 else 128 - code


def clean() -> None:
    """Delete everything below .local. Raises LocalError while a shop runs from here."""
    if LOCAL.exists():
        claim(home=LOCAL).release()
        shutil.rmtree(LOCAL)

"""PostgreSQL's own programs. Passwords go into their environment, never into their arguments."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

import psycopg

from workers import leaving
from workers.backup.options import Options, Server
from workers.backup.refusals import BackupFailed, DatabaseAway, Stopped, ToolMissing


def program(name: str, *, options: Options) -> str:
    """Return where a program is: in the folder BACKUP_PG_BIN, or on the PATH.

    Raises:
        ToolMissing: it is in neither.
    """
    found = shutil.which(name, path=options.programs or None)
    if found is None:
        where = options.programs or "the PATH"
        raise ToolMissing(
            f"{name} is not in {where}: install postgresql-client of the server's version, or set BACKUP_PG_BIN."
        )
    return found


def connect(server: Server, *, name: str = "") -> "psycopg.Connection[tuple[object, ...]]":
    """Open a connection of its own, without the shop's pool and time limits.

    Raises:
        DatabaseAway: it cannot be opened.
    """
    said = server.conninfo(name=name)
    limits = "-c statement_timeout=0 -c idle_in_transaction_session_timeout=0 -c lock_timeout=60000"
    try:
        return psycopg.connect(
            said, password=server.password or None, connect_timeout=10, autocommit=True, options=limits
        )
    except psycopg.OperationalError as error:
        reason = str(error).strip().splitlines()[0]  # libpq asks back in the next ones
        raise DatabaseAway(f"The database {name or server.name} does not answer: {reason}") from error


@contextmanager
def output(argv: Sequence[str], *, server: Server | None) -> Iterator[IO[bytes]]:
    """Run a program and give its output while it is made; it does not outlive the block.

    Raises:
        BackupFailed: it ended badly; the message is the end of what it said.
        Stopped: this process was asked to leave.
    """
    with tempfile.TemporaryFile() as said:
        with (
            subprocess.Popen(
                argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=said, env=_environment(server)
            ) as process,
            leaving.ending(process.terminate),
        ):
            try:
                yield cast("IO[bytes]", process.stdout)
            except BaseException:
                process.kill()
                raise
        _judge(argv, process.returncode, said)


def run(argv: Sequence[str], *, server: Server | None = None) -> str:
    """Run a program to its end and return what it printed.

    Raises:
        BackupFailed: it ended badly; the message is the end of what it said.
        Stopped: this process was asked to leave.
    """
    with output(argv, server=server) as printed:
        said = printed.read()
    return said.decode(errors="replace")


def check() -> None:
    """Go no further when this process was asked to leave.

    Raises:
        Stopped: it was.
    """
    if leaving.asked():
        raise Stopped("It was stopped, because its process had to leave; the next try begins anew.")


def _environment(server: Server | None) -> dict[str, str]:
    """Return what the child needs and nothing else: the shop's secrets are not its business."""
    kept = {
        name: os.environ[name] for name in ("PATH", "HOME", "LANG", "LD_LIBRARY_PATH") if name in os.environ
    }
    return {**kept, "PGCONNECT_TIMEOUT": "10", **(server.environment if server else {})}


def _judge(argv: Sequence[str], code: int, said: IO[bytes]) -> None:
    if code == 0:
        return
    check()
    said.seek(0)
    lines = said.read().decode(errors="replace").strip().splitlines()
    raise BackupFailed(f"{Path(argv[0]).name} failed ({code}): {' / '.join(lines[-3:]) or 'it said nothing'}")

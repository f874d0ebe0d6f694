"""A primary with a streaming replica of it, both real, for tests of what reads where."""

import os
import signal
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

import psycopg

from tools.local.identity import identity_for
from tools.local.postgres import Postgres, program
from tools.local.spawn import dies_with_us


def primary(*, home: Path, dump: Path, server_env: Mapping[str, str] | None = None) -> Postgres:
    """Start a server and fill it with a dump of the custom format."""
    server = Postgres(home=home, env=os.environ, throw_away=True, server_env=server_env)
    server.start()
    argv = [str(program("pg_restore")), "--no-owner", "--no-privileges", "--dbname", server.url, str(dump)]
    subprocess.run(argv, check=True, capture_output=True)
    return server


def standby(*, home: Path, of: Postgres) -> Postgres:
    """Copy a running server with pg_basebackup and start the copy as its streaming replica."""
    server = Postgres(home=home, env=os.environ, throw_away=True)
    server.data.mkdir(parents=True, mode=0o700)
    (home / "password").write_text((of.data.parent / "password").read_text())
    identity = identity_for(data=server.data, must_reach=[program("pg_basebackup")])
    argv = [str(program("pg_basebackup")), "--dbname", of.url, "--pgdata", str(server.data)]
    subprocess.run(
        [
            *dies_with_us(death_signal=signal.SIGTERM, identity=identity),
            *argv,
            "--write-recovery-conf",
            "--checkpoint=fast",
        ],
        check=True,
        capture_output=True,
        cwd="/",
    )
    server.start()
    ask(server, "ALTER SYSTEM SET log_statement = 'all'")
    ask(server, "SELECT pg_reload_conf()")
    return server


def ask(server: Postgres, statement: str) -> list:
    """Run one statement, with nobody in between."""
    with psycopg.connect(server.url, autocommit=True) as connection:
        found = connection.execute(statement)
        return found.fetchall() if found.description else []


def delay(replica: Postgres, seconds: float) -> None:
    """Let the replica apply each commit so late."""
    ask(replica, f"ALTER SYSTEM SET recovery_min_apply_delay = '{int(seconds * 1000)}ms'")
    ask(replica, "SELECT pg_reload_conf()")
    time.sleep(0.2)


def catch_up(replica: Postgres, of: Postgres, *, patience: float = 15) -> None:
    """Wait until the replica has everything: a mark written now. The bare position of the log may lie behind a page's
    header, where nothing is until somebody writes."""
    place = ask(of, "SELECT pg_logical_emit_message(true, 'catch_up', '')")[0][0]
    deadline = time.monotonic() + patience
    while not ask(replica, f"SELECT pg_last_wal_replay_lsn() >= '{place}'")[0][0]:
        assert time.monotonic() < deadline, "the replica does not catch up"
        time.sleep(0.05)


class Asked:
    """What a replica was asked since the last time somebody looked."""

    def __init__(self, replica: Postgres) -> None:
        self._log, self._position = replica.log, 0
        self.since()

    def since(self) -> str:
        """Return the new part of its log."""
        time.sleep(0.1)  # the server writes it when it likes
        with self._log.open("rb") as log:
            log.seek(self._position)
            text = log.read()
        self._position += len(text)
        return text.decode(errors="replace")

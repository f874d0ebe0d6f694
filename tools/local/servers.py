"""The database and the broker: the embedded ones, or those that the environment names."""

import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tools.local.claim import TOKEN_VARIABLE, Claim, claim
from tools.local.errors import LocalError
from tools.local.paths import ROOT
from tools.local.postgres import Postgres, program
from tools.local.valkey import Valkey

DATABASE_VARIABLES = ("DATABASE_URL", "DB_NAME", "DB_HOST", "DB_USER", "DB_PASSWORD", "DB_PORT")


class Servers:
    """What is missing of PostgreSQL and Valkey, started in `home`; `env` tells children how to find them."""

    def __init__(self, *, home: Path, environ: Mapping[str, str], token: str, throw_away: bool) -> None:
        self.env: dict[str, str] = {**environ, TOKEN_VARIABLE: token}
        self.env["PYTHONPATH"] = f"{ROOT / 'site'}:{ROOT}"  # also where the project is not installed
        self.env["PYTHONUNBUFFERED"] = "1"
        self._throw_away = throw_away
        self.postgres: Postgres | None = None
        self.valkey: Valkey | None = None
        if not any(environ.get(name) for name in DATABASE_VARIABLES):
            self.postgres = Postgres(home=home / "postgres", env=self.env, throw_away=throw_away)
        if not environ.get("REDIS_URL"):
            self.valkey = Valkey(home=home / "valkey", env=self.env, throw_away=throw_away)

    def start(self) -> None:
        """Start them and put their addresses into `env`. Raises LocalError; whatever had started is stopped."""
        try:
            if self.valkey:
                self.valkey.start()
                self.env["REDIS_URL"] = self.valkey.url
            if self.postgres:
                self.postgres.start()
                self.env["DATABASE_URL"] = self.postgres.url
                self.env.setdefault("BACKUP_PG_BIN", str(program("pg_dump").parent))
        except BaseException:
            self.stop()
            raise

    def dead(self) -> str:
        """Return the name of a server that has died, or nothing."""
        for server in (self.valkey, self.postgres):
            if server is not None and not server.alive:
                return type(server).__name__
        return ""

    def stop(self) -> None:
        """Stop what was started here: the broker first, the database last. What is thrown away need not be saved."""
        if self._throw_away:
            self.kill()
            return
        for server in (self.valkey, self.postgres):
            if server is not None:
                server.stop()

    def kill(self) -> None:
        """End them at once."""
        for server in (self.valkey, self.postgres):
            if server is not None:
                server.kill()


@contextmanager
def throw_away_home(*, parent: Path, keep: bool = False) -> Iterator[Claim]:
    """Yield a claimed folder of its own below `parent`; delete it afterwards, unless told to `keep` it."""
    parent.mkdir(parents=True, exist_ok=True)
    sweep(parent=parent)
    claimed = claim(home=Path(tempfile.mkdtemp(dir=parent)))
    claimed.home.chmod(0o711)  # as root, the database server is somebody else and must pass
    try:
        yield claimed
    finally:
        claimed.release()
        if not keep:
            shutil.rmtree(claimed.home, ignore_errors=True)


def sweep(*, parent: Path, now: float | None = None) -> None:
    """Delete the folders below `parent` whose owner was killed, and stop what he left running.

    A folder without a token is either being claimed right now or was kept on purpose: it is left for a day.
    """
    now = time.time() if now is None else now
    for home in (path for path in parent.iterdir() if path.is_dir()):
        try:
            if not (home / "token").exists() and now - home.stat().st_mtime < 24 * 3600:
                continue
            claim(home=home).release()
        except (LocalError, OSError):
            continue  # somebody works in it
        shutil.rmtree(home, ignore_errors=True)

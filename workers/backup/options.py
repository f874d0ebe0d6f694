"""What the environment says about backups, in one value that use cases take as an argument."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from psycopg.conninfo import make_conninfo

_PASSED_ON = ("sslmode", "sslrootcert", "sslcert", "sslkey", "channel_binding", "service")


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A database and how to reach it. The password stays out of `repr`, command lines and logs."""

    name: str
    user: str = ""
    host: str = ""
    port: str = ""
    extra: tuple[tuple[str, str], ...] = ()
    password: str = field(default="", repr=False)

    def conninfo(self, *, name: str = "") -> str:
        """Return how libpq calls this database, or another one of its server, without the password."""
        parts = {"user": self.user, "host": self.host, "port": self.port, **dict(self.extra)}
        return make_conninfo(
            dbname=name or self.name, **{key: value for key, value in parts.items() if value}
        )

    @property
    def environment(self) -> dict[str, str]:
        """Return what a child process must have in its environment: there alone is the password."""
        return {"PGPASSWORD": self.password} if self.password else {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """`url`: a folder or s3://bucket/prefix. `recipients`: public age keys; none: nothing is encrypted.

    `identity`: the secret age key, or the path of a file that holds it; only restoring and drills need it.
    `late`: a newest backup older than this is late. `daily`, `weekly`, `monthly`: how many of each are kept.
    """

    url: str
    database: Server
    drill: Server
    recipients: tuple[str, ...] = ()
    identity: str = field(default="", repr=False)
    programs: str = ""
    spool: str = ""
    media: bool = True
    daily: int = 7
    weekly: int = 4
    monthly: int = 3
    late: timedelta = timedelta(hours=26)
    bucket: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def sealed_as(self) -> str:
        """Return a short name for whom backups are encrypted; `plain` when for everybody."""
        if not self.recipients:
            return "plain"
        return hashlib.sha256(",".join(sorted(self.recipients)).encode()).hexdigest()[:12]


def configured() -> bool:
    """Tell whether this shop has a destination for backups."""
    return bool(settings.BACKUP_URL)


def from_settings() -> Options:
    """Return what the settings say."""
    database = server(settings.DIRECT_DATABASE or connection.settings_dict)
    return Options(
        url=settings.BACKUP_URL,
        database=database,
        drill=server(settings.BACKUP_DRILL_DATABASE) if settings.BACKUP_DRILL_DATABASE else database,
        recipients=tuple(settings.BACKUP_KEY),
        identity=settings.BACKUP_IDENTITY,
        programs=settings.BACKUP_PG_BIN,
        spool=settings.BACKUP_SPOOL,
        media=settings.BACKUP_MEDIA,
        daily=settings.BACKUP_KEEP_DAILY,
        weekly=settings.BACKUP_KEEP_WEEKLY,
        monthly=settings.BACKUP_KEEP_MONTHLY,
        late=timedelta(hours=settings.BACKUP_LATE_HOURS),
        bucket=settings.BACKUP_BUCKET,
    )


def server(described: Mapping[str, Any]) -> Server:
    """Return a database that is described as in Django's settings."""
    options = described.get("OPTIONS") or {}
    return Server(
        name=str(described.get("NAME") or ""),
        user=str(described.get("USER") or ""),
        host=str(described.get("HOST") or ""),
        port=str(described.get("PORT") or ""),
        password=str(described.get("PASSWORD") or ""),
        extra=tuple((key, str(options[key])) for key in _PASSED_ON if key in options),
    )


def identity_text(options: Options) -> str:
    """Return the secret key itself: the variable may name a file instead. Empty: there is none."""
    given = options.identity.strip()
    if not given or given.startswith("AGE-SECRET-KEY-"):
        return given
    return Path(given).read_text()

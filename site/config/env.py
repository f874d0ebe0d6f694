"""The only reader of the process environment.

Settings ask here for typed values. A value that production cannot do without is asked for with
`required()`, which collects every missing name first, so that an operator sees the whole list at once.
"""

import os
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

ROOT = Path(__file__).resolve().parents[2]

env = environ.Env()
_TRUE = ("true", "1", "yes", "on", "y", "t", "ok")
_FALSE = ("false", "0", "no", "off", "n", "f")


def read_files(*, names: tuple[str, ...]) -> None:
    """Load KEY=VALUE files that lie in the project's folder; what the environment, or an earlier file, has wins."""
    for name in names:
        path = ROOT / name
        if path.exists():
            env.read_env(str(path))


def text(name: str, default: str = "") -> str:
    """Return a string; empty means not set."""
    return str(env.str(name, default=default))


def flag(name: str, default: bool = False) -> bool:
    """Return a boolean; empty means not set.

    Raises:
        ImproperlyConfigured: it is neither true, 1, yes and on nor false, 0, no and off.
    """
    said = text(name).lower()
    if said not in ("", *_TRUE, *_FALSE):
        raise ImproperlyConfigured(f"{name} must be true or false, not {said!r}.")
    return said in _TRUE if said else default


def number(name: str, default: int, *, least: int = 0) -> int:
    """Return an integer; empty means not set.

    Raises:
        ImproperlyConfigured: it is no whole number, or less than `least`.
    """
    said = text(name)
    try:
        found = int(said) if said else default
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a whole number, not {said!r}.") from None
    if found < least:
        raise ImproperlyConfigured(f"{name} must be {least} or more, not {found}.")
    return found


def names(name: str, default: tuple[str, ...] = ()) -> list[str]:
    """Return a comma-separated list."""
    return [part.strip() for part in env.list(name, default=list(default)) if part.strip()]


def days(name: str) -> list[str]:
    """Return a comma-separated list of dates, each as 2026-12-24.

    Raises:
        ImproperlyConfigured: one of them is no date.
    """
    found = names(name)
    for said in found:
        try:
            date.fromisoformat(said)
        except ValueError:
            raise ImproperlyConfigured(f"{name} must be dates like 2026-12-24, not {said!r}.") from None
    return found


def required(*groups: tuple[str, ...]) -> None:
    """Refuse to go on unless of each group at least one name is set.

    Raises:
        ImproperlyConfigured: names every group of which nothing is set.
    """
    missing = [" or ".join(group) for group in groups if not any(os.environ.get(name) for name in group)]
    if missing:
        raise ImproperlyConfigured(
            "These environment variables must be set: " + "; ".join(missing) + ". See .env.example."
        )


def secret_key(default: str = "") -> str:
    """Return SECRET_KEY, or DJANGO_SECRET_KEY, its older name."""
    return text("SECRET_KEY") or text("DJANGO_SECRET_KEY", default)


def database(*, default: str = "") -> dict[str, object]:
    """Return the primary database: DATABASE_URL wins over DB_*.

    Raises:
        ImproperlyConfigured: DATABASE_URL is no address.
    """
    named = _address("DATABASE_URL")
    if named:
        return named
    if text("DB_NAME"):
        return _database_from_parts("DB")
    return dict(env.db_url_config(default)) if default else {}


def direct_database() -> dict[str, object] | None:
    """Return the primary database without a pooler (PgBouncer) in between, or None when DIRECT_DATABASE_URL is not set.

    Migrations, locks and backups need one: they hold a lock or a snapshot of their session.
    """
    return _address("DIRECT_DATABASE_URL")


def drill_database() -> dict[str, object] | None:
    """Return the server where backups are restored on trial, or None when that is the shop's own."""
    return _address("BACKUP_DRILL_DATABASE_URL")


def _address(name: str) -> dict[str, object] | None:
    """Return the database whose address this variable has; what it says is not repeated, it may hold a password."""
    url = text(name)
    if not url:
        return None
    try:
        parts = urlsplit(url)
        if parts.scheme in env.DB_SCHEMES and (parts.port is None or parts.port):
            return dict(env.db_url_config(url))
    except ValueError:
        pass
    raise ImproperlyConfigured(
        f"{name} is no address of a database: postgres://user:password@host:5432/name."
    )


def media_bucket() -> dict[str, str] | None:
    """Return what `config.buckets.storages` takes, or None when AWS_STORAGE_BUCKET_NAME is not set."""
    bucket = text("AWS_STORAGE_BUCKET_NAME")
    if not bucket:
        return None
    return {
        "bucket": bucket,
        "private": text("AWS_PRIVATE_BUCKET_NAME"),
        "access_key": text("AWS_ACCESS_KEY_ID"),
        "secret_key": text("AWS_SECRET_ACCESS_KEY"),
        "region": text("AWS_S3_REGION_NAME"),
        "endpoint": text("AWS_S3_ENDPOINT_URL"),
        "domain": text("AWS_S3_CUSTOM_DOMAIN"),
    }


def backup_bucket() -> dict[str, str]:
    """Return how backups reach S3: best with keys of their own, that the shop's pages do not have."""
    return {
        "aws_access_key_id": text("BACKUP_AWS_ACCESS_KEY_ID") or text("AWS_ACCESS_KEY_ID"),
        "aws_secret_access_key": text("BACKUP_AWS_SECRET_ACCESS_KEY") or text("AWS_SECRET_ACCESS_KEY"),
        "region_name": text("BACKUP_AWS_REGION") or text("AWS_S3_REGION_NAME"),
        "endpoint_url": text("BACKUP_S3_ENDPOINT_URL") or text("AWS_S3_ENDPOINT_URL"),
    }


def assume(name: str, value: str) -> None:
    """Set a variable that the environment leaves open."""
    os.environ.setdefault(name, value)


def read_database() -> dict[str, object] | None:
    """Return the read replica, or None when DB_READ_HOST is not set. What is not said is as at the primary."""
    if not text("DB_READ_HOST"):
        return None
    given = {
        "HOST": text("DB_READ_HOST"),
        "PORT": text("DB_READ_PORT"),
        "USER": text("DB_READ_USER"),
        "PASSWORD": text("DB_READ_PASSWORD"),
    }
    return database() | {part: value for part, value in given.items() if value}


def _database_from_parts(prefix: str) -> dict[str, object]:
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": text(f"{prefix}_NAME"),
        "USER": text(f"{prefix}_USER"),
        "PASSWORD": text(f"{prefix}_PASSWORD"),
        "HOST": text(f"{prefix}_HOST", "localhost"),
        "PORT": text(f"{prefix}_PORT", "5432"),
    }


def redis(*, default: str = "") -> tuple[str, str]:
    """Return the addresses of cache and broker.

    The broker gets a database number of its own (one above the cache's), because Dramatiq's maintenance
    walks every key of its database. BROKER_URL overrides.

    Raises:
        ImproperlyConfigured: REDIS_URL has no number of a database to count on from.
    """
    cache = text("REDIS_URL", default)
    return cache, text("BROKER_URL") or _next_database(cache)


def _next_database(url: str) -> str:
    base, _, query = url.partition("?")
    scheme, _, rest = base.partition("://")
    host, _, number_ = rest.partition("/")
    if number_ and not number_.isdecimal():
        raise ImproperlyConfigured(
            "REDIS_URL must end with the number of a database, or BROKER_URL must be set too."
        )
    following = int(number_ or 0) + 1
    return f"{scheme}://{host}/{following}" + (f"?{query}" if query else "")

"""Wait for the servers that the shop cannot do without; say where they were expected, and never a password."""

import time
from collections.abc import Callable, Iterable
from urllib.parse import urlsplit

import psycopg
import redis
from django.conf import settings
from django.db import connections

Say = Callable[[str], None]
PAUSE = 0.5  # seconds between two looks
OF_DJANGO = ("context", "cursor_factory", "prepare_threshold")
ANSWER = 2  # seconds that a server may take for one answer


class NotThere(Exception):
    """A server did not answer in time."""


def wait(*, names: Iterable[str], seconds: float, say: Say) -> None:
    """Wait until each of `database`, `cache` and `broker` that is named has answered, `seconds` for all of them.

    Raises:
        NotThere: it names the first that did not, its address and its last words.
    """
    ends = time.monotonic() + seconds
    for name in names:
        ask, where = SERVERS[name]
        first = True
        while (trouble := ask()) is not None:
            if time.monotonic() > ends:
                raise NotThere(f"{name} at {where()} did not answer within {seconds:g} s: {trouble}")
            if first:
                say(f"Waiting for {name} at {where()}")
                first = False
            time.sleep(PAUSE)
        say(f"{name} answers")


def _database() -> str | None:
    found = connections["default"].get_connection_params()
    of_libpq = {name: value for name, value in found.items() if name not in OF_DJANGO} | {
        "connect_timeout": ANSWER
    }
    try:
        with psycopg.connect(**of_libpq) as connection:
            connection.execute("SELECT 1")
    except psycopg.Error as error:
        return _first_line(error)
    return None


def _redis(url: str) -> str | None:
    try:
        with redis.Redis.from_url(url, socket_timeout=ANSWER, socket_connect_timeout=ANSWER) as client:
            client.ping()
    except (redis.RedisError, OSError) as error:
        return _first_line(error)
    return None


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0] or type(error).__name__


def _address_of_database() -> str:
    found = connections["default"].settings_dict
    return f"{found['HOST'] or 'localhost'}:{found['PORT'] or 5432}"


def _address(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.hostname}:{parts.port or 6379}" if parts.hostname else parts.path


SERVERS: dict[str, tuple[Callable[[], str | None], Callable[[], str]]] = {
    "database": (_database, _address_of_database),
    "cache": (lambda: _redis(settings.CACHE_URL), lambda: _address(settings.CACHE_URL)),
    "broker": (lambda: _redis(settings.BROKER_URL), lambda: _address(settings.BROKER_URL)),
}

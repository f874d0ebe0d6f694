"""Our own connections to the Redis or Valkey of the broker, each with as much patience as its user has."""

from functools import lru_cache

import redis


@lru_cache(maxsize=8)
def client(*, url: str, connect: float, answer: float) -> "redis.Redis":
    """Return this process's client of a server; `connect` and `answer` are its patience in seconds."""
    return redis.Redis.from_url(with_timeouts(url=url, connect=connect, answer=answer))


def with_timeouts(*, url: str, connect: float, answer: float) -> str:
    """Return a Redis address with its patience in seconds; without it a silent server holds us for a minute."""
    mark = "&" if "?" in url else "?"
    return f"{url}{mark}socket_connect_timeout={connect}&socket_timeout={answer}"

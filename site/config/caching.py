"""Django's cache on Valkey, with one client for each server instead of a new one for each question.

Making a client takes longer than Valkey takes to answer it; the client itself may be shared by threads.
"""

from typing import Any

import redis
from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.redis import RedisCache, RedisCacheClient

_INCREASE = """if redis.call("EXISTS", KEYS[1]) == 0 then return false end
return redis.call("INCRBY", KEYS[1], ARGV[1])"""
_UNGUARDED = {"wagtail_site_root_paths"}  # what Wagtail asks for as if the cache were always there


class Client(RedisCacheClient):
    """Remember the clients that were made, by their pool of connections."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._made: dict[int, Any] = {}

    def get_client(self, key: Any = None, *, write: bool = False) -> Any:
        """Return the client of the server that holds a key."""
        pool = self._get_connection_pool(write)  # type: ignore[attr-defined]  # the stubs know no private names
        if id(pool) not in self._made:
            self._made[id(pool)] = self._client(connection_pool=pool)  # type: ignore[attr-defined]  # nor this
        return self._made[id(pool)]

    def incr(self, key: Any, delta: int) -> int:
        """Add to a number with one question instead of two; a key that ends meanwhile is not begun anew without an end.

        Raises:
            ValueError: there is no such key.
        """
        found = self.get_client(key, write=True).eval(_INCREASE, 1, key, delta)
        if found is None:
            raise ValueError(f"Key '{key}' not found.")
        return int(found)


class ValkeyCache(RedisCache):
    """Django's own but for its client, and for a page that is only slower while the cache is away."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = Client

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        """Return what is kept.

        Raises:
            redis.RedisError: the cache is away, and whoever asks knows what to do then.
        """
        try:
            return super().get(key, default, version)
        except redis.RedisError:
            if key not in _UNGUARDED:
                raise
            return default

    def set(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        """Keep a value; see `get`."""
        try:
            super().set(key, value, timeout, version)
        except redis.RedisError:
            if key not in _UNGUARDED:
                raise

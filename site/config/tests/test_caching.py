"""The shop's cache: one client for each server, and no page fails for it."""

import uuid
from collections.abc import Iterator

import pytest
import redis
from wagtail.models.sites import SITE_ROOT_PATHS_CACHE_KEY

from config.caching import ValkeyCache
from config.settings.base import CACHE_URL

NOBODY = "redis://127.0.0.1:9/0"


def test_a_client_is_made_once() -> None:
    client = ValkeyCache(NOBODY, {})._cache

    assert client.get_client("one") is client.get_client("other", write=True)


def test_addresses_of_pages_are_found_without_a_cache() -> None:
    away = ValkeyCache(NOBODY, {})

    away.set(SITE_ROOT_PATHS_CACHE_KEY, [1])

    assert away.get(SITE_ROOT_PATHS_CACHE_KEY, "nothing") == "nothing"


def test_everybody_else_is_told_that_the_cache_is_away() -> None:
    away = ValkeyCache(NOBODY, {})

    with pytest.raises(redis.ConnectionError):
        away.get("shop-settings")
    with pytest.raises(redis.ConnectionError):
        away.set("shop-settings", 1)


@pytest.fixture
def tries() -> Iterator[ValkeyCache]:
    cache = ValkeyCache(CACHE_URL, {"KEY_PREFIX": uuid.uuid4().hex})
    cache.delete("tries")
    yield cache
    cache.delete("tries")


def test_a_number_grows_only_where_it_is(tries: ValkeyCache) -> None:
    with pytest.raises(ValueError, match="tries"):
        tries.incr("tries")
    assert tries.get("tries") is None

    tries.set("tries", 4, 60)

    assert tries.incr("tries") == 5
    assert tries.incr("tries", 3) == 8
    assert tries.get("tries") == 8


def test_a_number_keeps_its_end(tries: ValkeyCache) -> None:
    tries.set("tries", 0, 60)

    tries.incr("tries")

    assert 0 < tries._cache.get_client().ttl(tries.make_key("tries")) <= 60

"""The shop's cache: one client for each server, and no page fails for it."""

import pytest
import redis
from wagtail.models.sites import SITE_ROOT_PATHS_CACHE_KEY

from config.caching import ValkeyCache

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

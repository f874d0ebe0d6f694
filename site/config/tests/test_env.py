"""Typed values of the environment: empty is not set, nonsense is refused with the name."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import env


@pytest.mark.parametrize(("said", "number"), [("", 8), ("12", 12), (" 3 ", 3)])
def test_numbers(monkeypatch: pytest.MonkeyPatch, said: str, number: int) -> None:
    monkeypatch.setenv("DB_POOL_SIZE", said)

    assert env.number("DB_POOL_SIZE", 8) == number


@pytest.mark.parametrize(
    ("said", "default", "meant"),
    [("", True, True), ("", False, False), ("1", False, True), ("ON", False, True), ("no", True, False)],
)
def test_flags(monkeypatch: pytest.MonkeyPatch, said: str, default: bool, meant: bool) -> None:
    monkeypatch.setenv("DEBUG", said)

    assert env.flag("DEBUG", default) is meant


def test_nonsense_is_refused_with_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DB_POOL_SIZE", "eight")
    monkeypatch.setenv("DEBUG", "perhaps")

    with pytest.raises(ImproperlyConfigured, match="DB_POOL_SIZE must be a whole number, not 'eight'"):
        env.number("DB_POOL_SIZE", 8)
    with pytest.raises(ImproperlyConfigured, match="DEBUG must be true or false, not 'perhaps'"):
        env.flag("DEBUG")


def test_numbers_that_are_too_small_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DB_POOL_SIZE", "0")
    monkeypatch.setenv("POINTS_DAYS", "-1")

    assert env.number("DB_POOL_SIZE", 8) == 0
    with pytest.raises(ImproperlyConfigured, match="DB_POOL_SIZE must be 1 or more, not 0"):
        env.number("DB_POOL_SIZE", 8, least=1)
    with pytest.raises(ImproperlyConfigured, match="POINTS_DAYS must be 0 or more, not -1"):
        env.number("POINTS_DAYS", 365)


def test_days_are_dates(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP_CLOSED_DAYS", "2026-12-24, 2027-02-05")
    assert env.days("SHOP_CLOSED_DAYS") == ["2026-12-24", "2027-02-05"]

    monkeypatch.setenv("SHOP_CLOSED_DAYS", "2026-12-24,2026-99-99")
    with pytest.raises(ImproperlyConfigured, match="SHOP_CLOSED_DAYS must be dates .* not '2026-99-99'"):
        env.days("SHOP_CLOSED_DAYS")


@pytest.mark.parametrize(
    "said", ["Lw2x", "postgres//shop:Lw2x@db.example/shop", "postgres://shop:Lw2x@db.example:port/shop"]
)
def test_what_is_no_address_of_a_database_is_refused_and_not_repeated(
    monkeypatch: pytest.MonkeyPatch, said: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", said)

    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL is no address of a database") as refusal:
        env.database()
    assert "Lw2x" not in str(refusal.value)


def test_the_brokers_database_is_the_next_one_or_must_be_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BROKER_URL", raising=False)
    monkeypatch.setenv("REDIS_URL", "redis://cache.example:6379/4?timeout=2")
    assert env.redis()[1] == "redis://cache.example:6379/5?timeout=2"

    monkeypatch.setenv("REDIS_URL", "unix:///run/valkey.sock")
    with pytest.raises(ImproperlyConfigured, match="or BROKER_URL must be set too"):
        env.redis()
    monkeypatch.setenv("BROKER_URL", "unix:///run/queue.sock")
    assert env.redis() == ("unix:///run/valkey.sock", "unix:///run/queue.sock")


def test_the_direct_database_is_none_unless_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DIRECT_DATABASE_URL", raising=False)
    assert env.direct_database() is None

    monkeypatch.setenv("DIRECT_DATABASE_URL", "postgres://shop:Lw2x@db.example:5433/shop")
    found = env.direct_database()
    assert found is not None
    assert (found["HOST"], found["PORT"], found["NAME"]) == ("db.example", 5433, "shop")

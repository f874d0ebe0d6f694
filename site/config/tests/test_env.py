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


def test_the_direct_database_is_none_unless_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DIRECT_DATABASE_URL", raising=False)
    assert env.direct_database() is None

    monkeypatch.setenv("DIRECT_DATABASE_URL", "postgres://shop:Lw2x@db.example:5433/shop")
    found = env.direct_database()
    assert found is not None
    assert (found["HOST"], found["PORT"], found["NAME"]) == ("db.example", 5433, "shop")

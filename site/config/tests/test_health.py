import pytest
import redis
from django.db import DatabaseError

from config import health as reports
from workers import health

GOOD = {"relay": 1.0, "outbox": 0.0, "due": 2.0, "schedule": 0.0, "dead": 0, "dead_by_handler": {}}


@pytest.fixture
def all_well(monkeypatch):
    monkeypatch.setattr(health, "ping_broker", lambda: None)
    monkeypatch.setattr(health, "lag", lambda: GOOD)


def test_live_asks_nobody(client):
    answer = client.get("/health/live/")

    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/health/", "/health/ready/"])
def test_a_shop_that_works_says_so(client, all_well, path):
    answer = client.get(path)

    assert answer.status_code == 200
    assert answer.json() == {
        "status": "ok",
        "database": "ok",
        "cache": "ok",
        "broker": "ok",
        "workers": "ok",
        "lag": GOOD,
        "backup": "off",
        "replica": "off",
        "sandbox": True,
    }


@pytest.mark.django_db
def test_late_workers_are_told_and_take_no_page_away(client, all_well, monkeypatch):
    monkeypatch.setattr(health, "lag", lambda: GOOD | {"due": 61.0})

    answer = client.get("/health/")

    assert answer.status_code == 200
    assert (answer.json()["status"], answer.json()["workers"]) == ("degraded", "late")
    assert answer.json()["lag"]["due"] == 61.0


@pytest.mark.django_db
def test_a_dead_broker_is_unhealthy(client, all_well, monkeypatch):
    def silent() -> None:
        raise redis.ConnectionError("nobody there")

    monkeypatch.setattr(health, "ping_broker", silent)

    answer = client.get("/health/")

    assert answer.status_code == 503
    assert (answer.json()["status"], answer.json()["broker"]) == ("unhealthy", "failed")


@pytest.mark.django_db
def test_without_a_database_nothing_else_is_asked_of_it(client, all_well, monkeypatch):
    def broken() -> None:
        raise DatabaseError("gone")

    monkeypatch.setattr(reports, "_database", broken)

    answer = client.get("/health/")

    assert answer.status_code == 503
    assert (answer.json()["database"], answer.json()["workers"]) == ("failed", "unknown")
    assert "lag" not in answer.json()

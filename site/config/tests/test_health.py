import threading

import pytest
import redis
from django.db import DatabaseError

from config import health as reports
from config import schema
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
        "migrations": "ok",
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
@pytest.mark.parametrize(
    ("what", "where"), [("broker", (health, "ping_broker")), ("cache", (reports, "_cache"))]
)
def test_without_cache_or_broker_pages_go_on(client, all_well, monkeypatch, what, where):
    def silent() -> None:
        raise redis.ConnectionError("nobody there")

    monkeypatch.setattr(*where, silent)

    answer = client.get("/health/ready/")

    assert answer.status_code == 200
    assert (answer.json()["status"], answer.json()[what]) == ("degraded", "failed")


@pytest.mark.django_db
@pytest.mark.parametrize(("what", "status"), [("_database", 503), ("_cache", 200)])
def test_a_server_that_hangs_is_not_waited_for(client, all_well, monkeypatch, what, status):
    over = threading.Event()
    monkeypatch.setattr(reports, "SECONDS", 0.05)
    monkeypatch.setattr(reports, what, lambda: over.wait(30))

    answer = client.get("/health/ready/")  # twin: were it waited for, this would take half a minute

    assert not over.is_set()
    over.set()
    assert (answer.status_code, answer.json()[what[1:]]) == (status, "failed")


@pytest.mark.django_db
def test_code_that_the_tables_do_not_fit_yet_is_not_ready(client, all_well, monkeypatch):
    monkeypatch.setattr(schema, "_complete", False)
    monkeypatch.setattr(schema, "_asked_at", 0.0)
    newest = schema.MigrationRecorder.Migration.objects.filter(app="commerce").latest("id")
    newest.delete()

    behind = client.get("/health/ready/")
    newest.save()
    at_once = client.get("/health/ready/")
    monkeypatch.setattr(schema, "AGAIN", 0.0)
    later = client.get("/health/ready/")

    assert (behind.status_code, behind.json()["status"], behind.json()["migrations"]) == (
        503,
        "unhealthy",
        "pending",
    )
    assert at_once.status_code == 503  # it is asked again after a while only
    assert (later.status_code, later.json()["migrations"]) == (200, "ok")


@pytest.mark.django_db
def test_what_the_files_say_is_what_django_would_apply(monkeypatch):
    assert schema.missing() == []
    schema.MigrationRecorder.Migration.objects.filter(app="workers").delete()

    expected = {
        f"workers.{name}"
        for label, name in schema.MigrationLoader(None).disk_migrations
        if label == "workers"
    }
    assert set(schema.missing()) == expected != set()


@pytest.mark.django_db
def test_an_older_release_is_ready_on_newer_tables(client, all_well, monkeypatch):
    monkeypatch.setattr(schema, "_complete", False)
    monkeypatch.setattr(schema, "_asked_at", 0.0)
    schema.MigrationRecorder.Migration.objects.create(app="commerce", name="9999_of_tomorrow")

    assert client.get("/health/ready/").json()["migrations"] == "ok"


@pytest.mark.django_db
def test_who_drains_asks_for_nobody_new_and_goes_on_answering(client, all_well, settings, tmp_path):
    settings.DRAIN_FILE = str(tmp_path / "draining")
    before = client.get("/health/ready/")
    (tmp_path / "draining").touch()

    ready, live, report = (client.get(f"/health/{path}") for path in ("ready/", "live/", ""))

    assert before.status_code == 200
    assert (ready.status_code, ready.json()) == (503, {"status": "draining"})
    assert (live.status_code, report.status_code) == (200, 200)


@pytest.mark.parametrize("host", ["10.0.0.5:8000", "shop.example"])
def test_probes_are_answered_under_any_name_and_without_tls(client, settings, host):
    settings.ALLOWED_HOSTS, settings.SECURE_SSL_REDIRECT = ["shop.example"], True

    answer = client.get("/health/live/", headers={"host": host})

    assert answer.status_code == 200


@pytest.mark.django_db
def test_without_a_database_nothing_else_is_asked_of_it(client, all_well, monkeypatch):
    def broken() -> None:
        raise DatabaseError("gone")

    monkeypatch.setattr(reports, "_database", broken)

    answer = client.get("/health/")

    assert answer.status_code == 503
    assert (answer.json()["database"], answer.json()["workers"]) == ("failed", "unknown")
    assert "lag" not in answer.json()

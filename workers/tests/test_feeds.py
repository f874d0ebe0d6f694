"""The clock makes feeds when something changed, and a worker that must leave leaves."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.storage import storages
from django.core.management import call_command

from commerce import copies
from commerce.events import types
from commerce.feeds.models import Feed
from commerce.tests.factories import product
from workers import leaving
from workers.handlers import feeds
from workers.jobs import Context, NotNow
from workers.metrics import report
from workers.tests.factories import NOW
from workers.tests.test_handlers import CONTEXT, fact

pytestmark = pytest.mark.django_db
TICK = fact(types.FeedsDue(slot="s", occurred_at=NOW))


@pytest.fixture(autouse=True)
def private(settings: Any, tmp_path: Any) -> None:
    storage = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = {**settings.STORAGES, "private": storage}


def later(**spell: int) -> Context:
    return Context(
        handler="feeds.make", attempt=1, idempotency_key=CONTEXT.idempotency_key, now=NOW + timedelta(**spell)
    )


def test_feeds_are_made_once_and_again_after_a_change(settings: Any) -> None:
    settings.FEEDS = ["naver"]
    product("cup")
    feeds.make(TICK, later())
    first = Feed.objects.get()

    feeds.make(TICK, later(hours=1))
    assert Feed.objects.get().made_at == first.made_at

    copies.forget()
    feeds.make(TICK, later(hours=2))
    assert Feed.objects.get().made_at == NOW + timedelta(hours=2)


def test_the_feeds_that_the_shop_wants_are_made_under_its_name(settings: Any) -> None:
    settings.FEEDS = ["google-en", "gone"]

    feeds.make(TICK, later())

    row = Feed.objects.get()
    assert row.name == "google-en"
    assert b"<link>http://testserver/</link>" in storages["private"].open(row.file).read()


def test_a_worker_that_must_leave_keeps_the_feed_before(settings: Any, monkeypatch: Any) -> None:
    settings.FEEDS = ["naver"]
    feeds.make(TICK, later())
    asked = threading.Event()
    asked.set()
    monkeypatch.setattr(leaving, "_asked", asked)

    with pytest.raises(NotNow):
        feeds.make(TICK, later(hours=7))

    assert Feed.objects.get().made_at == NOW


def test_a_command_makes_them_and_says_where(settings: Any, capsys: Any) -> None:
    settings.FEED_KEY = "key"

    call_command("make_feeds", "naver")

    assert capsys.readouterr().out.startswith("http://testserver/feeds/key/naver.txt 0 entries, ")


def test_monitoring_sees_how_old_a_feed_is(settings: Any) -> None:
    settings.FEEDS = ["naver"]
    feeds.make(TICK, later())

    assert b'maru_feed_age_seconds{feed="naver"}' in report()

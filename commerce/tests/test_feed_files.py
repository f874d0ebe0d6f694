"""How feeds are made, kept and served."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.files.storage import storages
from django.test import Client

from commerce.feeds import kinds, services
from commerce.feeds.models import Feed
from commerce.tests.factories import NOW
from commerce.tests.feeding import jar

BASE = "https://shop.example"
G = "{http://base.google.com/ns/1.0}"


@pytest.fixture(autouse=True)
def private(settings: Any, tmp_path: Any) -> Any:
    storage = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = {**settings.STORAGES, "private": storage}
    return tmp_path


def make(name: str = "naver", *, edition: str = "one", now: datetime = NOW) -> bool:
    return services.make(name=name, brand="마루", base=BASE, points_percent=0, edition=edition, now=now)


@pytest.mark.django_db
def test_a_new_file_takes_the_place_of_the_old_one(private: Any) -> None:
    jar()
    make()
    first = Feed.objects.get()

    make(now=NOW + timedelta(hours=1))

    row = Feed.objects.get()
    content = storages["private"].open(row.file).read()
    assert (row.entries, row.size, row.made_at) == (1, len(content), NOW + timedelta(hours=1))
    assert row.file != first.file
    assert [path.name for path in private.glob("feeds/*")] == [row.file.removeprefix("feeds/")]


@pytest.mark.django_db
def test_an_older_feed_never_replaces_a_newer_one(private: Any) -> None:
    make(now=NOW)

    assert make(now=NOW - timedelta(minutes=1)) is False

    assert Feed.objects.get().made_at == NOW
    assert len(list(private.glob("feeds/*"))) == 1


@pytest.mark.django_db
def test_what_stops_a_making_leaves_the_feed_before(private: Any) -> None:
    jar()
    make()
    before = Feed.objects.get()

    class Leaving(Exception):
        pass

    def leave() -> None:
        raise Leaving

    with pytest.raises(Leaving):
        services.make(
            name="naver", brand="", base=BASE, points_percent=0, edition="two", now=NOW, going_on=leave
        )

    assert Feed.objects.get().file == before.file
    assert len(list(private.glob("feeds/*"))) == 1


@pytest.mark.django_db
def test_a_feed_is_due_when_what_is_shown_changed_or_after_hours() -> None:
    assert services.is_due(name="naver", edition="one", now=NOW)

    make(edition="one")

    assert not services.is_due(name="naver", edition="one", now=NOW + timedelta(hours=5))
    assert services.is_due(name="naver", edition="two", now=NOW)
    assert services.is_due(name="naver", edition="one", now=NOW + services.MOST_AGE)


@pytest.mark.django_db
def test_a_feed_is_served_with_its_age_and_answers_304(client: Client, settings: Any) -> None:
    jar()
    make("google-ko")
    address = kinds.address(name="google-ko").removeprefix(settings.SHOP_BASE_URL)

    answer = client.get(address)
    body = b"".join(answer.streaming_content)  # type: ignore[attr-defined]

    row = Feed.objects.get()
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/xml; charset=utf-8")
    assert answer["ETag"] == f'"{row.digest}"'
    assert answer["Last-Modified"] == "Tue, 24 Nov 2026 03:00:00 GMT"
    assert (answer["X-Robots-Tag"], answer["Content-Length"]) == ("noindex", str(len(body)))
    assert body.startswith(b"<?xml")
    assert client.get(address, headers={"if-none-match": answer["ETag"]}).status_code == 304
    since = {"if-modified-since": "Tue, 24 Nov 2026 03:00:00 GMT"}
    assert client.get(address, headers=since).status_code == 304
    assert client.get(address, headers={"if-none-match": '"else"'}).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["guess/naver.txt", "{key}/naver.xml", "{key}/other.txt", "{key}/google-ko.xml"]
)
def test_other_addresses_lead_nowhere(client: Client, path: str) -> None:
    make("naver")

    assert client.get(f"/feeds/{path.format(key=kinds.key())}").status_code == 404


@pytest.mark.django_db
def test_the_address_can_be_chosen(client: Client, settings: Any) -> None:
    settings.FEED_KEY = "spring-2027"
    make("naver")

    assert client.get("/feeds/spring-2027/naver.txt").status_code == 200

"""Films: from the shop itself, or from another house when somebody wants it; nothing is asked of others before."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.db.utils import IntegrityError
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cms import films
from cms.models import ShopVideo
from cms.tests import factories
from cms.tests.factories import Shop

MP4 = b"\x00\x00\x00\x18ftypmp42" + b"\x00" * 32
CAPTIONS = "WEBVTT\n\n00:01.000 --> 00:04.000\n가마를 엽니다.\n"


def film(**fields: Any) -> ShopVideo:
    poster = fields.pop("poster", None) or factories.image("still")
    made = ShopVideo(**{"title": "가마", "title_en": "The kiln", "poster": poster, **fields})
    made.full_clean()
    made.save()
    return made


def show(shop: Shop, *shown: ShopVideo) -> None:
    shop.home.body = [("film", {"film": one, "caption": "아침"}) for one in shown]
    factories.publish(shop.home)


@pytest.mark.parametrize(
    ("address", "frame"),
    [
        ("https://www.youtube.com/watch?v=dQw4w9WgXcQ", "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?autoplay=1&rel=0"),
        ("https://www.youtube.com/watch?t=4&v=dQw4w9WgXcQ", "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?autoplay=1&rel=0"),
        ("https://youtu.be/dQw4w9WgXcQ?si=x", "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?autoplay=1&rel=0"),
        ("https://vimeo.com/123456789", "https://player.vimeo.com/video/123456789?autoplay=1&dnt=1"),
        ("https://player.vimeo.com/video/123456789?h=1", "https://player.vimeo.com/video/123456789?autoplay=1&dnt=1"),
        ("https://evil.example/watch?v=dQw4w9WgXcQ", None),
        ("https://youtube.com.evil.example/watch?v=dQw4w9WgXcQ", None),
        ("http://youtu.be/dQw4w9WgXcQ", None),
        ("https://youtu.be/short", None),
        ("https://vimeo.com/channels/staffpicks", None),
        ('https://youtu.be/dQw4w9WgXcQ"onload=x', "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?autoplay=1&rel=0"),
    ],
)  # fmt: skip
def test_only_films_of_two_houses_get_into_a_frame(address: str, frame: str | None) -> None:
    found = films.embed_of(address)

    assert (found.frame if found else None) == frame


@pytest.mark.django_db
def test_a_film_of_another_house_is_a_picture_until_somebody_presses_play(client: Client, shop: Shop) -> None:
    show(shop, film(address="https://youtu.be/dQw4w9WgXcQ"))

    response = client.get("/")

    html = response.content.decode()
    assert "<iframe" not in html
    assert 'href="https://www.youtube.com/watch?v=dQw4w9WgXcQ"' in html  # without scripts
    assert not [part for part in html.split('src="')[1:] if part.startswith("http")]
    assert (
        "frame-src https://www.youtube-nocookie.com https://player.vimeo.com"
        in response["Content-Security-Policy"]
    )


@pytest.mark.django_db
def test_pages_without_such_films_frame_nothing(client: Client, shop: Shop) -> None:
    show(shop, film(file=SimpleUploadedFile("kiln.mp4", MP4)))

    assert "frame-src" not in client.get("/")["Content-Security-Policy"]


@pytest.mark.django_db
def test_a_film_of_our_own_has_its_captions(client: Client, shop: Shop) -> None:
    shown = film(file=SimpleUploadedFile("kiln.mp4", MP4), captions=CAPTIONS)
    show(shop, shown)

    html = client.get("/").content.decode()

    address = f"/films/{shown.pk}/captions-none.vtt".replace("-none", ".ko")
    assert f'src="{address}" srclang="ko"' in html
    assert 'srclang="en"' not in html
    response = client.get(address)
    assert response["Content-Type"] == "text/vtt; charset=utf-8"
    assert response.content.decode() == CAPTIONS
    assert client.get(f"/films/{shown.pk}/captions.en.vtt").status_code == 404
    assert client.get("/films/0/captions.ko.vtt").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({}, "file"),
        ({"file": SimpleUploadedFile("a.mp4", MP4), "address": "https://vimeo.com/123456789"}, "file"),
        ({"address": "https://example.com/a"}, "address"),
        ({"file": SimpleUploadedFile("a.mp4", b"<html>" * 9)}, "file"),
        ({"file": SimpleUploadedFile("a.mp4", b"\x00\x00\x00\x14ftypqt  " + b"\x00" * 32)}, "file"),
        ({"file": SimpleUploadedFile("a.exe", MP4)}, "file"),
        ({"address": "https://vimeo.com/123456789", "captions": "가마를 엽니다."}, "captions"),
    ],
)
def test_what_is_no_film_is_refused_at_its_field(fields: dict[str, Any], wrong: str) -> None:
    with pytest.raises(ValidationError) as refused:
        film(**fields)

    assert wrong in refused.value.message_dict
    assert not ShopVideo.objects.exists()


@pytest.mark.django_db
def test_the_database_knows_one_source_only() -> None:
    with pytest.raises(IntegrityError, match="film_has_one_source"), transaction.atomic():
        ShopVideo.objects.create(title="x", poster=factories.image("still"))


@pytest.mark.django_db
def test_more_films_cost_no_more_queries(client: Client, shop: Shop) -> None:
    def cost(*shown: ShopVideo) -> int:
        show(shop, *shown)
        with CaptureQueriesContext(connection) as captured:
            client.get("/")
        return len(captured)

    made = [film(address=f"https://vimeo.com/12345678{n}", poster=factories.image(f"s{n}")) for n in range(3)]

    cost(made[0])  # what is kept between requests is kept from here on

    assert cost(*made) == cost(made[0])

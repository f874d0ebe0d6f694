"""The admin's doors: how often a password may be tried, and what may be uploaded behind them."""

import io
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from cms.models import ShopImage
from cms.tests import desk
from cms.tests.desk import NOW
from commerce.customers.models import User

pytestmark = pytest.mark.django_db
DOORS = ("/admin/login/", "/django-admin/login/")


@pytest.fixture(autouse=True)
def _three_tries_at_noon(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    cache.clear()
    settings.SIGN_IN_TRIES = 3
    monkeypatch.setattr(timezone, "now", lambda: NOW)


def boss(email: str = "boss@maru.example") -> User:
    person = desk.person(email, is_superuser=True, is_staff=True)
    person.set_password("right-and-long")
    person.save()
    return person


def sign_in(
    client: Client, door: str, *, password: str, email: str = "boss@maru.example", **extra: Any
) -> Any:
    return client.post(door, {"username": email, "password": password}, **extra)


@pytest.mark.parametrize("door", DOORS)
def test_who_guesses_is_stopped_and_then_even_the_right_password_waits(client: Client, door: str) -> None:
    boss()
    for _try in range(3):
        assert "너무 여러 번" not in sign_in(client, door, password="wrong").content.decode()

    answer = sign_in(client, door, password="right-and-long", headers={"accept-language": "en"})

    assert answer.status_code == 200
    assert "10분 후에" in answer.content.decode()
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("door", DOORS)
def test_three_tries_are_free(client: Client, door: str) -> None:
    person = boss()
    for _try in range(2):
        sign_in(client, door, password="wrong")

    assert sign_in(client, door, password="right-and-long").status_code == 302
    assert client.session["_auth_user_id"] == str(person.pk)


def test_many_addresses_cannot_guess_one_account_for_ever(client: Client) -> None:
    boss()
    boss("other@maru.example")
    for n in range(9):
        sign_in(client, DOORS[0], password="wrong", REMOTE_ADDR=f"192.0.2.{n}")

    refused = sign_in(client, DOORS[0], password="right-and-long", REMOTE_ADDR="192.0.2.77")
    assert (refused.status_code, "_auth_user_id" in client.session) == (200, False)
    other = sign_in(
        client, DOORS[0], password="right-and-long", email="other@maru.example", REMOTE_ADDR="192.0.2.77"
    )
    assert other.status_code == 302


def test_both_doors_count_together(client: Client) -> None:
    boss()
    for door in (DOORS[0], DOORS[1], DOORS[0]):
        sign_in(client, door, password="wrong")

    assert sign_in(client, DOORS[1], password="right-and-long").status_code == 200


def png(width: int, height: int) -> bytes:
    file = io.BytesIO()
    Image.new("1", (width, height)).save(file, "PNG")
    return file.getvalue()


DRAWING = b'<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("drawing.svg", DRAWING),
        ("drawing.png", DRAWING),  # its name lies
        ("huge.png", png(6000, 5001)),  # a small file that unpacks to more than thirty million points
    ],
)
def test_files_that_are_no_good_pictures_are_refused(client: Client, name: str, content: bytes) -> None:
    client.force_login(boss())

    answer = client.post("/admin/images/add/", {"title": "x", "file": SimpleUploadedFile(name, content)})

    assert answer.status_code == 200
    assert answer.context["form"].errors["file"]
    assert not ShopImage.objects.exists()


def test_a_picture_of_too_many_bytes_is_refused_and_a_good_one_is_taken(
    client: Client, settings: Any
) -> None:
    client.force_login(boss())
    good = png(600, 500)
    settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE = len(good) - 1

    def upload() -> Any:
        return client.post("/admin/images/add/", {"title": "x", "file": SimpleUploadedFile("a.png", good)})

    assert upload().context["form"].errors["file"]
    settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE = len(good)
    assert upload().status_code == 302
    assert ShopImage.objects.count() == 1

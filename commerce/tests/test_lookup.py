"""Guests find their orders again; nobody finds those of others, and nobody may try for ever."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from commerce import limits
from commerce.orders.models import Order
from commerce.tests.factories import NOW, order

pytestmark = pytest.mark.django_db
URL = "/orders/lookup/"
NOT_FOUND = "입력하신 주문번호와 연락처에 맞는 주문이 없습니다. 둘 다 다시 확인해 주세요."


def look(client: Client, number: str, contact: str, **headers: str) -> Any:
    """Send the form."""
    return client.post(URL, {"number": number, "contact": contact}, **headers)


@pytest.mark.parametrize(
    "contact", ["01012345678", "010-1234-5678", " 010 1234 5678 ", "hana@example.com", "HANA@Example.com "]
)
def test_number_and_contact_lead_to_the_order(client: Client, contact: str) -> None:
    placed = order()

    answer = look(client, placed.number, contact)

    assert (answer.status_code, answer["Location"]) == (302, f"/orders/{placed.token}/")


@pytest.mark.parametrize(("old", "new"), [("-", ""), ("-", " - "), ("-", "-")])
def test_the_number_may_be_typed_carelessly(client: Client, old: str, new: str) -> None:
    placed = order()

    assert look(client, f" {placed.number.lower().replace(old, new)} ", "01012345678").status_code == 302


def test_the_english_page_leads_to_the_english_order(client: Client) -> None:
    placed = order()

    answer = client.post("/en/orders/lookup/", {"number": placed.number, "contact": "hana@example.com"})

    assert answer["Location"] == f"/en/orders/{placed.token}/"


@pytest.mark.parametrize(
    ("number", "contact"),
    [
        (None, "01099999999"),
        (None, "hana@example.org"),
        (None, "@"),
        (None, "-"),
        (None, "전화"),
        ("20261124-2222222", "01012345678"),
        ("20261124", "01012345678"),
        ("1", "01012345678"),
        ("'; DROP TABLE", "01012345678"),
        ("주문", "01012345678"),
    ],
)
def test_a_wrong_number_and_a_wrong_contact_sound_the_same(
    client: Client, number: str | None, contact: str
) -> None:
    placed = order()

    answer = look(client, number or placed.number, contact)

    page = answer.content.decode()
    assert answer.status_code == 200
    assert NOT_FOUND in page
    assert placed.token not in page


def test_nothing_typed_is_lost(client: Client) -> None:
    page = look(client, "20261124-XXXXXXX", "hana@example.org").content.decode()

    assert 'value="20261124-XXXXXXX"' in page
    assert 'value="hana@example.org"' in page


@pytest.mark.parametrize(("number", "contact"), [("", ""), ("20261124-2222222", ""), ("", "01012345678")])
def test_what_is_missing_is_named(client: Client, number: str, contact: str) -> None:
    page = look(client, number, contact).content.decode()

    assert ("주문번호를 입력해 주세요." in page) is not bool(number)
    assert ("주문할 때 입력한 휴대폰 번호나 이메일을 입력해 주세요." in page) is not bool(contact)


@pytest.mark.parametrize("contact", ["a\x00b", "x" * 300])
def test_what_no_contact_can_be_is_refused(client: Client, contact: str) -> None:
    placed = order()

    assert look(client, placed.number, contact).status_code == 200


def test_an_address_cannot_name_the_order(client: Client) -> None:
    placed = order()

    answer = client.get(URL, {"number": placed.number, "contact": "01012345678"})

    assert answer.status_code == 200
    assert placed.token not in answer.content.decode()


def test_after_ten_tries_one_must_wait(client: Client) -> None:
    placed = order()
    for _ in range(10):
        assert look(client, placed.number, "01099999999").status_code == 200

    answer = look(client, placed.number, "01012345678")

    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= 600
    assert "조회를 너무 여러 번 시도했습니다." in answer.content.decode()
    assert placed.token not in answer.content.decode()


def test_another_address_may_still_try(client: Client) -> None:
    placed = order()
    for _ in range(11):
        look(client, placed.number, "01099999999")

    assert look(client, placed.number, "01012345678", REMOTE_ADDR="192.0.2.7").status_code == 302


def test_looking_at_the_form_is_no_try(client: Client) -> None:
    placed = order()
    for _ in range(20):
        client.get(URL)

    assert look(client, placed.number, "01012345678").status_code == 302


def test_a_new_window_of_time_lets_one_try_again() -> None:
    def wait(seconds: int) -> int:
        now = NOW.replace(minute=0) + timedelta(seconds=seconds)
        return limits.seconds_to_wait(name="t", who="a", tries=2, seconds=60, now=now)

    assert [wait(0), wait(10), wait(20), wait(59)] == [0, 0, 40, 1]
    assert wait(60) == 0


@pytest.mark.parametrize(
    ("header", "sent", "client_address"),
    [
        ("", "203.0.113.9", "127.0.0.1"),
        ("X-Real-IP", "203.0.113.9", "203.0.113.9"),
        ("X-Real-IP", "", "127.0.0.1"),
    ],
)
def test_the_address_comes_from_the_shops_own_proxy_only(
    rf: Any, settings: Any, header: str, sent: str, client_address: str
) -> None:
    settings.CLIENT_ADDRESS_HEADER = header

    assert limits.client(rf.get("/", headers={"X-Real-IP": sent})) == client_address


# --- the page itself --------------------------------------------------------------------------------------


@pytest.mark.parametrize("token", ["x", "A" * 32, "lookup1", "-" * 40])
def test_an_unknown_address_is_not_found(client: Client, token: str) -> None:
    order()

    for path in (
        f"/orders/{token}/",
        f"/checkout/pay/{token}/",
        f"/checkout/return/{token}/",
        f"/checkout/state/{token}/",
    ):
        assert client.get(path).status_code == 404
    assert client.post(f"/orders/{token}/retry/").status_code == 404


def test_the_number_is_no_address(client: Client) -> None:
    placed = order()

    assert client.get(f"/orders/{placed.number}/").status_code == 404
    assert client.get(f"/orders/{placed.pk}/").status_code == 404


def test_an_order_page_is_for_its_reader_only(client: Client) -> None:
    placed = order()

    answer = client.get(f"/orders/{placed.token}/")

    assert answer.status_code == 200
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["X-Robots-Tag"] == "noindex"
    assert '<meta name="robots" content="noindex">' in answer.content.decode()


def test_what_only_staff_must_know_is_not_on_the_page(client: Client) -> None:
    placed = order()
    Order.objects.update(flag="payment mismatch: amount: 1 instead of 51000")

    page = client.get(f"/orders/{placed.token}/").content.decode()

    assert "instead of" not in page
    assert "담당자가 결제를 확인하고 있습니다" in page

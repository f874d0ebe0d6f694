"""The page on which a shopper says where a deposit goes back to, and what her order says of refunds."""

from typing import Any

import pytest
from django.test import Client

from commerce.events.models import OutboxEvent
from commerce.orders.models import Order
from commerce.payments.models import Refund
from commerce.tests.fakes import FakeGateway
from commerce.tests.refunding import give_back, paid, pay
from commerce.tests.shopping import text

pytestmark = pytest.mark.django_db
TYPED = {"bank": "KAKAO", "number": "3333-01-2345678", "holder": " 김 하나 "}


@pytest.fixture
def waiting() -> Order:
    """An order that was paid by deposit; one of its two cups is to be refunded."""
    placed = paid(FakeGateway(), deposit=True)
    give_back(placed, units=1)
    return placed


def page(order: Order, prefix: str = "") -> str:
    return f"{prefix}/orders/{order.token}/refund-account/"


def test_the_page_says_how_much_goes_back(client: Client, waiting: Order) -> None:
    answer = client.get(page(waiting, "/en"))

    assert answer.status_code == 200
    assert "Tea cup × 1" in text(answer) or "찻잔 × 1" in text(answer)
    assert "₩24,000" in text(answer)
    assert answer["Cache-Control"] == "private, no-store"
    assert (answer["Referrer-Policy"], answer["X-Robots-Tag"]) == ("same-origin", "noindex")


def test_a_named_account_sets_the_refund_on_its_way(client: Client, waiting: Order) -> None:
    answer = client.post(page(waiting), TYPED)

    refund = Refund.objects.get()
    assert answer["Location"] == f"/orders/{waiting.token}/"
    assert refund.state == "requested"
    assert refund.account == {"bank": "KAKAO", "number": "3333012345678", "holder": "김 하나"}
    fact = OutboxEvent.objects.get(type="refund.account_given")
    assert fact.payload == {"order_id": waiting.pk, "refund_id": refund.pk}
    assert waiting.timeline.get(kind="refund_account_given").actor == "shopper"
    assert client.get(page(waiting)).status_code == 302  # asked once


def test_the_account_never_shows_again(client: Client, waiting: Order) -> None:
    client.post(page(waiting), TYPED)

    for answer in (client.get(f"/orders/{waiting.token}/"), client.get(page(waiting), follow=True)):
        assert "3333" not in answer.content.decode()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"bank": ""}, "bank"),
        ({"bank": "NOT_A_BANK"}, "bank"),
        ({"number": ""}, "number"),
        ({"number": "123-456"}, "number"),
        ({"number": "12345678901234567"}, "number"),
        ({"number": "1111111111"}, "number"),
        ({"number": "33330123456٣٤"}, "number"),
        ({"number": "acc-3333012345"}, "number"),
        ({"holder": " "}, "holder"),
    ],
)
def test_a_wrong_account_is_said_so_and_changes_nothing(
    client: Client, waiting: Order, changes: dict[str, Any], field: str
) -> None:
    answer = client.post(page(waiting), TYPED | changes)

    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == [field]
    assert Refund.objects.get().state == "waiting_for_account"


def test_full_width_digits_are_digits(client: Client, waiting: Order) -> None:
    client.post(page(waiting), TYPED | {"number": "３３３３０１２３４５６７８"})

    assert Refund.objects.get().account["number"] == "3333012345678"


def test_who_is_not_waited_for_is_led_to_the_order(client: Client) -> None:
    placed = paid(FakeGateway())
    give_back(placed, units=1)

    assert client.get(page(placed))["Location"] == f"/orders/{placed.token}/"
    assert client.post(page(placed), TYPED)["Location"] == f"/orders/{placed.token}/"
    assert Refund.objects.get().account == {}
    assert client.get("/orders/unknown/refund-account/").status_code == 404


def test_the_order_says_what_goes_back_and_what_it_is_made_of(client: Client) -> None:
    gateway = FakeGateway()
    placed = paid(gateway, sent=True)
    refund = give_back(placed, units=2)

    before = text(client.get(f"/en/orders/{placed.token}/"))
    pay(refund, gateway)
    after = text(client.get(f"/en/orders/{placed.token}/"))

    for said in ("× 2 ₩48,000", "Delivery costs deducted -₩3,000", "Refund ₩45,000"):
        assert said in before
        assert said in after
    assert "Being given back" in before
    assert "Refund completed" in after


def test_the_order_asks_for_the_account(client: Client, waiting: Order) -> None:
    answer = client.get(f"/en/orders/{waiting.token}/")

    assert f'href="/en/orders/{waiting.token}/refund-account/"' in answer.content.decode()
    assert "Waiting for your account" in text(answer)

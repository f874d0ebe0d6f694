"""What a shopper sees of parcels, and says of them."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from commerce.fulfilment import services
from commerce.orders import document
from commerce.orders.models import Order
from commerce.tests.factories import NOW
from commerce.tests.parcels import CJ, arrive, everything, facts, paid, send, standing
from commerce.tests.shopping import text

pytestmark = pytest.mark.django_db


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let it be two days later for views."""
    monkeypatch.setattr(timezone, "now", lambda: NOW + timedelta(days=2))


def page(order: Order, name: str = "order", *more: int, language: str = "en") -> str:
    with translation.override(language):
        return reverse(name, args=[order.token, *more])


def test_the_page_shows_parcels_items_and_what_is_still_to_come(client: Client, noon):
    order = paid(cups=2, pots=1, language="en")
    send(order, cup=1)

    answer = client.get(page(order))

    shown = text(answer)
    assert "Part of your order is on its way" in shown
    assert "Paid (done) Being prepared (done) On its way Delivered Confirmed" in shown
    here, follows = shown.split("Still to come")
    assert f"Parcel 1 · On its way CJ Logistics {CJ}" in here
    assert "Tea cup CUP × 1" in here
    assert "Tea cup CUP × 1 Tea cup POT × 1 Leaves by Nov. 27, 2026 at the latest." in follows
    assert (
        '<a class="btn btn--small" href="https://trace.cjlogistics.com/next/tracking.html?wblNo=123456789012"'
        ' target="_blank" rel="noopener noreferrer">'
    ) in answer.content.decode()


def test_a_late_shop_does_not_promise_yesterday(client: Client, noon):
    order = paid(at=NOW - timedelta(days=8), language="en")

    shown = text(client.get(page(order)))

    assert "We are late with this" in shown
    assert "at the latest" not in shown


def test_an_unpaid_order_speaks_of_no_parcels(client: Client, noon):
    order = paid()
    Order.objects.update(status="placed", paid_at=None, payment_status="pending", fulfilment_status="waiting")

    assert 'id="parcels"' not in client.get(page(order)).content.decode()


def test_a_shopper_says_that_the_parcel_is_here(client: Client, today):
    order = paid(language="en")
    shipment = send(order)
    ask = page(order, "parcel-received", shipment.pk)
    assert ask in client.get(page(order)).content.decode()
    before = everything()

    assert "Is the parcel here?" in text(client.get(ask))
    assert everything() == before
    answer = client.post(ask, follow=True)

    shipment.refresh_from_db()
    assert (shipment.delivered_at, shipment.arrival) == (NOW + timedelta(days=2), "shopper")
    assert standing(order) == ("fulfilled", "delivered")
    entry = order.timeline.last()
    assert (entry.kind, entry.actor) == ("delivered", "shopper")
    shown = text(answer)
    assert "Delivered on Nov. 26, 2026. You can return it until Dec. 3, 2026." in shown
    assert "it counts as confirmed from Dec. 4, 2026" in shown
    after = everything()
    client.post(ask)
    assert everything() == after


def test_a_shopper_confirms_the_purchase_once(client: Client, today):
    order = paid(language="en")
    arrive(send(order))
    ask = page(order, "order-confirm")
    before = everything()

    asked = text(client.get(ask))
    assert everything() == before
    assert "you can still return until Dec. 2, 2026" in asked
    answer = client.post(ask, follow=True)
    client.post(ask)

    order.refresh_from_db()
    assert order.confirmed_at == NOW + timedelta(days=2)
    assert facts()[-1] == (
        "order.confirmed",
        {"order_id": order.pk, "number": order.number, "how": "shopper"},
    )
    assert [name for name, _payload in facts()].count("order.confirmed") == 1
    assert "Purchase confirmed on Nov. 26, 2026." in text(answer)
    assert ask not in answer.content.decode()


def test_nothing_is_confirmed_while_something_is_missing(client: Client, today):
    order = paid(cups=2, pots=1)
    arrive(send(order, cup=2))
    before = everything()
    ask = page(order, "order-confirm")

    assert ask not in client.get(page(order)).content.decode()
    assert client.post(ask).status_code == 302
    assert everything() == before


def test_nobody_speaks_of_parcels_of_another_order(client: Client, today):
    order, other = paid(), paid()
    shipment = send(other)
    before = everything()

    assert client.post(page(order, "parcel-received", shipment.pk)).status_code == 302
    assert client.post(f"/en/orders/wrong/received/{shipment.pk}/").status_code == 404
    assert client.post("/en/orders/wrong/confirm/").status_code == 404
    assert everything() == before


def test_a_forged_form_changes_nothing(today):
    client = Client(enforce_csrf_checks=True)
    order = paid()
    shipment = send(order)
    before = everything()

    assert client.post(page(order, "parcel-received", shipment.pk)).status_code == 403
    assert everything() == before


def test_the_story_tells_courier_and_number(client: Client, today):
    order = paid(language="en")
    shipment = send(order)
    services.correct_tracking(
        shipment_id=shipment.pk, courier="hanjin", tracking_number="999999999999", now=NOW
    )

    shown = text(client.get(page(order))).split("What happened so far")[1]

    assert f"Handed to the courier · CJ Logistics {CJ}" in shown
    assert "Tracking number corrected · Hanjin 999999999999" in shown
    korean = text(client.get(page(order, language="ko")))
    assert f"CJ대한통운 {CJ}" in korean


def test_the_document_adds_up_and_is_not_kept_by_anyone(client: Client, noon):
    order = paid(cups=1, pots=1, language="en")
    found = document.of(order=order)
    rows = [*found.lines, found.rest]
    assert (sum(row.total for row in rows), sum(row.vat for row in rows)) == (order.total, order.vat)
    assert (found.whole.supply, found.whole.vat, found.whole.total) == (46_364, 4_636, 51_000)

    answer = client.get(page(order, "order-document"))

    shown = text(answer)
    for expected in ("Transaction statement", order.number, "₩46,364", "₩4,636", "₩51,000", "010-1234-5678"):
        assert expected in shown
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert "no-store" in answer.headers["Cache-Control"]
    assert client.get("/en/orders/wrong/document/").status_code == 404

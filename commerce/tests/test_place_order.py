"""Placing an order: exact sums, once, and never something that the shopper was not shown."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection

from commerce.cart import selectors as carts
from commerce.cart.models import Cart
from commerce.catalog.models import Variant
from commerce.checkout import services
from commerce.checkout.services import CartChanged, CartEmpty
from commerce.events.models import OutboxEvent
from commerce.inventory.models import Reservation
from commerce.orders.models import Order, OrderLine, TimelineEntry
from commerce.orders.states import PaymentStatus, Status
from commerce.payments.models import Payment
from commerce.shipping.models import ShippingMethod
from commerce.tests.factories import (
    CONTACT,
    NOW,
    cart,
    on_shelf,
    order,
    place,
    product,
    promises,
    shelf,
    withdraw,
)
from commerce.tests.fakes import FakeGateway

pytestmark = pytest.mark.django_db


def nothing_happened(filled: Any) -> None:
    """Check that a refused order left no trace and the cart open."""
    assert not Order.objects.exists()
    assert not OrderLine.objects.exists()
    assert not Payment.objects.exists()
    assert not Reservation.objects.exists()
    assert not TimelineEntry.objects.exists()
    assert not OutboxEvent.objects.filter(type="order.placed").exists()
    assert carts.find(token=filled.token) == filled


def test_an_order_copies_what_was_agreed() -> None:
    product(skus=("CUP", "POT"), price=12_000)
    placed = place(cart(("CUP", 2), ("POT", 1)), total=39_000)

    assert (placed.items_total, placed.shipping_total, placed.total, placed.vat) == (
        36_000,
        3_000,
        39_000,
        3_545,
    )
    assert [
        (line.sku, line.title, line.quantity, line.unit_price, line.total, line.vat)
        for line in placed.lines.all()
    ] == [
        ("CUP", "찻잔", 2, 12_000, 24_000, 2_182),
        ("POT", "찻잔", 1, 12_000, 12_000, 1_091),
    ]
    assert (placed.name, placed.phone, placed.postcode) == (CONTACT.name, CONTACT.phone, CONTACT.postcode)
    assert (placed.status, placed.payment_status) == (Status.PLACED, PaymentStatus.PENDING)
    assert placed.pay_until == NOW + timedelta(minutes=30)
    assert placed.terms_version == services.TERMS_VERSION
    assert [entry.kind for entry in placed.timeline.all()] == ["placed"]


def test_an_order_reserves_and_opens_one_payment() -> None:
    placed = order(quantity=2, units=5)

    assert shelf() == (5, 2)
    assert promises(placed.number) == [("CUP", 2, "held")]
    assert Reservation.objects.get().expires_at == placed.pay_until
    assert (placed.payment.amount, placed.payment.method, placed.payment.currency) == (51_000, "CARD", "KRW")
    assert placed.payment.payment_id.isalnum()


def test_an_order_is_recorded_once_with_plain_values() -> None:
    placed = order()

    (event,) = OutboxEvent.objects.filter(type="order.placed")
    assert event.payload == {
        "order_id": placed.pk,
        "number": placed.number,
        "total": 51_000,
        "currency": "KRW",
    }


def test_number_and_address_cannot_be_guessed() -> None:
    product(units=50)
    first, second = (place(cart(("CUP", 1)), total=27_000) for _ in range(2))

    assert first.number.startswith("20261124-")
    assert len(first.number) == 16
    assert first.number != second.number
    assert len(first.token) == 32
    assert first.token != second.token


def test_what_is_ordered_stays_as_it_was() -> None:
    placed = order(quantity=1)
    Variant.objects.update(price=99_000)
    product(title=("다른 이름", "Another name"), version=2)

    line = OrderLine.objects.get()
    assert (line.title, line.unit_price, placed.total) == ("찻잔", 24_000, 27_000)


def test_asked_again_it_returns_the_same_order() -> None:
    product()
    filled = cart(("CUP", 2))
    first = place(filled, total=51_000)

    again = place(filled, total=51_000, method="TRANSFER", now=NOW + timedelta(seconds=1))

    assert again == first
    assert Order.objects.count() == Payment.objects.count() == Reservation.objects.count() == 1
    assert OutboxEvent.objects.filter(type="order.placed").count() == 1
    assert shelf() == (5, 2)
    assert Payment.objects.get().method == "CARD"


def test_a_reader_that_missed_the_first_order_is_stopped_by_the_unique_cart() -> None:
    product()
    filled = cart(("CUP", 2))
    place(filled, total=51_000)
    _reopen(filled)

    with pytest.raises(IntegrityError):
        place(filled, total=51_000)

    assert Order.objects.count() == Payment.objects.count() == 1
    assert shelf() == (5, 2)


def test_twin_without_mark_and_unique_cart_one_cart_becomes_two_orders() -> None:
    with connection.cursor() as cursor:  # rolled back with the test
        cursor.execute("ALTER TABLE commerce_order DROP CONSTRAINT commerce_order_cart_id_key")
    product()
    filled = cart(("CUP", 2))
    place(filled, total=51_000)
    _reopen(filled)

    place(filled, total=51_000)

    assert Order.objects.count() == Payment.objects.count() == 2
    assert shelf() == (5, 4)


def _reopen(filled: Any) -> None:
    """Take away the mark that the first order left, as a reader without the lock would see it."""
    Cart.objects.filter(pk=filled.pk).update(ordered_at=None)


@pytest.mark.parametrize("shown", [50_999, 51_001, 0, -1, 48_000])
def test_any_other_sum_than_the_one_shown_stops_the_order(shown: int) -> None:
    product()
    filled = cart(("CUP", 2))

    with pytest.raises(CartChanged) as refusal:
        place(filled, total=shown)

    assert (refusal.value.shown_total, refusal.value.quote.total) == (shown, 51_000)
    nothing_happened(filled)


def test_a_price_that_rose_stops_the_order_and_says_so() -> None:
    product()
    filled = cart(("CUP", 1))
    Variant.objects.update(price=26_000)

    with pytest.raises(CartChanged) as refusal:
        place(filled, total=27_000)

    (line,) = refusal.value.quote.changes
    assert (line.price_shown, line.unit_price) == (24_000, 26_000)
    nothing_happened(filled)


def test_a_price_that_fell_stops_the_order_as_well() -> None:
    product()
    filled = cart(("CUP", 1))
    Variant.objects.update(price=20_000)

    with pytest.raises(CartChanged):
        place(filled, total=27_000)

    nothing_happened(filled)


def test_the_new_price_can_be_accepted() -> None:
    product()
    filled = cart(("CUP", 1))
    Variant.objects.update(price=26_000)

    assert place(filled, total=29_000).total == 29_000


def test_a_shipping_fee_that_rose_stops_the_order() -> None:
    product()
    filled = cart(("CUP", 1))
    ShippingMethod.objects.update(fee=3_500)

    with pytest.raises(CartChanged) as refusal:
        place(filled, total=27_000)

    assert refusal.value.quote.total == 27_500
    nothing_happened(filled)


def test_a_vanished_variant_stops_the_order() -> None:
    product(skus=("CUP", "POT"))
    filled = cart(("CUP", 1), ("POT", 1))
    product(skus=("CUP",), version=2)

    with pytest.raises(CartChanged) as refusal:
        place(filled, total=51_000)

    assert [(line.sku, line.problem) for line in refusal.value.quote.changes] == [("POT", "gone")]
    nothing_happened(filled)


def test_a_withdrawn_product_stops_the_order() -> None:
    product()
    filled = cart(("CUP", 1))
    withdraw()

    with pytest.raises(CartChanged):
        place(filled, total=27_000)

    nothing_happened(filled)


@pytest.mark.parametrize(("left", "problem"), [(0, "sold_out"), (1, "short")])
def test_too_little_stock_stops_the_whole_order(left: int, problem: str) -> None:
    product("pot", skus=("POT",))
    (cup,) = product()
    filled = cart(("POT", 1), ("CUP", 2))
    on_shelf(cup, left)

    with pytest.raises(CartChanged) as refusal:
        place(filled, total=72_000)

    assert [(line.sku, line.problem, line.available) for line in refusal.value.quote.changes] == [
        ("CUP", problem, left)
    ]
    nothing_happened(filled)
    assert shelf("POT") == (5, 0)


def test_stock_that_went_between_pricing_and_reserving_stops_the_order(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (cup,) = product()
    filled = cart(("CUP", 2))
    open_order = services.orders.open_order

    def another_shopper_is_faster(**arguments: Any) -> Order:
        opened = open_order(**arguments)
        on_shelf(cup, 1)
        return opened

    monkeypatch.setattr(services.orders, "open_order", another_shopper_is_faster)

    with pytest.raises(CartChanged) as refusal:
        place(filled, total=51_000)

    assert [(line.sku, line.problem, line.available) for line in refusal.value.quote.changes] == [
        ("CUP", "short", 1)
    ]
    nothing_happened(filled)
    assert shelf() == (5, 0)  # the other shopper's count was part of the transaction that rolled back


def test_an_unknown_cart_is_empty() -> None:
    with pytest.raises(CartEmpty):
        services.place_order(
            cart_token=uuid.uuid4(), shown_total=0, contact=CONTACT, method="CARD", language="ko", now=NOW
        )

    assert not Order.objects.exists()


def test_preparing_tells_the_provider_the_only_amount() -> None:
    placed = order()
    gateway = FakeGateway()

    services.prepare_payment(order=placed, gateway=gateway)

    assert gateway.registered == [(placed.payment.payment_id, 51_000)]


def test_the_method_of_an_unpaid_order_can_be_changed() -> None:
    placed = order()

    services.choose_method(order_id=placed.pk, method="VIRTUAL_ACCOUNT", now=NOW)
    services.choose_method(order_id=placed.pk, method="GOLD", now=NOW)

    assert Payment.objects.get().method == "VIRTUAL_ACCOUNT"


def test_the_method_of_a_closed_order_stays() -> None:
    placed = order()
    Order.objects.update(status=Status.CANCELLED)

    services.choose_method(order_id=placed.pk, method="TRANSFER", now=NOW)

    assert Payment.objects.get().method == "CARD"

"""Staff cancels an order that nobody paid, and takes flags off."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.db import transaction

from commerce.catalog.models import Product, Variant
from commerce.checkout import closing
from commerce.checkout.settling import Outcome
from commerce.events import outbox
from commerce.inventory import stock, stockroom
from commerce.inventory.models import StockItem
from commerce.orders import services as orders
from commerce.orders.models import Order
from commerce.payments import services as payments
from commerce.payments.gateway import GatewayPayment, GatewayTrouble, PaymentUnknown
from commerce.payments.states import PaymentState

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


class Asked:
    """A provider with one answer."""

    def __init__(self, answer: GatewayPayment | Exception) -> None:
        self.answer = answer

    def fetch(self, *, payment_id: str) -> GatewayPayment:
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.fixture
def order(db) -> Order:
    """Two of ten cups are promised to it."""
    product = Product.objects.create(key=uuid.uuid4(), slug="cup")
    cup = Variant.objects.create(product=product, sku="CUP", price=24_000)
    stock.open_item(variant_id=cup.pk)
    stockroom.receive(variant_id=cup.pk, quantity=10, reason="", now=NOW)
    until = NOW + timedelta(minutes=30)
    contact = orders.Contact(
        email="hana@example.com",
        name="김하나",
        phone="01012345678",
        recipient_name="김하나",
        recipient_phone="01012345678",
        postcode="03044",
        address1="서울",
    )
    item = orders.Item(
        variant_id=cup.pk,
        sku="CUP",
        title="컵",
        option_text="",
        slug="cup",
        unit_price=24_000,
        quantity=2,
    )
    terms = orders.Terms(
        language="ko", shipping_name="택배", shipping_total=3_000, terms_version="1", pay_until=until
    )
    with transaction.atomic():
        row = orders.open_order(cart_id=None, contact=contact, items=[item], terms=terms, now=NOW)
        payments.open_payment(order_id=row.pk, amount=row.total, method="CARD", now=NOW)
        stock.reserve(quantities={cup.pk: 2}, reference=row.number, expires_at=until, now=NOW)
    return row


def known(order: Order, state: PaymentState) -> GatewayPayment:
    return GatewayPayment(
        payment_id=order.payment.payment_id,
        store_id=settings.PORTONE_STORE_ID,
        state=state,
        total=order.total,
        tax_free=0,
        cancelled=0,
        currency="KRW",
        transaction_id="tx",
        version="V2",
        changed_at=NOW,
    )


def shelf() -> tuple[int, int]:
    return StockItem.objects.values_list("on_hand", "reserved").get()


def cancel(order: Order, gateway: Asked, **more: str) -> None:
    with outbox.acting("user:7"):
        closing.cancel_unpaid(
            order_id=order.pk, reason="cancelled by the shop", gateway=gateway, now=NOW, **more
        )


def test_what_nobody_paid_is_cancelled_before_its_time_is_over(order):
    cancel(order, Asked(PaymentUnknown()), note="asked by telephone")

    order.refresh_from_db()
    assert (order.status, order.payment_status, order.cancelled_at) == ("cancelled", "void", NOW)
    assert shelf() == (10, 0)
    assert list(order.timeline.values_list("kind", "actor", "data")) == [
        ("placed", "system", {}),
        ("cancelled", "user:7", {"reason": "cancelled by the shop"}),
        ("noted", "user:7", {"note": "asked by telephone"}),
    ]


@pytest.mark.parametrize("state", [PaymentState.FAILED, PaymentState.AWAITING_DEPOSIT])
def test_a_failed_attempt_or_an_empty_account_does_not_stop_it(order, state):
    cancel(order, Asked(known(order, state)))

    order.refresh_from_db()
    assert order.status == "cancelled"
    assert shelf() == (10, 0)


def test_what_was_paid_meanwhile_is_settled_instead(order):
    with pytest.raises(closing.NotUnpaid) as refusal:
        cancel(order, Asked(known(order, PaymentState.PAID)))

    order.refresh_from_db()
    assert refusal.value.outcome == Outcome.PAID
    assert (order.status, order.payment_status) == ("paid", "paid")
    assert shelf() == (8, 0)


def test_what_the_provider_is_busy_with_stays(order):
    with pytest.raises(closing.NotUnpaid) as refusal:
        cancel(order, Asked(known(order, PaymentState.PENDING)))

    order.refresh_from_db()
    assert refusal.value.outcome == Outcome.PENDING
    assert order.status == "placed"
    assert shelf() == (10, 2)


def test_without_an_answer_nothing_changes(order):
    with pytest.raises(GatewayTrouble):
        cancel(order, Asked(GatewayTrouble("timeout")))

    order.refresh_from_db()
    assert (order.status, order.timeline.count()) == ("placed", 1)
    assert shelf() == (10, 2)


def test_a_cancelled_order_is_not_cancelled_again(order):
    cancel(order, Asked(PaymentUnknown()))

    with pytest.raises(closing.NotUnpaid) as refusal:
        cancel(order, Asked(PaymentUnknown()))

    assert refusal.value.outcome == Outcome.CANCELLED
    assert order.timeline.count() == 2
    assert shelf() == (10, 0)


def test_a_flag_goes_once_and_leaves_a_note(order):
    with transaction.atomic():
        orders.raise_flag(order=order, why="paid, but sold out", now=NOW)

    with outbox.acting("user:7"):
        assert orders.clear_flag(order_id=order.pk, note="called", now=NOW)
        assert not orders.clear_flag(order_id=order.pk, note="again", now=NOW)

    order.refresh_from_db()
    entry = order.timeline.last()
    assert order.flag == ""
    assert (entry.kind, entry.actor) == ("looked_at", "user:7")
    assert entry.data == {"reason": "paid, but sold out", "note": "called"}
    assert order.timeline.count() == 3

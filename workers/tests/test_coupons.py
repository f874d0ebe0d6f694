"""What the workers do about coupons: they come back with an order that is off, and mails call them by name."""

import uuid
from dataclasses import replace

import pytest
from django.utils import translation

from commerce.coupons.models import CouponTicket
from commerce.events import types
from commerce.orders.models import Order
from commerce.orders.states import Status
from commerce.privacy.models import RetentionReport
from commerce.tests.factories import NOW, cart, place, product
from commerce.tests.people import customer
from commerce.tests.wallets import sound, ticket
from workers import letters, mail
from workers.handlers import coupons, maintenance
from workers.jobs import Context, Permanent
from workers.tests.test_customers import fact

pytestmark = pytest.mark.django_db
CONTEXT = Context(handler="h", attempt=1, idempotency_key=uuid.uuid4(), now=NOW)


@pytest.fixture
def placed() -> Order:
    """An order of two cups with 5,000 won off."""
    user = customer()
    product()
    held = ticket(user, title_en="Autumn & more")
    return place(cart(("CUP", 2)), total=46_000, customer_id=user.pk, coupon=held.pk)


def test_the_coupon_of_a_cancelled_order_comes_back_however_often_it_is_told(placed: Order) -> None:
    Order.objects.filter(pk=placed.pk).update(status=Status.CANCELLED)
    told = types.OrderCancelled(
        order_id=placed.pk, number=placed.number, reason="x", by="staff", occurred_at=NOW
    )

    coupons.give_back(fact(told), CONTEXT)
    coupons.give_back(fact(told), replace(CONTEXT, now=NOW.replace(hour=9)))

    assert placed.coupon_use.returned_at is None  # what was read before
    placed.coupon_use.refresh_from_db()
    assert placed.coupon_use.returned_at == NOW
    assert sound()
    with pytest.raises(Permanent):
        coupons.give_back(fact(replace(told, order_id=4711)), CONTEXT)


@pytest.mark.parametrize(
    ("language", "said"), [("ko", "가을 쿠폰"), ("en", "Autumn & more")], ids=["Korean", "English"]
)
def test_a_mail_names_the_coupon(placed: Order, language: str, said: str) -> None:
    placed.language = language
    placed.save(update_fields=["language"])

    with translation.override(language):
        message = mail.compose(letter=letters.order_paid(order=placed), message_id="<x@example.invalid>")

    text = message.body
    html = str(message.alternatives[0][0])
    assert f"({said}): -" in text
    assert f"({said.replace('&', '&amp;')})" in html
    assert "5,000" in text


def test_a_year_later_nobody_knows_whose_it_was(placed: Order) -> None:
    ended = CouponTicket.objects.get().ends_at

    maintenance.forget(
        fact(types.RetentionDue(slot="x", occurred_at=NOW)), replace(CONTEXT, now=ended.replace(year=2028))
    )

    assert CouponTicket.objects.get().customer is None
    assert RetentionReport.objects.get().counts["coupons"] == 1

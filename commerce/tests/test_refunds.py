"""Refunds of paid orders: what goes back, and what follows for order and stock."""

from typing import Any

import pytest

from commerce.checkout.refunding import NotPaid, SumChanged
from commerce.checkout.settling import Outcome
from commerce.fulfilment import selectors as parcels
from commerce.fulfilment.services import TooMany
from commerce.inventory import stockroom
from commerce.orders.models import Order
from commerce.orders.refund_math import Fault, MoreThanLeft, MoreThanOrdered, NothingLeft
from commerce.orders.states import FulfilmentStatus, PaymentStatus, Status
from commerce.payments import refunds
from commerce.payments.models import Payment, Refund
from commerce.payments.refunds import Parts
from commerce.payments.states import PaymentState, RefundState
from commerce.tests.factories import NOW, cart, order, owed, place, product, shelf, to_come
from commerce.tests.fakes import FakeGateway
from commerce.tests.parcels import send
from commerce.tests.refunding import balanced, everything, facts, give_back, paid, pay, settle

pytestmark = pytest.mark.django_db


# --- asking -----------------------------------------------------------------------------------------------


def test_one_of_two_cups_goes_back() -> None:
    gateway = FakeGateway()
    placed = paid(gateway)

    refund = give_back(placed, units=1)

    line = refund.lines.get()
    assert (refund.amount, refund.goods_amount, refund.shipping_amount, refund.fee) == (24_000, 24_000, 0, 0)
    assert (line.quantity, line.amount, line.cancelled, line.restocked) == (1, 24_000, True, True)
    assert (refund.vat, refund.state, refund.requester) == (2_182, "requested", "staff")
    placed.refresh_from_db()
    assert (placed.status, placed.payment_status) == (Status.PAID, PaymentStatus.PARTLY_REFUNDED)
    assert shelf() == (4, 0)
    assert facts() == ["order.placed", "order.paid", "refund.requested"]
    assert balanced(placed) == []

    assert pay(refund, gateway) == RefundState.SUCCEEDED

    placed.refresh_from_db()
    placed.payment.refresh_from_db()
    assert gateway.refunded == [(placed.payment.payment_id, 24_000)]
    assert gateway.vats == [2_182]
    assert placed.payment_status == PaymentStatus.PARTLY_REFUNDED
    assert (placed.payment.state, placed.payment.cancelled_amount) == ("partly_cancelled", 24_000)
    assert facts()[-1] == "refund.completed"
    assert balanced(placed) == []


def test_cup_after_cup_and_the_delivery_make_exactly_what_was_paid() -> None:
    gateway = FakeGateway()
    placed = paid(gateway)

    first, second = give_back(placed, units=1, cause="one"), give_back(placed, units=1, cause="two")
    pay(first, gateway)
    pay(second, gateway)

    placed.refresh_from_db()
    assert [first.amount, second.amount] == [24_000, 27_000]
    assert first.vat + second.vat == placed.vat == 4_636
    assert (placed.status, placed.payment_status) == (Status.CANCELLED, PaymentStatus.REFUNDED)
    assert shelf() == (5, 0)
    assert facts().count("order.cancelled") == 1
    assert balanced(placed) == []


def test_a_whole_order_that_was_not_sent_is_cancelled_and_its_goods_come_back() -> None:
    gateway = FakeGateway()
    placed = paid(gateway)

    refund = give_back(placed, units=2)

    placed.refresh_from_db()
    assert (refund.amount, refund.shipping_amount) == (51_000, 3_000)
    assert (placed.status, placed.payment_status) == (Status.CANCELLED, PaymentStatus.REFUNDING)
    assert shelf() == (5, 0)
    assert settle(placed, gateway) == Outcome.REFUNDING  # a visit of the page asks for nothing twice
    assert Refund.objects.count() == 1


def test_a_whole_order_that_was_sent_stays_and_its_goods_stay_away_if_they_must() -> None:
    gateway = FakeGateway()
    placed = paid(gateway, sent=True)

    refund = give_back(placed, units=2, fault=Fault.SHOP, restock=False)
    pay(refund, gateway)

    placed.refresh_from_db()
    line = refund.lines.get()
    assert (refund.amount, line.cancelled, line.restocked) == (51_000, False, False)
    assert (placed.status, placed.payment_status) == (Status.PAID, PaymentStatus.REFUNDED)
    assert shelf() == (3, 0)
    assert balanced(placed) == []


def test_a_change_of_mind_pays_the_way_back_and_the_way_there_is_kept() -> None:
    gateway = FakeGateway()
    placed = paid(gateway, sent=True)

    refund = give_back(placed, units=2)
    pay(refund, gateway)

    placed.refresh_from_db()
    assert (refund.amount, refund.goods_amount, refund.fee) == (45_000, 48_000, 3_000)
    assert (placed.status, placed.payment_status) == (Status.PAID, PaymentStatus.PARTLY_REFUNDED)
    assert balanced(placed) == []


def test_the_terms_are_those_of_the_order_not_of_today() -> None:
    gateway = FakeGateway()
    product(price=30_000, units=5)
    placed = place(cart(("CUP", 2)), total=60_000)
    gateway.says(placed, PaymentState.PAID)
    settle(placed, gateway)

    assert (placed.shipping_total, placed.parcel_fee, placed.free_from) == (0, 3_000, 50_000)
    assert give_back(placed, units=1).amount == 27_000


def test_a_price_cut_has_no_line() -> None:
    gateway = FakeGateway()
    placed = paid(gateway, sent=True)

    refund = give_back(placed, goodwill=5_000)
    pay(refund, gateway)

    placed.refresh_from_db()
    assert (refund.goodwill_amount, refund.lines.count()) == (5_000, 0)
    assert (placed.status, placed.payment_status) == (Status.PAID, PaymentStatus.PARTLY_REFUNDED)
    assert shelf() == (3, 0)
    assert give_back(placed, units=2, fault=Fault.SHOP, cause="rest").amount == 46_000


def test_the_same_cause_is_the_same_refund() -> None:
    placed = paid(FakeGateway())
    first = give_back(placed, units=1, cause="claim:7")
    before = everything()

    again = give_back(placed, units=1, cause="claim:7")

    assert again.pk == first.pk
    assert everything() == before


@pytest.mark.parametrize(
    ("how", "refusal"),
    [
        ({"units": 3}, MoreThanOrdered),
        ({"goodwill": 51_001}, MoreThanLeft),
        ({"units": 1, "fee": 1}, MoreThanLeft),
        ({"units": 1, "expected": 23_999}, SumChanged),
        ({}, NothingLeft),
    ],
)
def test_a_refused_refund_changes_nothing(how: dict[str, Any], refusal: type[Exception]) -> None:
    placed = paid(FakeGateway())
    before = everything()

    with pytest.raises(refusal):
        give_back(placed, **how)

    assert everything() == before


def test_an_order_that_nobody_paid_has_nothing_to_refund() -> None:
    placed = order()
    before = everything()

    with pytest.raises(NotPaid):
        give_back(placed, units=1)

    assert everything() == before


def test_below_the_rules_the_payment_itself_gives_no_more_than_came() -> None:
    placed = paid(FakeGateway())
    payment = Payment.objects.get(order=placed)
    refunds.request(payment=payment, cause="a", parts=Parts(goodwill=30_000), reason="test", now=NOW)

    with pytest.raises(refunds.MoreThanReceived, match="21000 won are left"):
        refunds.request(payment=payment, cause="b", parts=Parts(goodwill=21_001), reason="test", now=NOW)
    with pytest.raises(ValueError, match="gives something back"):
        refunds.request(payment=payment, cause="c", parts=Parts(), reason="test", now=NOW)

    assert Refund.objects.count() == 1


# --- partly sent, partly still to come --------------------------------------------------------------------


def test_more_units_than_are_left_to_send_go_back_and_none_of_them_is_sent_any_more() -> None:
    gateway = FakeGateway()
    placed = order(quantity=3, price=24_000, units=5)
    gateway.says(placed, PaymentState.PAID)
    settle(placed, gateway)
    send(placed, cup=2)

    refund = give_back(placed, units=2, fault=Fault.SHOP, restock=False)

    placed = Order.objects.get(pk=placed.pk)
    assert refund.lines.get().cancelled
    assert parcels.left_to_ship(placed) == parcels.ready_to_ship(placed) == {}
    assert placed.fulfilment_status == FulfilmentStatus.SHIPPED
    with pytest.raises(TooMany):
        send(placed, cup=1)


def owing(gateway: FakeGateway, *, here: int) -> Order:
    """Return a paid order of three cups of which so many are here."""
    product(price=24_000, units=here)
    to_come(5)
    placed = place(cart(("CUP", 3)), total=72_000)
    gateway.says(placed, PaymentState.PAID)
    settle(placed, gateway)
    assert owed() == (3 - here, 5)
    return placed


def test_units_that_never_came_are_not_waited_for_after_their_refund_restocked_or_not() -> None:
    placed = owing(FakeGateway(), here=0)

    give_back(placed, units=3, restock=False)

    assert Order.objects.get().status == Status.CANCELLED
    assert (shelf(), owed()) == ((0, 0), (0, 5))
    stockroom.receive(variant_id=placed.lines.get().variant_id, quantity=2, reason="kiln", now=NOW)
    assert shelf() == (2, 0)  # for sale


def test_what_came_back_broken_leaves_the_rest_waiting() -> None:
    placed = owing(FakeGateway(), here=2)
    send(placed, cup=2)

    give_back(placed, units=1, fault=Fault.SHOP, restock=False, returned=True)

    placed = Order.objects.get()
    assert (parcels.left_to_ship(placed), owed()) == ({placed.lines.get().pk: 1}, (1, 5))

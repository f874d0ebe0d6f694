"""Facts of orders and money: once, with these values, and none when nothing changed."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from commerce.checkout import closing, paybacks, services, settling
from commerce.events.models import OutboxEvent
from commerce.orders import services as orders
from commerce.orders.models import Order
from commerce.payments.gateway import GatewayRefund, GatewayTrouble
from commerce.payments.models import Refund
from commerce.payments.states import PaymentState, RefundState
from commerce.tests.factories import LATER, NOW, cart, order, place, product
from commerce.tests.fakes import FakeGateway
from commerce.tests.told import latest, names, told

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


def settle(placed: Order, gateway: FakeGateway, *, now: Any = NOW) -> settling.Outcome:
    return settling.settle_payment(payment_id=placed.payment.payment_id, gateway=gateway, now=now)


# --- orders -----------------------------------------------------------------------------------------------


def test_an_order_tells_what_was_agreed_to() -> None:
    placed = order()

    assert told("customer.consented") == [
        {"order_id": placed.pk, "kind": "order", "text_version": services.TERMS_VERSION},
        {"order_id": placed.pk, "kind": "terms", "text_version": services.TERMS_VERSION},
    ]
    place(placed.cart, total=51_000)  # the same cart again is the same order
    assert len(told("customer.consented")) == 2


def test_a_refused_order_agreed_to_nothing() -> None:
    product(units=5)
    filled = cart(("CUP", 2))
    before = latest()

    with pytest.raises(services.CartChanged):
        place(filled, total=1)

    assert names(after=before) == []


def test_a_flag_is_told_once_for_each_trouble_without_its_details() -> None:
    placed = order()

    for why in (
        "refund failed: card of Kim closed",
        "refund failed: card of Kim closed",
        "paid, but sold out",
    ):
        with transaction.atomic():
            orders.raise_flag(order=placed, why=why, now=NOW)

    assert told("order.flagged") == [
        {"order_id": placed.pk, "number": placed.number, "reason": "refund failed"},
        {"order_id": placed.pk, "number": placed.number, "reason": "paid, but sold out"},
    ]


def test_a_cleared_flag_names_the_entry_that_says_why() -> None:
    placed = order()
    with transaction.atomic():
        orders.raise_flag(order=placed, why="paid, but sold out", now=NOW)

    assert orders.clear_flag(order_id=placed.pk, note="called Hana", now=NOW)
    assert not orders.clear_flag(order_id=placed.pk, note="called Hana", now=NOW)

    entry = placed.timeline.get(kind="looked_at")
    assert told("order.cleared") == [{"order_id": placed.pk, "number": placed.number, "entry_id": entry.pk}]
    assert entry.data["note"] == "called Hana"


def test_a_cancellation_by_staff_says_so_and_names_its_note() -> None:
    placed = order()

    closing.cancel_unpaid(
        order_id=placed.pk, reason="cancelled by the shop", note="Hana rang", gateway=FakeGateway(), now=NOW
    )

    assert told("order.cancelled") == [
        {"order_id": placed.pk, "number": placed.number, "reason": "cancelled by the shop", "by": "staff"}
    ]
    entry = placed.timeline.get(kind="noted")
    assert told("order.note_added") == [
        {"order_id": placed.pk, "number": placed.number, "entry_id": entry.pk}
    ]
    assert {row.version for row in OutboxEvent.objects.filter(type="order.cancelled")} == {2}


def test_an_order_that_ran_out_of_time_was_cancelled_by_the_shop() -> None:
    order()

    closing.expire_unpaid_orders(gateway=FakeGateway(), now=LATER)

    assert [(fact["by"], fact["reason"]) for fact in told("order.cancelled")] == [
        ("shop", "not paid in time")
    ]
    assert told("order.note_added") == []


# --- money ------------------------------------------------------------------------------------------------


def changes() -> list[tuple[str, str, int, int]]:
    return [
        (fact["state_before"], fact["state_after"], fact["amount"], fact["cancelled_amount"])
        for fact in told("payment.changed")
    ]


def test_money_that_comes_is_told_once_however_often_it_is_settled() -> None:
    placed, gateway = order(), FakeGateway()
    gateway.says(placed, PaymentState.PAID)

    for _ in range(3):
        settle(placed, gateway)

    assert told("payment.changed") == [
        {
            "order_id": placed.pk,
            "payment_id": placed.payment.payment_id,
            "state_before": "open",
            "state_after": "paid",
            "amount": 51_000,
            "cancelled_amount": 0,
        }
    ]


def test_an_older_answer_changes_no_money() -> None:
    placed, gateway = order(), FakeGateway()
    gateway.says(placed, PaymentState.PAID)
    settle(placed, gateway)

    gateway.says(placed, PaymentState.FAILED, at=NOW - SECOND)
    settle(placed, gateway)

    assert changes() == [("open", "paid", 51_000, 0)]


def test_a_part_given_back_at_the_console_is_told() -> None:
    placed, gateway = order(), FakeGateway()
    gateway.says(placed, PaymentState.PAID)
    settle(placed, gateway)
    gateway.says(placed, PaymentState.PARTLY_CANCELLED, at=NOW + SECOND, cancelled=1_000)

    for _ in range(2):
        settle(placed, gateway)

    assert changes() == [("open", "paid", 51_000, 0), ("paid", "partly_cancelled", 51_000, 1_000)]
    assert [fact["reason"] for fact in told("order.flagged")] == ["partly refunded at the provider"]


def test_a_whole_refund_at_the_console_was_made_by_the_provider() -> None:
    placed, gateway = order(), FakeGateway()
    gateway.says(placed, PaymentState.PAID)
    settle(placed, gateway)
    gateway.says(placed, PaymentState.CANCELLED, at=NOW + SECOND)

    for _ in range(2):
        settle(placed, gateway)

    assert changes()[1:] == [("paid", "cancelled", 51_000, 51_000)]
    assert [(fact["reason"], fact["by"]) for fact in told("order.cancelled")] == [("refunded", "provider")]


def test_a_payment_that_is_not_ours_is_refused_once() -> None:
    placed, gateway = order(), FakeGateway()
    gateway.says(placed, PaymentState.PAID, total=5_100, currency="USD")

    for _ in range(2):
        settle(placed, gateway)

    assert told("payment.refused") == [
        {
            "order_id": placed.pk,
            "payment_id": placed.payment.payment_id,
            "fields": ["currency", "amount"],
        }
    ]
    assert [fact["reason"] for fact in told("order.flagged")] == ["payment mismatch"]


def test_another_way_to_pay_is_told_once() -> None:
    placed = order()

    for method in ("VIRTUAL_ACCOUNT", "VIRTUAL_ACCOUNT", "GOLD"):
        services.choose_method(order_id=placed.pk, method=method, now=NOW)

    assert told("payment.method_changed") == [
        {
            "order_id": placed.pk,
            "payment_id": placed.payment.payment_id,
            "method_before": "CARD",
            "method_after": "VIRTUAL_ACCOUNT",
        }
    ]


def test_the_method_of_a_closed_order_stays() -> None:
    placed = order()
    closing.expire_unpaid_orders(gateway=FakeGateway(), now=LATER)

    services.choose_method(order_id=placed.pk, method="VIRTUAL_ACCOUNT", now=LATER)

    assert told("payment.method_changed") == []


class Answering(FakeGateway):
    """A provider whose answers to refunds are written in the test."""

    def __init__(self, *answers: GatewayRefund) -> None:
        super().__init__()
        self.answers = list(answers)

    def refund(self, **_wish: Any) -> GatewayRefund:
        return self.answers.pop(0)


def late_money(gateway: FakeGateway) -> Refund:
    """Let money come for an order that was cancelled."""
    placed = order()
    closing.expire_unpaid_orders(gateway=gateway, now=LATER)
    gateway.says(placed, PaymentState.PAID, at=LATER)
    settle(placed, gateway, now=LATER)
    return Refund.objects.select_related("payment").get()


def refunds() -> list[tuple[str, dict[str, Any]]]:
    rows = OutboxEvent.objects.filter(type__startswith="refund.").exclude(type="refund.requested")
    return [(row.type, row.payload) for row in rows.order_by("pk")]


def test_a_refund_that_is_refused_then_taken_then_made() -> None:
    no = GatewayRefund(state=RefundState.FAILED, cancellation_id="", failure="CARD_CLOSED")
    underway = GatewayRefund(state=RefundState.PENDING, cancellation_id="c-1")
    gateway = Answering(no, no, underway)
    refund = late_money(gateway)
    about = {"order_id": refund.payment.order_id, "refund_id": refund.pk, "amount": 51_000}

    for _ in range(4):  # refused, refused alike, taken, still under way
        paybacks.execute_refund(refund_id=refund.pk, gateway=gateway, now=LATER)
    assert refunds() == [("refund.failed", about | {"reason": "CARD_CLOSED"}), ("refund.accepted", about)]
    assert [fact["reason"] for fact in told("order.flagged")] == [
        "paid after the order was cancelled",
        "refund failed",
    ]

    known = gateway.payments[refund.payment.payment_id]
    gateway.payments[refund.payment.payment_id] = replace(
        known,
        state=PaymentState.CANCELLED,
        cancelled=51_000,
        refunds=(replace(underway, state=RefundState.SUCCEEDED, amount=51_000),),
    )
    paybacks.execute_refund(refund_id=refund.pk, gateway=gateway, now=LATER)

    assert refunds()[2:] == [("refund.completed", about)]
    assert changes() == [("open", "paid", 51_000, 0), ("paid", "cancelled", 51_000, 51_000)]


def test_a_provider_that_cannot_be_asked_changes_and_tells_nothing() -> None:
    gateway = FakeGateway()
    refund = late_money(gateway)
    before, gateway.down = latest(), True

    with pytest.raises(GatewayTrouble):
        paybacks.execute_refund(refund_id=refund.pk, gateway=gateway, now=LATER)

    assert names(after=before) == []
    refund.refresh_from_db()
    assert refund.state == RefundState.REQUESTED

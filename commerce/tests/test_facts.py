"""Each change leaves its fact: once, with these values, in the change's transaction, and none when nothing changed."""

import uuid
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from commerce.cart import services as carts
from commerce.catalog import services as catalog
from commerce.catalog.models import Variant
from commerce.checkout import closing, paybacks, services, settling
from commerce.events.models import OutboxEvent
from commerce.inventory import stock, stockroom
from commerce.orders import services as orders
from commerce.orders.models import Order
from commerce.payments.gateway import GatewayRefund, GatewayTrouble
from commerce.payments.models import Refund
from commerce.payments.states import PaymentState, RefundState
from commerce.tests.factories import LATER, NOW, cart, on_shelf, order, place, product
from commerce.tests.fakes import FakeGateway
from commerce.tests.told import latest, names, told

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


def settle(placed: Order, gateway: FakeGateway, *, now: Any = NOW) -> settling.Outcome:
    return settling.settle_payment(payment_id=placed.payment.payment_id, gateway=gateway, now=now)


# --- carts ------------------------------------------------------------------------------------------------


def test_a_cart_tells_of_each_line_that_changes() -> None:
    product(units=50)
    filled = cart(("CUP", 1))

    carts.add(token=filled.token, sku="CUP", quantity=2, now=NOW)
    carts.change(token=filled.token, sku="CUP", quantity=5, now=NOW)
    carts.change(token=filled.token, sku="CUP", quantity=5, now=NOW)  # nothing changes
    carts.remove(token=filled.token, sku="CUP", now=NOW)
    carts.remove(token=filled.token, sku="CUP", now=NOW)  # it is gone already

    assert [
        (fact["cart_id"], fact["sku"], fact["quantity_before"], fact["quantity_after"])
        for fact in told("cart.changed")
    ] == [
        (filled.pk, "CUP", 0, 1),
        (filled.pk, "CUP", 1, 3),
        (filled.pk, "CUP", 3, 5),
        (filled.pk, "CUP", 5, 0),
    ]


@pytest.mark.parametrize(("sku", "quantity"), [("CUP", 100), ("CUP", 6), ("NOTHING", 1)])
def test_a_refused_change_of_a_cart_tells_nothing(sku: str, quantity: int) -> None:
    product(units=5)
    filled = cart(("CUP", 1))
    before = latest()

    for act in (carts.add, carts.change):
        with pytest.raises(carts.UnableToChangeCart):
            act(token=filled.token, sku=sku, quantity=quantity, now=NOW)

    assert names(after=before) == []


def test_a_change_of_a_cart_costs_one_statement_more(django_assert_num_queries: Any) -> None:
    product(units=50)
    filled = cart(("CUP", 1))

    with django_assert_num_queries(1) as captured:  # the INSERT alone
        carts._tell(filled, "CUP", before=1, after=2, now=NOW)

    assert captured.captured_queries[0]["sql"].startswith('INSERT INTO "commerce_outboxevent"')


# --- prices and languages ---------------------------------------------------------------------------------


def listed(price: int, version: int, *skus: str) -> None:
    product(skus=skus or ("CUP",), price=price, version=version)


def test_a_new_price_is_told_with_the_old_one() -> None:
    listed(24_000, 1)
    key = str(Variant.objects.get().product.key)
    assert told("product.repriced") == []  # a new variant has no price before

    listed(21_000, 2, "CUP", "POT")
    listed(21_000, 3, "CUP", "POT")  # published again, nothing costs anything else

    assert told("product.repriced") == [
        {"product_key": key, "sku": "CUP", "price_before": 24_000, "price_after": 21_000}
    ]


def test_a_price_that_is_not_taken_over_is_not_told() -> None:
    listed(24_000, 5)

    listed(21_000, 4)  # older than what is shown

    assert told("product.repriced") == []
    assert Variant.objects.get().price == 24_000


def test_a_translation_that_goes_is_told_once() -> None:
    listed(24_000, 1)
    key = Variant.objects.get().product.key

    assert catalog.withdraw_product(key=key, language="en", leads=False, now=NOW)
    assert not catalog.withdraw_product(key=key, language="en", leads=False, now=NOW)

    assert told("product.translation_withdrawn") == [
        {"product_key": str(key), "slug": "cup", "language": "en"}
    ]
    assert told("product.withdrawn") == []


def test_the_translation_of_a_category_that_goes_is_told_once() -> None:
    key = uuid.uuid4()
    for language in ("ko", "en"):
        payload = catalog.CategoryPayload(
            key=key,
            language=language,
            version=1,
            text=catalog.TextPayload(title="그릇"),
            path="bowls",
            leads=language == "ko",
        )
        catalog.list_category(payload=payload, now=NOW)

    assert catalog.withdraw_category(key=key, language="en", leads=False, now=NOW)
    assert not catalog.withdraw_category(key=key, language="en", leads=False, now=NOW)

    assert told("category.translation_withdrawn") == [
        {"category_key": str(key), "path": "bowls", "language": "en"}
    ]


# --- stock ------------------------------------------------------------------------------------------------


def flips(after: int = 0) -> list[tuple[str, dict[str, Any]]]:
    rows = OutboxEvent.objects.filter(type__in=["stock.sold_out", "stock.back"], pk__gt=after)
    return [(row.type, row.payload) for row in rows.order_by("pk")]


SOLD_OUT = ("stock.sold_out", {"sku": "CUP"})


def back(units: int) -> tuple[str, dict[str, Any]]:
    return ("stock.back", {"sku": "CUP", "available": units})


def test_the_first_units_of_a_new_variant_are_back_and_a_second_delivery_is_not() -> None:
    (cup,) = product(units=0)
    assert flips() == []

    stockroom.receive(variant_id=cup.pk, quantity=3, reason="", now=NOW)
    stockroom.receive(variant_id=cup.pk, quantity=3, reason="", now=NOW)

    assert flips() == [back(3)]


def test_a_count_that_finds_nothing_sells_out() -> None:
    (cup,) = product(units=3)
    before = latest()

    on_shelf(cup, 0)
    on_shelf(cup, 0)
    on_shelf(cup, 2)

    assert flips(before) == [SOLD_OUT, back(2)]


def test_the_order_of_the_last_units_sells_out_and_its_end_brings_them_back() -> None:
    product(units=2)
    before = latest()
    placed = place(cart(("CUP", 2)), total=51_000)

    assert flips(before) == [SOLD_OUT]
    closing.expire_unpaid_orders(gateway=FakeGateway(), now=LATER)

    placed.refresh_from_db()
    assert placed.status == "cancelled"
    assert flips(before) == [SOLD_OUT, back(2)]


def test_a_sale_changes_nothing_that_could_be_promised_and_taking_it_back_does() -> None:
    product(units=2)
    placed, gateway = place(cart(("CUP", 2)), total=51_000), FakeGateway()
    before = latest()
    gateway.says(placed, PaymentState.PAID)
    settle(placed, gateway)
    assert flips(before) == []

    gateway.says(placed, PaymentState.CANCELLED, at=NOW + SECOND)
    settle(placed, gateway)

    assert flips(before) == [back(2)]


def test_backorders_count_as_units() -> None:
    (cup,) = product(units=1)
    type(cup.stock).objects.update(backorder_limit=1)
    before = latest()

    with transaction.atomic():
        stock.reserve(quantities={cup.pk: 1}, reference="a", expires_at=NOW, now=NOW)
    assert flips(before) == []
    with transaction.atomic():
        stock.reserve(quantities={cup.pk: 1}, reference="b", expires_at=NOW, now=NOW)

    assert flips(before) == [SOLD_OUT]


def test_a_refused_promise_tells_nothing() -> None:
    (cup,) = product(units=1)
    before = latest()

    with pytest.raises(stock.OutOfStock), transaction.atomic():
        stock.reserve(quantities={cup.pk: 2}, reference="a", expires_at=NOW, now=NOW)

    assert names(after=before) == []


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

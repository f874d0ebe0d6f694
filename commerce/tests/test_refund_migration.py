"""Refunds of older shops: the migration says of each what it was made of, and can be undone."""

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from commerce.orders import balance
from commerce.orders.models import Order
from commerce.payments.models import Payment, Refund
from commerce.tests.factories import NOW

BEFORE = [("commerce", "0009_zones_backorder_keys")]


@pytest.fixture
def older(committed: None) -> Iterator[Any]:
    """The shop as it was; every migration is back in the end."""
    executor = MigrationExecutor(connection)
    executor.migrate(BEFORE)
    try:
        yield executor.loader.project_state(BEFORE).apps
    finally:
        call_command("migrate", verbosity=0)


def an_order(apps: Any, number: str, *, paid: bool, order: dict[str, Any], payment: dict[str, Any]) -> Any:
    """Write an order of two cups for 48,000 won and delivery for 3,000 won as older code did."""

    def model(name: str) -> Any:
        return apps.get_model("commerce", name).objects

    product, _ = model("Product").get_or_create(slug="cup", defaults={"key": uuid.uuid4()})
    variant, _ = model("Variant").get_or_create(sku="CUP", defaults={"product": product, "price": 24_000})
    row = model("Order").create(
        number=number,
        token=number,
        shipping_name="택배",
        items_total=48_000,
        shipping_total=3_000,
        total=51_000,
        vat=4_636,
        placed_at=NOW,
        pay_until=NOW,
        paid_at=NOW if paid else None,
        **order,
    )
    model("OrderLine").create(
        order=row, variant=variant, sku="CUP", slug="cup", unit_price=24_000, quantity=2, total=48_000, vat=0
    )
    return model("Payment").create(
        order=row, payment_id=f"PAY{number}000", amount=51_000, opened_at=NOW, **payment
    )


def migrate(target: list[tuple[str, str]]) -> None:
    executor = MigrationExecutor(connection)
    executor.loader.build_graph()
    executor.migrate(target)


def fill(apps: Any) -> None:
    """Leave one order of each kind that older code could leave."""
    refunds = apps.get_model("commerce", "Refund").objects
    done = {"state": "succeeded", "requested_at": NOW, "completed_at": NOW}
    an_order(
        apps, "PAID", paid=True, order={"status": "paid", "payment_status": "paid"}, payment={"state": "paid"}
    )
    an_order(apps, "OPEN", paid=False, order={}, payment={})
    gone = {"status": "cancelled", "payment_status": "refunded"}
    late = an_order(
        apps, "LATE", paid=False, order=gone, payment={"state": "cancelled", "cancelled_amount": 51_000}
    )
    refunds.create(payment=late, amount=51_000, reason="paid after the order was cancelled", **done)
    an_order(apps, "DESK", paid=True, order=gone, payment={"state": "cancelled", "cancelled_amount": 51_000})
    part = {"state": "partly_cancelled", "cancelled_amount": 1_000}
    an_order(apps, "PART", paid=True, order={"status": "paid", "payment_status": "paid"}, payment=part)
    wrong = an_order(
        apps,
        "WRONG",
        paid=False,
        order={"status": "cancelled", "payment_status": "refunding"},
        payment={"state": "open"},
    )
    refunds.create(payment=wrong, amount=51_001, reason="amount", state="failed", requested_at=NOW)


def told() -> dict[str, list[tuple[Any, ...]]]:
    """Return what each order's refunds are made of."""
    rows = Refund.objects.order_by("pk").select_related("payment__order")
    found: dict[str, list[tuple[Any, ...]]] = {}
    for row in rows:
        units = [(line.quantity, line.amount) for line in row.lines.all()]
        parts = (row.goods_amount, row.shipping_amount, row.goodwill_amount)
        found.setdefault(row.payment.order.number, []).append((row.kind, row.cause, parts, units, row.vat))
    return found


def test_every_older_refund_is_explained_and_every_order_balances(older: Any) -> None:
    fill(older)

    migrate(MigrationExecutor(connection).loader.graph.leaf_nodes())

    assert told() == {
        "LATE": [("ours", "not kept", (48_000, 3_000, 0), [(2, 48_000)], 4_636)],
        "DESK": [("external", "console:before", (48_000, 3_000, 0), [(2, 48_000)], 4_636)],
        "PART": [("external", "console:before", (0, 0, 1_000), [], 91)],
        "WRONG": [("ours", "not kept", (0, 0, 51_001), [], 4_636)],
    }
    received = dict(Payment.objects.values_list("order__number", "received"))
    assert received == {
        "PAID": 51_000,
        "OPEN": 0,
        "LATE": 51_000,
        "DESK": 51_000,
        "PART": 51_000,
        "WRONG": 51_001,
    }
    assert Order.objects.get(number="PART").payment_status == "partly_refunded"
    assert list(balance.out_of_balance()) == []


def test_it_can_be_undone_and_done_again(older: Any) -> None:
    fill(older)
    migrate(MigrationExecutor(connection).loader.graph.leaf_nodes())
    before = told()

    migrate(BEFORE)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM commerce_refund")
        assert cursor.fetchone() == (2,)
        cursor.execute("SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'commerce_%_balances'")
        assert cursor.fetchone() == (0,)
    migrate(MigrationExecutor(connection).loader.graph.leaf_nodes())

    assert told() == before
    assert list(balance.out_of_balance()) == []

"""What each reaction calls, and what it does when the provider is silent."""

import uuid
from dataclasses import replace
from datetime import timedelta

import pytest

from cms import pictures, publishing
from commerce.checkout import closing, paybacks, receipting, settling
from commerce.events import types
from commerce.events.base import Event
from commerce.inventory import audit
from commerce.payments import portone
from commerce.payments.gateway import GatewayTrouble, ReceiptRefused
from commerce.payments.models import Payment
from workers.handlers import catalog, maintenance, orders, payments
from workers.jobs import Context, Fact, Permanent
from workers.routing import HANDLERS
from workers.tests.factories import NOW, an_order

GATEWAY = object()
CONTEXT = Context(handler="test", attempt=1, idempotency_key=uuid.uuid4(), now=NOW)


@pytest.fixture(autouse=True)
def gateway(monkeypatch):
    monkeypatch.setattr(portone, "gateway", lambda: GATEWAY)


def fact(event: Event) -> Fact:
    return Fact(
        pk=1,
        event_id=uuid.uuid4(),
        type=event.name,
        version=event.version,
        payload=event.payload(),
        occurred_at=NOW,
        correlation_id=uuid.uuid4(),
        trace={},
    )


NOTICED = types.PaymentNoticed(payment_id="p" * 24, notice_id=1, kind="Transaction.Paid", occurred_at=NOW)
SLOT = {"slot": "2026-11-24T09:30:00+00:00", "occurred_at": NOW}


def recorder(monkeypatch, module, name: str, *, raises: Exception | None = None) -> list:
    calls: list = []

    def called(**arguments):
        calls.append(arguments)
        if raises:
            raise raises

    monkeypatch.setattr(module, name, called)
    return calls


def test_a_notice_settles_its_payment(monkeypatch):
    calls = recorder(monkeypatch, settling, "settle_payment")

    payments.settle(fact(NOTICED), CONTEXT)

    assert calls == [{"payment_id": "p" * 24, "gateway": GATEWAY, "now": NOW}]


def test_a_silent_provider_is_asked_again(monkeypatch):
    recorder(monkeypatch, settling, "settle_payment", raises=GatewayTrouble("silence"))

    with pytest.raises(GatewayTrouble):
        payments.settle(fact(NOTICED), CONTEXT)


def test_a_payment_that_we_never_opened_is_not_asked_about_again(monkeypatch):
    recorder(monkeypatch, settling, "settle_payment", raises=Payment.DoesNotExist())

    with pytest.raises(Permanent):
        payments.settle(fact(NOTICED), CONTEXT)


def test_a_requested_refund_is_executed(monkeypatch):
    calls = recorder(monkeypatch, paybacks, "execute_refund")

    asked = types.RefundRequested(order_id=1, refund_id=9, amount=1000, reason="x", occurred_at=NOW)
    payments.refund(fact(asked), CONTEXT)

    assert calls == [{"refund_id": 9, "gateway": GATEWAY, "now": NOW}]


def test_the_clock_expires_unpaid_orders(monkeypatch):
    calls = recorder(monkeypatch, closing, "expire_unpaid_orders")

    orders.expire_unpaid(fact(types.UnpaidOrdersDue(**SLOT)), CONTEXT)

    assert calls == [{"gateway": GATEWAY, "now": NOW, "limit": 40}]


def test_the_clock_asks_about_payments_that_are_open_for_two_minutes(monkeypatch):
    refunds = recorder(monkeypatch, paybacks, "reconcile_refunds")
    calls = recorder(monkeypatch, closing, "reconcile_payments")

    orders.reconcile_payments(fact(types.PaymentReconciliationDue(**SLOT)), CONTEXT)

    assert calls == [{"gateway": GATEWAY, "now": NOW, "older_than": timedelta(minutes=2), "limit": 40}]
    assert refunds == [{"gateway": GATEWAY, "now": NOW, "limit": 40}]


@pytest.fixture
def cms(monkeypatch) -> list:
    """What is asked of the CMS, in order."""
    calls: list = []

    def recording(name: str):
        return lambda **arguments: calls.append((name, *arguments.values()))

    for module, names in (
        (pictures, ("prepare_product", "prepare_category", "prepare_page")),
        (publishing, ("refresh_product", "refresh_category", "reconcile")),
    ):
        for name in names:
            monkeypatch.setattr(module, name, recording(name))
    return calls


def test_a_listed_product_gets_its_pictures_and_is_shown_with_them(cms):
    key = uuid.uuid4()

    listed = types.ProductListed(
        product_key=key, slug="cup", language="ko", source_version=1, skus=("CUP",), occurred_at=NOW
    )
    catalog.prepare_product(fact(listed), CONTEXT)

    assert cms == [("prepare_product", key), ("refresh_product", key)]


def test_a_listed_category_gets_its_picture_and_is_shown_with_it(cms):
    key = uuid.uuid4()

    listed = types.CategoryListed(category_key=key, path="cups", language="ko", occurred_at=NOW)
    catalog.prepare_category(fact(listed), CONTEXT)

    assert cms == [("prepare_category", key), ("refresh_category", key)]


def test_a_changed_page_gets_its_pictures_and_changed_settings_have_none(cms):
    for subject in ("page:12", "settings:1", "redirect:3"):
        changed = types.ContentChanged(subject=subject, path="", language="ko", occurred_at=NOW)
        catalog.prepare_page(fact(changed), CONTEXT)

    assert cms == [("prepare_page", 12)]


def test_the_clock_reconciles_the_catalogue(cms):
    catalog.reconcile(fact(types.CatalogReconciliationDue(**SLOT)), CONTEXT)

    assert cms == [("reconcile",)]


def test_the_clock_publishes_what_is_due(monkeypatch):
    calls = []
    monkeypatch.setattr(catalog, "call_command", lambda name, **options: calls.append(name))

    catalog.publish_scheduled(fact(types.ScheduledPublishingDue(**SLOT)), CONTEXT)

    assert calls == ["publish_scheduled"]


def test_stock_that_does_not_add_up_is_marked_and_logged(monkeypatch, caplog):
    doubt = audit.Doubt(item_id=1, sku="CUP", why="on hand 5, movements 2")
    monkeypatch.setattr(audit, "flag", lambda: [doubt])

    maintenance.check_stock(fact(types.StockCheckDue(**SLOT)), CONTEXT)

    (record,) = caplog.records
    assert (record.levelname, record.getMessage()) == (
        "ERROR",
        "stock of CUP does not add up: on hand 5, movements 2",
    )


@pytest.mark.django_db
@pytest.mark.parametrize(("state", "closed"), [("awaiting_deposit", 1), ("failed", 0), ("paid", 0)])
def test_the_account_of_a_cancelled_order_is_closed_while_it_waits_for_money(monkeypatch, state, closed):
    order = an_order(method="VIRTUAL_ACCOUNT")
    Payment.objects.filter(order=order).update(state=state)
    calls = []

    class Provider:
        def close_account(self, *, payment_id: str) -> None:
            calls.append(payment_id)

    monkeypatch.setattr(portone, "gateway", Provider)
    cancelled = types.OrderCancelled(
        order_id=order.pk, number=order.number, reason="not paid in time", by="shop", occurred_at=NOW
    )
    payments.close_account(fact(cancelled), CONTEXT)

    assert calls == [order.payment.payment_id] * closed


@pytest.mark.parametrize("trouble", [GatewayTrouble("timeout"), ReceiptRefused("no such business")])
@pytest.mark.parametrize(("attempt", "given_up"), [(1, False), (3, False), (4, True), (5, True)])
def test_a_receipt_that_cannot_be_issued_is_tried_four_times_and_then_staff_is_asked(
    monkeypatch, trouble, attempt, given_up
):
    recorder(monkeypatch, receipting, "settle_receipt", raises=trouble)
    told = recorder(monkeypatch, receipting, "give_up")
    paid = types.OrderPaid(order_id=7, number="1", total=51_000, currency="KRW", occurred_at=NOW)
    context = replace(CONTEXT, attempt=attempt)

    if given_up:
        payments.settle_receipt(fact(paid), context)
        assert told == [{"order_id": 7, "why": str(trouble), "now": NOW}]
    else:
        with pytest.raises(type(trouble)):
            payments.settle_receipt(fact(paid), context)
        assert told == []


def test_the_queue_tries_a_receipt_as_often_as_its_handler_expects():
    assert HANDLERS["payments.settle_receipt"].max_attempts == payments.RECEIPT_TRIES == 4

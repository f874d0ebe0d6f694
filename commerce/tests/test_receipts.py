"""Cash receipts: who gets one, over how much, what becomes of it when money goes back, and what is kept."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from commerce.checkout import receipting
from commerce.events.models import OutboxEvent
from commerce.orders import document
from commerce.orders.models import Order
from commerce.orders.refund_math import Fault
from commerce.payments import receipts
from commerce.payments.gateway import GatewayReceipt, GatewayTrouble, ReceiptRefused
from commerce.payments.models import CashReceipt
from commerce.payments.states import PaymentState, ReceiptKind, ReceiptState
from commerce.tests.factories import LATER, NOW, order, product
from commerce.tests.fakes import FakeGateway
from commerce.tests.receipting import FIRM, PHONE, paid, receipt
from commerce.tests.refunding import give_back, pay, settle
from commerce.tests.shopping import fill, submit

pytestmark = pytest.mark.django_db
OWN_PHONE = receipts.Wish(kind=ReceiptKind.PERSONAL, number="01012345678")


def facts() -> list[tuple[str, int]]:
    rows = OutboxEvent.objects.filter(type__startswith="receipt.").order_by("pk")
    return [(row.type, row.payload["amount"]) for row in rows]


def test_what_was_asked_for_on_the_sheet_waits_for_the_money(
    client: Client, gateway: Any, noon: None
) -> None:
    product()
    fill(client)

    submit(client, method="VIRTUAL_ACCOUNT", receipt="personal", receipt_phone="010-9999-8888")

    row = CashReceipt.objects.get()
    assert (row.kind, row.asked, row.number, row.last_digits) == ("personal", True, "01099998888", "8888")
    assert (row.own_phone, row.state, gateway.receipted) == (False, "requested", [])


# --- issuing ----------------------------------------------------------------------------------------------


def test_a_receipt_is_issued_once_when_the_money_is_there_and_its_number_is_forgotten() -> None:
    gateway = FakeGateway()
    placed = order(method="TRANSFER", receipt=PHONE)
    assert receipt(placed, gateway) is None  # nothing was paid yet
    gateway.says(placed, PaymentState.PAID)
    settle(placed, gateway)

    assert receipt(placed, gateway) == ReceiptState.ISSUED
    assert receipt(placed, gateway) == ReceiptState.ISSUED

    payment_id = placed.payment.payment_id
    assert gateway.receipted == [(payment_id, "personal", 51_000, "01099998888")]
    row = CashReceipt.objects.get()
    assert (row.number, row.last_digits, row.amount) == ("", "8888", 51_000)
    assert (row.issue_number, row.url) == ("000000001", f"https://receipts.example/{payment_id}")
    assert facts() == [("receipt.issued", 51_000)]
    assert placed.timeline.filter(kind="receipt_issued").count() == 1
    stored = str(list(OutboxEvent.objects.values())) + str(list(CashReceipt.objects.values()))
    assert "01099998888" not in stored


def test_the_database_keeps_no_number_of_a_receipt_that_stands() -> None:
    gateway = FakeGateway()
    placed = paid(gateway, receipt=PHONE)
    receipt(placed, gateway)

    with pytest.raises(IntegrityError), transaction.atomic():
        CashReceipt.objects.update(number="01099998888")


def test_nobody_is_receipted_unasked_below_the_limit_and_never_for_a_card() -> None:
    gateway = FakeGateway()
    small = paid(gateway, price=48_499, quantity=2)  # 96,998 won, delivered for nothing
    assert small.total == 96_998

    assert receipt(small, gateway) is None
    assert not CashReceipt.objects.exists()


@pytest.mark.parametrize(("method", "issued"), [("TRANSFER", 1), ("VIRTUAL_ACCOUNT", 1), ("CARD", 0)])
def test_from_the_limit_on_the_shop_issues_one_unasked(method: str, issued: int) -> None:
    gateway = FakeGateway()
    large = paid(gateway, method=method, price=50_000, quantity=2)
    assert large.total == 100_000

    receipt(large, gateway)

    wanted = (large.payment.payment_id, "personal", 100_000, "01000001234")
    assert gateway.receipted == [wanted] * issued
    assert CashReceipt.objects.filter(asked=False, last_digits="1234").count() == issued


def test_one_that_the_window_issued_already_is_taken_over() -> None:
    gateway = FakeGateway()
    placed = paid(gateway, receipt=PHONE)
    gateway.receipts[placed.payment.payment_id] = GatewayReceipt(
        state=ReceiptState.ISSUED, amount=51_000, issue_number="777"
    )

    assert receipt(placed, gateway) == ReceiptState.ISSUED
    assert gateway.receipted == []
    assert CashReceipt.objects.get().issue_number == "777"


# --- money that goes back ---------------------------------------------------------------------------------


def refund(placed: Order, gateway: FakeGateway, units: int) -> None:
    pay(give_back(placed, units=units, fault=Fault.SHOP), gateway)


def test_when_all_the_money_goes_back_the_receipt_is_cancelled() -> None:
    gateway = FakeGateway()
    placed = paid(gateway, receipt=PHONE)
    receipt(placed, gateway)

    refund(placed, gateway, 2)
    assert receipt(placed, gateway) == ReceiptState.CANCELLED
    assert receipt(placed, gateway) == ReceiptState.CANCELLED

    assert gateway.receipts[placed.payment.payment_id].state == ReceiptState.CANCELLED
    assert facts() == [("receipt.issued", 51_000), ("receipt.cancelled", 51_000)]


def test_when_a_part_goes_back_one_over_the_rest_takes_its_place() -> None:
    gateway = FakeGateway()
    placed = paid(gateway, receipt=OWN_PHONE)
    receipt(placed, gateway)

    refund(placed, gateway, 1)
    assert receipt(placed, gateway, now=LATER) == ReceiptState.ISSUED

    assert [made[2:] for made in gateway.receipted] == [(51_000, "01012345678"), (27_000, "01012345678")]
    row = CashReceipt.objects.get()
    assert (row.amount, row.issue_number, row.number, row.issued_at) == (27_000, "000000002", "", LATER)
    assert facts() == [("receipt.issued", 51_000), ("receipt.issued", 27_000)]


def test_a_number_that_was_forgotten_is_asked_for_before_anything_is_cancelled() -> None:
    gateway = FakeGateway()
    placed = paid(gateway, receipt=FIRM)
    receipt(placed, gateway)
    refund(placed, gateway, 1)

    with pytest.raises(ReceiptRefused, match="no longer known"):
        receipt(placed, gateway)

    assert gateway.receipts[placed.payment.payment_id].amount == 51_000
    assert gateway.receipts[placed.payment.payment_id].state == ReceiptState.ISSUED
    receipting.give_up(order_id=placed.pk, why="x", now=NOW)
    receipting.give_number(order_id=placed.pk, number="1208147521", now=NOW)
    assert receipt(placed, gateway) == ReceiptState.ISSUED
    assert gateway.receipted[-1][1:] == ("corporate", 27_000, "1208147521")
    assert CashReceipt.objects.get().number == ""


def test_money_that_bought_nothing_gets_no_receipt() -> None:
    gateway = FakeGateway()
    placed = order(method="TRANSFER", receipt=PHONE)
    Order.objects.filter(pk=placed.pk).update(status="cancelled", payment_status="void")
    gateway.says(placed, PaymentState.PAID)
    settle(placed, gateway)

    assert receipt(placed, gateway) == ReceiptState.CANCELLED
    assert (gateway.receipted, facts()) == ([], [])
    assert CashReceipt.objects.get().number == ""


# --- trouble ----------------------------------------------------------------------------------------------


def test_a_refusal_changes_nothing_until_it_is_given_up_and_a_later_success_takes_the_flag_off() -> None:
    gateway = FakeGateway()
    placed = paid(gateway, receipt=PHONE)
    gateway.no_receipts = "unknown number"

    with pytest.raises(ReceiptRefused):
        receipt(placed, gateway)
    assert (CashReceipt.objects.get().state, facts()) == ("requested", [])

    receipting.give_up(order_id=placed.pk, why="unknown number", now=NOW)
    placed.refresh_from_db()
    assert placed.flag == "cash receipt: unknown number"
    assert facts() == [("receipt.failed", 51_000)]

    gateway.no_receipts = ""
    assert receipt(placed, gateway) == ReceiptState.ISSUED
    placed.refresh_from_db()
    assert placed.flag == ""


def test_who_was_overtaken_does_not_write_what_no_longer_stands() -> None:
    class Overtaken(FakeGateway):
        def issue_receipt(self, **asked: Any) -> GatewayReceipt:
            made = super().issue_receipt(**asked)
            if len(self.receipted) == 1:  # somebody else settles it before the answer is written down
                refund(placed, self, 1)
                receipt(placed, self)
            return made

    gateway = Overtaken()
    placed = paid(gateway, receipt=OWN_PHONE)

    with pytest.raises(GatewayTrouble):
        receipt(placed, gateway)

    assert (CashReceipt.objects.get().amount, gateway.receipts[placed.payment.payment_id].amount) == (
        27_000,
        27_000,
    )


def test_the_order_document_names_the_receipt_and_what_went_back() -> None:
    gateway = FakeGateway()
    placed = paid(gateway, receipt=PHONE)
    receipt(placed, gateway)
    pay(give_back(placed, units=1, fault=Fault.SHOP), gateway)
    placed = Order.objects.get(pk=placed.pk)

    shown = document.of(order=placed)

    assert shown.receipt == "000000001"
    assert shown.back is not None and shown.kept is not None
    assert (shown.back.total, shown.kept.total) == (-24_000, 27_000)
    assert (shown.back.vat, shown.kept.vat) == (-2_182, placed.vat - 2_182)
    assert shown.kept.supply + shown.kept.vat == 27_000

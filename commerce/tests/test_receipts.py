"""Cash receipts: who gets one, over how much, what becomes of it when money goes back, and what is kept."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from commerce.checkout import receipting
from commerce.checkout.forms import OrderSheet
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
from commerce.tests.shopping import FORM, fill, submit, text
from commerce.tests.test_refunds import give_back, pay, settle

pytestmark = pytest.mark.django_db
PHONE = receipts.Wish(kind=ReceiptKind.PERSONAL, number="01099998888")
OWN_PHONE = receipts.Wish(kind=ReceiptKind.PERSONAL, number="01012345678")
FIRM = receipts.Wish(kind=ReceiptKind.CORPORATE, number="1208147521")
ACCOUNT = {"bank": "SHINHAN", "number": "56211905874893", "holder": "마루"}


def paid(gateway: FakeGateway, *, method: str = "TRANSFER", **how: Any) -> Order:
    """Return a paid order; two cups for 48,000 won and 3,000 won delivery unless told otherwise."""
    placed = order(method=method, **how)
    gateway.says(placed, PaymentState.PAID)
    settle(placed, gateway)
    return placed


def receipt(placed: Order, gateway: FakeGateway, *, now: Any = NOW) -> ReceiptState | None:
    return receipting.settle_receipt(order_id=placed.pk, gateway=gateway, now=now)


def facts() -> list[tuple[str, int]]:
    rows = OutboxEvent.objects.filter(type__startswith="receipt.").order_by("pk")
    return [(row.type, row.payload["amount"]) for row in rows]


# --- numbers ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("digits", ["1208147521", "2208162517", "1248100998"])
def test_numbers_of_businesses_check_themselves(digits: str) -> None:
    assert receipts.is_business_number(digits)
    for place in range(10):
        wrong = digits[:place] + str((int(digits[place]) + 1) % 10) + digits[place + 1 :]
        assert not receipts.is_business_number(wrong), wrong


@pytest.mark.parametrize("typed", ["", "120814752", "12081475211", "120-81-4752", "१२०८१४७५२१"])
def test_what_is_no_ten_digits_is_no_business(typed: str) -> None:
    assert not receipts.is_business_number(typed)


# --- the sheet --------------------------------------------------------------------------------------------


def sheet(**changes: str) -> OrderSheet:
    return OrderSheet(FORM | {"method": "TRANSFER"} | changes)


def test_nobody_gets_a_receipt_who_did_not_ask() -> None:
    form = sheet()

    assert form.is_valid()
    assert form.receipt_wish() is None
    assert [choice["code"] for choice in OrderSheet().receipts if choice["chosen"]] == [""]


def test_a_phone_in_any_spelling_is_the_number_of_an_income_deduction() -> None:
    form = sheet(receipt="personal", receipt_phone="０１０ 9999-8888", receipt_business="1")

    assert form.is_valid(), form.errors
    assert form.receipt_wish() == PHONE


def test_a_business_number_is_checked() -> None:
    form = sheet(receipt="corporate", receipt_business="120-81-47521")
    assert form.is_valid(), form.errors
    assert form.receipt_wish() == FIRM

    assert list(sheet(receipt="corporate", receipt_business="120-81-47522").errors) == ["receipt_business"]


@pytest.mark.parametrize(
    ("kind", "field", "typed"),
    [
        ("personal", "receipt_phone", ""),
        ("personal", "receipt_phone", "02-123-4567"),
        ("corporate", "receipt_business", ""),
    ],
)
def test_a_receipt_needs_its_number(kind: str, field: str, typed: str) -> None:
    assert list(sheet(receipt=kind, **{field: typed}).errors) == [field]


def test_a_card_has_no_cash_receipt_whatever_is_typed_in_the_hidden_fields() -> None:
    form = sheet(method="CARD", receipt="personal", receipt_phone="nonsense")

    assert form.is_valid(), form.errors
    assert form.receipt_wish() is None


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


# --- pages ------------------------------------------------------------------------------------------------


def test_the_orders_page_shows_number_and_link_and_masks_the_phone(client: Client, gateway: Any) -> None:
    placed = paid(gateway, receipt=PHONE)
    assert "···· 8888" in text(client.get(f"/orders/{placed.token}/"))
    receipt(placed, gateway)

    page = client.get(f"/orders/{placed.token}/")

    assert "000000001" in text(page)
    assert f"https://receipts.example/{placed.payment.payment_id}" in page.content.decode()
    assert "01099998888" not in page.content.decode()


# --- paying another way -----------------------------------------------------------------------------------


def retry(client: Client, placed: Order, **typed: str) -> Any:
    return client.post(reverse("order-retry", args=[placed.token]), typed)


def wanted(placed: Order) -> list[tuple[str, str, bool]]:
    rows = CashReceipt.objects.filter(payment__order=placed)
    return list(rows.values_list("kind", "number", "own_phone"))


def test_who_pays_by_transfer_after_all_is_asked_for_the_receipt(
    client: Client, gateway: Any, noon: Any
) -> None:
    placed = order()
    page = client.get(reverse("order", args=[placed.token])).content.decode()
    assert 'name="receipt_phone"' in page

    answer = retry(client, placed, method="TRANSFER", receipt="personal", receipt_phone="010-1234-5678")

    assert answer.status_code == 303
    assert wanted(placed) == [("personal", "01012345678", True)]
    placed.payment.refresh_from_db()
    assert placed.payment.method == "TRANSFER"


@pytest.mark.parametrize(
    "typed",
    [
        {"receipt": "personal"},
        {"receipt": "personal", "receipt_phone": "02-123-4567"},
        {"receipt": "corporate", "receipt_business": "123-45-67890"},
        {"receipt": "another"},
    ],
)
def test_a_receipt_without_its_number_is_said_and_changes_nothing(
    client: Client, gateway: Any, noon: Any, typed: dict[str, str]
) -> None:
    placed = order()

    answer = retry(client, placed, method="TRANSFER", **typed)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "form-errors" in page
    assert 'value="TRANSFER" checked' in page
    assert all(f'value="{value}"' in page for name, value in typed.items() if name != "receipt")
    assert wanted(placed) == []
    placed.payment.refresh_from_db()
    assert placed.payment.method == "CARD"


def test_what_was_asked_for_before_stays_unless_something_else_is_said(
    client: Client, gateway: Any, noon: Any
) -> None:
    placed = order(method="TRANSFER", receipt=PHONE)
    page = client.get(reverse("order", args=[placed.token])).content.decode()
    assert 'value="keep" checked' in page
    assert PHONE.number not in page

    retry(client, placed, method="VIRTUAL_ACCOUNT", receipt="keep")
    assert wanted(placed) == [("personal", "01099998888", False)]
    retry(client, placed, method="VIRTUAL_ACCOUNT")
    assert wanted(placed) == [("personal", "01099998888", False)]
    retry(client, placed, method="TRANSFER", receipt="corporate", receipt_business="120-81-47521")
    assert wanted(placed) == [("corporate", "1208147521", False)]
    retry(client, placed, method="TRANSFER", receipt="")
    assert wanted(placed) == []


def test_who_pays_by_card_after_all_has_no_receipt(client: Client, gateway: Any, noon: Any) -> None:
    placed = order(method="TRANSFER", receipt=PHONE)

    retry(client, placed, method="CARD", receipt="keep")

    assert wanted(placed) == []


def test_a_paid_order_keeps_its_receipt(client: Client) -> None:
    placed = paid(FakeGateway(), receipt=PHONE)

    retry(client, placed, method="CARD", receipt="")

    assert wanted(placed) == [("personal", "01099998888", False)]


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

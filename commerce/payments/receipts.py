"""Cash receipts (현금영수증): who gets one, over how much, and what is kept of the number it goes to.

A receipt is asked for on the order sheet, or issued by the shop itself (자진발급) to the tax office's own number
when nobody asked: selling by mail order must do so from 100,000 won on (Income Tax Act §162-3, its Decree's list
of sectors). Only money that comes like cash counts: bank transfers and deposits.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings

from commerce.events import outbox, types
from commerce.payments.gateway import GatewayReceipt
from commerce.payments.models import CashReceipt, Payment
from commerce.payments.states import ReceiptKind, ReceiptState

CASH = frozenset({"TRANSFER", "VIRTUAL_ACCOUNT"})  # the methods of `methods.METHODS` that pay like cash
_WEIGHTS = (1, 3, 7, 1, 3, 7, 1, 3, 5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """The receipt that a shopper asks for; `number` in digits: a mobile phone, or a business registration."""

    kind: ReceiptKind
    number: str


class Kept:
    """Nothing was said of the receipt: what was asked for before stays."""


KEPT = Kept()


def is_business_number(digits: str) -> bool:
    """Return whether ten digits are a business registration number: the last one checks the others.

    The rule of the National Tax Service: weights 1 3 7 1 3 7 1 3 5, and the tens of the last product once more.
    """
    if not re.fullmatch(r"[0-9]{10}", digits):
        return False
    figures = [int(digit) for digit in digits]
    total = sum(figure * weight for figure, weight in zip(figures, _WEIGHTS, strict=False))
    total += figures[8] * 5 // 10
    return (10 - total % 10) % 10 == figures[9]


def ask(*, payment: Payment, wish: Wish, phone: str, now: datetime) -> CashReceipt:
    """Write down on a new payment which receipt is wanted; `phone` is the orderer's own."""
    return CashReceipt.objects.create(
        payment=payment,
        kind=wish.kind,
        asked=True,
        number=wish.number,
        last_digits=wish.number[-4:],
        own_phone=wish.number == phone,
        requested_at=now,
    )


def ask_anew(*, payment: Payment, wish: Wish | None, phone: str, now: datetime) -> CashReceipt | None:
    """Let a locked payment that is still open have this receipt, or none; what was asked for before is forgotten."""
    CashReceipt.objects.filter(payment=payment, state=ReceiptState.REQUESTED).delete()
    return ask(payment=payment, wish=wish, phone=phone, now=now) if wish else None


def of(*, payment: Payment, now: datetime) -> CashReceipt | None:
    """Return the receipt of a locked payment; one that must be issued unasked is begun. None: nobody needs one."""
    row = CashReceipt.objects.select_for_update().filter(payment=payment).first()
    if row or not must_be_issued(payment=payment):
        return row
    number = settings.CASH_RECEIPT_SELF_ISSUE_NUMBER
    return CashReceipt.objects.create(
        payment=payment, kind=ReceiptKind.PERSONAL, last_digits=number[-4:], requested_at=now
    )


def must_be_issued(*, payment: Payment) -> bool:
    """Return whether the law wants a receipt although nobody asked."""
    return payment.method in CASH and due(payment=payment) >= settings.CASH_RECEIPT_SELF_ISSUE_FROM


def due(*, payment: Payment) -> int:
    """Return the won that a receipt must be over: what came like cash and did not go back."""
    return payment.received - payment.cancelled_amount if payment.method in CASH else 0


def number_of(*, row: CashReceipt, phone: str) -> str:
    """Return the number that a receipt goes to; empty when it was forgotten and nobody gave it again."""
    if not row.asked:
        return str(settings.CASH_RECEIPT_SELF_ISSUE_NUMBER)
    return row.number or (phone if row.own_phone else "")


def begin(*, row: CashReceipt) -> int:
    """Note on a locked receipt that the provider is asked now; return the number of this attempt."""
    row.attempts += 1
    row.save(update_fields=["attempts"])
    return row.attempts


def issued(*, row: CashReceipt, found: GatewayReceipt, now: datetime) -> None:
    """Write down that a locked receipt stands at the provider; its number is forgotten but for the last digits."""
    news = (row.state, row.issue_number, row.amount) != (
        ReceiptState.ISSUED,
        found.issue_number,
        found.amount,
    )
    row.state, row.amount, row.failure, row.number = ReceiptState.ISSUED, found.amount, "", ""
    row.issue_number, row.url = found.issue_number[:80], found.url[:500]
    row.issued_at, row.cancelled_at = row.issued_at if not news else now, None
    row.save()
    if news:
        outbox.record(types.ReceiptIssued(**_told(row, found.amount), occurred_at=now))


def cancelled(*, row: CashReceipt, now: datetime) -> None:
    """Write down that no receipt stands for a locked one: nothing is left that it could be over."""
    stood, row.state, row.number, row.failure = row.state, ReceiptState.CANCELLED, "", ""
    gone, row.amount, row.cancelled_at = row.amount, 0, now
    row.save()
    if stood != ReceiptState.CANCELLED and gone:
        outbox.record(types.ReceiptCancelled(**_told(row, gone), occurred_at=now))


def failed(*, row: CashReceipt, why: str, now: datetime) -> None:
    """Write down that the provider did not do what a locked receipt needs; staff tries again."""
    row.state, row.failure = ReceiptState.FAILED, why[:300]
    row.save(update_fields=["state", "failure"])
    outbox.record(
        types.ReceiptFailed(**_told(row, due(payment=row.payment)), reason=row.failure, occurred_at=now)
    )


def give_number(*, row: CashReceipt, number: str) -> None:
    """Let a locked receipt that does not stand go to this number, kept until it stands."""
    row.number, row.last_digits, row.own_phone = number, number[-4:], False
    row.save(update_fields=["number", "last_digits", "own_phone"])


def _told(row: CashReceipt, amount: int) -> dict[str, Any]:
    return {"order_id": row.payment.order_id, "payment_id": row.payment.payment_id, "amount": amount}

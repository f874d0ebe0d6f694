"""A payment provider whose answers are written in the test."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.conf import settings

from commerce.orders.models import Order
from commerce.payments.gateway import (
    BankAccount,
    GatewayPayment,
    GatewayReceipt,
    GatewayRefund,
    GatewayTrouble,
    LeftChanged,
    PaymentUnknown,
    ReceiptRefused,
)
from commerce.payments.states import PaymentState, ReceiptKind, ReceiptState, RefundState
from commerce.tests.factories import NOW


class FakeGateway:
    """Keeps the promise of `Gateway` in memory. `says` writes what the provider knows; `down` makes it unreachable."""

    def __init__(self) -> None:
        self.payments: dict[str, GatewayPayment] = {}
        self.registered: list[tuple[str, int]] = []
        self.confirmed: list[tuple[str, str, str, int]] = []
        self.tokens: dict[str, str] = {}
        self.closed: list[str] = []
        self.refunded: list[tuple[str, int]] = []
        self.accounts: list[BankAccount | None] = []
        self.vats: list[int | None] = []
        self.receipts: dict[str, GatewayReceipt] = {}
        self.receipted: list[tuple[str, str, int, str]] = []
        self.no_receipts = ""  # why the tax office takes none
        self.asked = 0
        self.down = False

    def register(self, *, payment_id: str, amount: int) -> None:
        """Remember the amount."""
        self._reach()
        self.registered.append((payment_id, amount))

    def fetch(self, *, payment_id: str) -> GatewayPayment:
        """Return what `says` wrote."""
        self._reach()
        self.asked += 1
        if payment_id not in self.payments:
            raise PaymentUnknown(payment_id)
        return self.payments[payment_id]

    def changed(self, *, since: datetime, until: datetime) -> list[GatewayPayment]:
        """Return what `says` wrote for that time."""
        self._reach()
        return [known for known in self.payments.values() if since <= known.changed_at < until]

    def confirm(self, *, payment_id: str, payment_token: str, transaction_id: str, amount: int) -> None:
        """Take the money that the shopper agreed to with this token."""
        self._reach()
        self.confirmed.append((payment_id, payment_token, transaction_id, amount))
        known = self.payments.get(payment_id)
        agreed = known and known.state == PaymentState.OPEN and known.total == amount
        if known and agreed and self.tokens.get(payment_id) == payment_token:
            self.payments[payment_id] = replace(known, state=PaymentState.PAID, paid_at=known.changed_at)

    def close_account(self, *, payment_id: str) -> None:
        """Remember whose account was closed; a payment that waited for a deposit has failed."""
        self._reach()
        self.closed.append(payment_id)
        known = self.payments.get(payment_id)
        if known and known.state == PaymentState.AWAITING_DEPOSIT:
            self.payments[payment_id] = replace(known, state=PaymentState.FAILED)

    def authenticate(self, order: Order) -> str:
        """Let the shopper agree in the window of a channel with manual approval; return the token."""
        self.says(order, PaymentState.OPEN)
        return self.tokens.setdefault(order.payment.payment_id, f"token-{len(self.tokens) + 1}")

    def refund(
        self,
        *,
        payment_id: str,
        amount: int,
        cancellable: int,
        reason: str,
        vat: int | None = None,
        account: BankAccount | None = None,
        by_customer: bool = False,
    ) -> GatewayRefund:
        """Take money back, unless the caller is wrong about what is left."""
        self._reach()
        known = self.payments[payment_id]
        if known.total - known.cancelled - _busy(known) != cancellable:
            raise LeftChanged("CANCELLABLE_AMOUNT_CONSISTENCY_BROKEN")
        self.refunded.append((payment_id, amount))
        self.accounts.append(account)
        self.vats.append(vat)
        return self._cancel(payment_id, amount, reason)

    def receipt(self, *, payment_id: str) -> GatewayReceipt | None:
        """Return the newest receipt."""
        self._reach()
        return self.receipts.get(payment_id)

    def issue_receipt(
        self, *, payment_id: str, order_name: str, amount: int, kind: ReceiptKind, number: str
    ) -> GatewayReceipt:
        """Issue one, unless one stands."""
        self._reach()
        if self.no_receipts:
            raise ReceiptRefused(self.no_receipts)
        known = self.receipts.get(payment_id)
        if known and known.state == ReceiptState.ISSUED:
            raise GatewayTrouble("CASH_RECEIPT_ALREADY_ISSUED")
        self.receipted.append((payment_id, kind.value, amount, number))
        self.receipts[payment_id] = GatewayReceipt(
            state=ReceiptState.ISSUED,
            amount=amount,
            issue_number=f"{len(self.receipted):09d}",
            url=f"https://receipts.example/{payment_id}",
        )
        return self.receipts[payment_id]

    def cancel_receipt(self, *, payment_id: str) -> None:
        """Cancel the one that stands."""
        self._reach()
        if self.no_receipts:
            raise ReceiptRefused(self.no_receipts)
        known = self.receipts.get(payment_id)
        if known:
            self.receipts[payment_id] = replace(known, state=ReceiptState.CANCELLED)

    def console(self, placed: Order, amount: int, *, reason: str = "콘솔에서 취소") -> GatewayRefund:
        """Let somebody cancel `amount` won at the provider's own console."""
        return self._cancel(placed.payment.payment_id, amount, reason)

    def _cancel(self, payment_id: str, amount: int, reason: str) -> GatewayRefund:
        known = self.payments[payment_id]
        cancelled = known.cancelled + amount
        one = GatewayRefund(
            state=RefundState.SUCCEEDED,
            cancellation_id=f"cancel-{len(known.refunds) + 1}",
            amount=amount,
            reason=reason,
        )
        self.payments[payment_id] = replace(
            known,
            cancelled=cancelled,
            state=PaymentState.CANCELLED if cancelled == known.total else PaymentState.PARTLY_CANCELLED,
            refunds=(*known.refunds, one),
        )
        return one

    def says(self, order: Order, state: PaymentState, *, at: datetime = NOW, **fields: Any) -> GatewayPayment:
        """Let the provider know the order's payment in this state since `at`."""
        before = self.payments.get(order.payment.payment_id)
        known = GatewayPayment(
            **{
                "payment_id": order.payment.payment_id,
                "store_id": settings.PORTONE_STORE_ID,
                "state": state,
                "total": order.total,
                "tax_free": 0,
                "cancelled": order.total if state == PaymentState.CANCELLED else 0,
                "currency": "KRW",
                "transaction_id": "tx-1",
                "version": "V2",
                "changed_at": at,
                "paid_at": at if state == PaymentState.PAID else None,
                "live": False,
                "channel_key": settings.PORTONE_CHANNEL_KEY,
                "provider": "TOSSPAYMENTS",
                "method_detail": "신한카드",
                "refunds": before.refunds if before else (),
            }
            | fields
        )
        known = replace(known, refunds=_explained(known))
        self.payments[order.payment.payment_id] = known
        return known

    def _reach(self) -> None:
        if self.down:
            raise GatewayTrouble("unreachable")


def _busy(known: GatewayPayment) -> int:
    return sum(one.amount for one in known.refunds if one.state == RefundState.PENDING)


def _explained(known: GatewayPayment) -> tuple[GatewayRefund, ...]:
    """Return the list of cancellations; what it does not explain was cancelled at the console."""
    listed = sum(one.amount for one in known.refunds if one.state == RefundState.SUCCEEDED)
    if known.cancelled <= listed:
        return known.refunds
    one = GatewayRefund(
        state=RefundState.SUCCEEDED,
        cancellation_id=f"console-{len(known.refunds) + 1}",
        amount=known.cancelled - listed,
        reason="콘솔에서 취소",
    )
    return (*known.refunds, one)

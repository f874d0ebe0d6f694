"""A payment provider whose answers are written in the test."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.conf import settings

from commerce.orders.models import Order
from commerce.payments.gateway import (
    GatewayPayment,
    GatewayRefund,
    GatewayTrouble,
    PaymentUnknown,
)
from commerce.payments.states import PaymentState, RefundState
from commerce.tests.factories import NOW


class FakeGateway:
    """Keeps the promise of `Gateway` in memory. `says` writes what the provider knows; `down` makes it unreachable."""

    def __init__(self) -> None:
        self.payments: dict[str, GatewayPayment] = {}
        self.registered: list[tuple[str, int]] = []
        self.confirmed: list[tuple[str, str, str, int]] = []
        self.closed: list[str] = []
        self.refunded: list[tuple[str, int]] = []
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
        """Take the money."""
        self._reach()
        self.confirmed.append((payment_id, payment_token, transaction_id, amount))

    def close_account(self, *, payment_id: str) -> None:
        """Remember whose account was closed."""
        self._reach()
        self.closed.append(payment_id)

    def refund(self, *, payment_id: str, amount: int, cancellable: int, reason: str) -> GatewayRefund:
        """Take money back, unless the caller is wrong about what is left."""
        self._reach()
        known = self.payments[payment_id]
        if known.total - known.cancelled != cancellable:
            raise GatewayTrouble("CANCELLABLE_AMOUNT_CONSISTENCY_BROKEN")
        cancelled = known.cancelled + amount
        whole = cancelled == known.total
        self.refunded.append((payment_id, amount))
        self.payments[payment_id] = replace(
            known,
            cancelled=cancelled,
            state=PaymentState.CANCELLED if whole else PaymentState.PARTLY_CANCELLED,
        )
        return GatewayRefund(state=RefundState.SUCCEEDED, cancellation_id=f"cancel-{len(self.refunded)}")

    def says(self, order: Order, state: PaymentState, *, at: datetime = NOW, **fields: Any) -> GatewayPayment:
        """Let the provider know the order's payment in this state since `at`."""
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
            }
            | fields
        )
        self.payments[order.payment.payment_id] = known
        return known

    def _reach(self) -> None:
        if self.down:
            raise GatewayTrouble("unreachable")

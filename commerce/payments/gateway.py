"""What the shop needs of a payment provider. `portone.py` keeps the promise against PortOne V2."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from commerce.payments.states import PaymentState, ReceiptKind, ReceiptState, RefundState


class GatewayTrouble(Exception):
    """The provider could not be reached or answered with something nobody understands: try again later."""


class GatewayUnreachable(GatewayTrouble):
    """Nothing was asked: no connection, or our key was refused. Asking again is harmless."""


class LeftChanged(GatewayTrouble):
    """We were wrong about what is left of a payment, so nothing was given back: read it again."""


class ReceiptRefused(Exception):
    """The provider will not issue or cancel a cash receipt as it was asked for."""


class PaymentUnknown(Exception):
    """The provider has never heard of this payment: the window was not opened, or nothing happened in it."""


class ForgedNotice(Exception):
    """A webhook whose signature is missing, wrong or too old."""


class UnreadableNotice(Exception):
    """A signed webhook that is not what it should be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayPayment:
    """A payment as the provider knows it. Amounts in won."""

    payment_id: str
    store_id: str
    state: PaymentState
    total: int
    tax_free: int
    cancelled: int
    currency: str
    transaction_id: str
    version: str
    changed_at: datetime
    paid_at: datetime | None = None
    live: bool | None = None  # None: the provider has not chosen a channel yet
    channel_key: str = ""
    provider: str = ""
    method_detail: str = ""
    account: dict[str, str] = field(default_factory=dict)
    failure: str = ""
    refunds: tuple["GatewayRefund", ...] = ()  # every cancellation that was ever asked for, oldest first


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayRefund:
    """A cancellation as the provider knows it; `amount` in won."""

    state: RefundState
    cancellation_id: str
    failure: str = ""
    amount: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayReceipt:
    """A cash receipt as the provider knows it; `amount` in won."""

    state: ReceiptState
    amount: int
    issue_number: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BankAccount:
    """Where the money of a deposit goes back to; the bank by PortOne's code, the number in digits."""

    bank: str
    number: str
    holder: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A verified webhook. It says that something happened, never what to believe."""

    notice_id: str
    kind: str
    payment_id: str
    store_id: str
    body: str


class Gateway(Protocol):
    """The port."""

    def register(self, *, payment_id: str, amount: int) -> None:
        """Tell the provider the only acceptable amount in won before the shopper pays."""

    def fetch(self, *, payment_id: str) -> GatewayPayment:
        """Return the payment as the provider knows it now."""

    def changed(self, *, since: datetime, until: datetime) -> "Iterable[GatewayPayment]":
        """Return every payment whose state changed at the provider from `since` until `until`."""

    def confirm(self, *, payment_id: str, payment_token: str, transaction_id: str, amount: int) -> None:
        """Let the provider take `amount` won that the shopper agreed to; what became of it, `fetch` tells."""

    def close_account(self, *, payment_id: str) -> None:
        """Let nobody transfer money to a payment's virtual account any more."""

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
        """Give `amount` won back; `cancellable` is what we believe is left, so a repetition fails safely."""

    def receipt(self, *, payment_id: str) -> GatewayReceipt | None:
        """Return the newest cash receipt of a payment; None when there never was one."""

    def issue_receipt(
        self, *, payment_id: str, order_name: str, amount: int, kind: ReceiptKind, number: str
    ) -> GatewayReceipt:
        """Issue a cash receipt over `amount` won to a number in digits; one that stands is cancelled first."""

    def cancel_receipt(self, *, payment_id: str) -> None:
        """Cancel the cash receipt of a payment as a whole; where none stands nothing happens."""

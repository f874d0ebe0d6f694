"""What happened to money. Amounts in won."""

from dataclasses import dataclass
from typing import ClassVar

from commerce.events.base import Event, fact


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentNoticed(Event):
    """PortOne told us that something happened to a payment; what, we ask PortOne."""

    name: ClassVar[str] = "payment.noticed"
    aggregate: ClassVar[tuple[str, str]] = ("payment", "payment_id")
    payment_id: str
    notice_id: int
    kind: str


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentMethodChanged(Event):
    """A shopper chose another way to pay an unpaid order."""

    name: ClassVar[str] = "payment.method_changed"
    aggregate: ClassVar[tuple[str, str]] = ("order", "order_id")
    order_id: int
    payment_id: str
    method_before: str
    method_after: str


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentChanged(Event):
    """PortOne says something else of the money: its state, or how much of `amount` went back in all."""

    name: ClassVar[str] = "payment.changed"
    aggregate: ClassVar[tuple[str, str]] = ("order", "order_id")
    order_id: int
    payment_id: str
    state_before: str
    state_after: str
    amount: int
    cancelled_amount: int


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentFailed(Event):
    """An attempt to pay failed; another may follow."""

    name: ClassVar[str] = "payment.failed"
    aggregate: ClassVar[tuple[str, str]] = ("order", "order_id")
    order_id: int
    payment_id: str
    reason: str


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentRefused(Event):
    """What PortOne has under our payment's id is not what we opened; `fields` differ. It does not count."""

    name: ClassVar[str] = "payment.refused"
    aggregate: ClassVar[tuple[str, str]] = ("order", "order_id")
    order_id: int
    payment_id: str
    fields: tuple[str, ...]


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class RefundRequested(Event):
    """Money came that the order cannot keep; a worker gives it back."""

    name: ClassVar[str] = "refund.requested"
    aggregate: ClassVar[tuple[str, str]] = ("order", "order_id")
    order_id: int
    refund_id: int
    amount: int
    reason: str


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class RefundAccountNeeded(Event):
    """The money of a deposit can only go back to an account that the shopper names."""

    name: ClassVar[str] = "refund.account_needed"
    aggregate: ClassVar[tuple[str, str]] = ("order", "order_id")
    order_id: int
    refund_id: int


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class RefundAccountGiven(Event):
    """The shopper named an account; the account itself is never part of a fact."""

    name: ClassVar[str] = "refund.account_given"
    aggregate: ClassVar[tuple[str, str]] = ("order", "order_id")
    order_id: int
    refund_id: int


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class RefundAccepted(Event):
    """PortOne took a refund and is working on it."""

    name: ClassVar[str] = "refund.accepted"
    aggregate: ClassVar[tuple[str, str]] = ("order", "order_id")
    order_id: int
    refund_id: int
    amount: int


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class RefundFailed(Event):
    """PortOne refused a refund: the money is still ours, and staff must decide."""

    name: ClassVar[str] = "refund.failed"
    aggregate: ClassVar[tuple[str, str]] = ("order", "order_id")
    order_id: int
    refund_id: int
    amount: int
    reason: str


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class RefundCompleted(Event):
    """The money of a refund is on its way to the shopper."""

    name: ClassVar[str] = "refund.completed"
    aggregate: ClassVar[tuple[str, str]] = ("order", "order_id")
    order_id: int
    refund_id: int
    amount: int


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class RefundAllocated(Event):
    """Staff said what a refund made at PortOne's console was for, or took it back: then all is `goodwill`.

    `lines` are `order line:units:won` that count as refunded from now on; negative ones no longer do.
    """

    name: ClassVar[str] = "refund.allocated"
    aggregate: ClassVar[tuple[str, str]] = ("order", "order_id")
    order_id: int
    refund_id: int
    goods: int
    shipping: int
    goodwill: int
    fee: int
    lines: tuple[str, ...]


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptIssued(Event):
    """A cash receipt over `amount` won stands; its numbers are never part of a fact."""

    name: ClassVar[str] = "receipt.issued"
    aggregate: ClassVar[tuple[str, str]] = ("order", "order_id")
    order_id: int
    payment_id: str
    amount: int


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptCancelled(Event):
    """The cash receipt over `amount` won stands no longer: the money went back."""

    name: ClassVar[str] = "receipt.cancelled"
    aggregate: ClassVar[tuple[str, str]] = ("order", "order_id")
    order_id: int
    payment_id: str
    amount: int


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptFailed(Event):
    """A cash receipt over `amount` won could not be issued, or one not be cancelled; staff must look."""

    name: ClassVar[str] = "receipt.failed"
    aggregate: ClassVar[tuple[str, str]] = ("order", "order_id")
    order_id: int
    payment_id: str
    amount: int
    reason: str

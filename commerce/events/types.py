"""Every fact of the shop. `docs/events.md` has one heading for each; a test keeps the two in step."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from commerce.events.base import Event, fact


def _of(kind: str, key: str) -> tuple[str, str]:
    return kind, key


# --- catalog ----------------------------------------------------------------------------------------------


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class ProductListed(Event):
    name: ClassVar[str] = "product.listed"
    aggregate: ClassVar[tuple[str, str]] = _of("product", "product_key")
    product_key: UUID
    slug: str
    language: str
    source_version: int
    skus: tuple[str, ...]


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class ProductWithdrawn(Event):
    name: ClassVar[str] = "product.withdrawn"
    aggregate: ClassVar[tuple[str, str]] = _of("product", "product_key")
    product_key: UUID
    slug: str


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryListed(Event):
    name: ClassVar[str] = "category.listed"
    aggregate: ClassVar[tuple[str, str]] = _of("category", "category_key")
    category_key: UUID
    path: str
    language: str


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryWithdrawn(Event):
    name: ClassVar[str] = "category.withdrawn"
    aggregate: ClassVar[tuple[str, str]] = _of("category", "category_key")
    category_key: UUID
    path: str


# --- pages ------------------------------------------------------------------------------------------------


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class ContentChanged(Event):
    """A page that is no product or category, or the shop's own settings, reads differently from now on.

    `subject` is `page:12` or `settings:1`; `path` is the page's address, empty when every page is concerned.
    """

    name: ClassVar[str] = "content.changed"
    aggregate: ClassVar[tuple[str, str]] = _of("content", "subject")
    subject: str
    path: str
    language: str


# --- stock ------------------------------------------------------------------------------------------------


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class StockChanged(Event):
    """On hand changed by a person or a delivery; sales are told by the order's own facts."""

    name: ClassVar[str] = "stock.changed"
    aggregate: ClassVar[tuple[str, str]] = _of("variant", "sku")
    sku: str
    on_hand: int
    difference: int
    kind: str


# --- orders and payments ----------------------------------------------------------------------------------


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPlaced(Event):
    name: ClassVar[str] = "order.placed"
    aggregate: ClassVar[tuple[str, str]] = _of("order", "order_id")
    order_id: int
    number: str
    total: int
    currency: str


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class DepositAwaited(Event):
    """A virtual account was issued: the order waits for a bank transfer."""

    name: ClassVar[str] = "order.deposit_awaited"
    aggregate: ClassVar[tuple[str, str]] = _of("order", "order_id")
    order_id: int
    number: str


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPaid(Event):
    name: ClassVar[str] = "order.paid"
    aggregate: ClassVar[tuple[str, str]] = _of("order", "order_id")
    order_id: int
    number: str
    total: int
    currency: str


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class OrderCancelled(Event):
    name: ClassVar[str] = "order.cancelled"
    aggregate: ClassVar[tuple[str, str]] = _of("order", "order_id")
    order_id: int
    number: str
    reason: str


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentNoticed(Event):
    """PortOne told us that something happened to a payment; what, we ask PortOne."""

    name: ClassVar[str] = "payment.noticed"
    aggregate: ClassVar[tuple[str, str]] = _of("payment", "payment_id")
    payment_id: str
    notice_id: int
    kind: str


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentFailed(Event):
    name: ClassVar[str] = "payment.failed"
    aggregate: ClassVar[tuple[str, str]] = _of("order", "order_id")
    order_id: int
    payment_id: str
    reason: str


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class RefundRequested(Event):
    """Money came that the order cannot keep; a worker gives it back."""

    name: ClassVar[str] = "refund.requested"
    aggregate: ClassVar[tuple[str, str]] = _of("order", "order_id")
    order_id: int
    refund_id: int
    amount: int
    reason: str


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class RefundCompleted(Event):
    name: ClassVar[str] = "refund.completed"
    aggregate: ClassVar[tuple[str, str]] = _of("order", "order_id")
    order_id: int
    refund_id: int
    amount: int


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class RefundAccountNeeded(Event):
    """The money of a deposit can only go back to an account that the shopper names."""

    name: ClassVar[str] = "refund.account_needed"
    aggregate: ClassVar[tuple[str, str]] = _of("order", "order_id")
    order_id: int
    refund_id: int


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class RefundAccountGiven(Event):
    """The shopper named an account; the account itself is never part of a fact."""

    name: ClassVar[str] = "refund.account_given"
    aggregate: ClassVar[tuple[str, str]] = _of("order", "order_id")
    order_id: int
    refund_id: int


# --- the clock --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick(Event):
    """A slot of the schedule is due."""

    aggregate: ClassVar[tuple[str, str]] = _of("schedule", "slot")
    slot: str


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class UnpaidOrdersDue(Tick):
    name: ClassVar[str] = "schedule.unpaid_orders"


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentReconciliationDue(Tick):
    name: ClassVar[str] = "schedule.payment_reconciliation"


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class BalanceCheckDue(Tick):
    name: ClassVar[str] = "schedule.balance_check"


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogReconciliationDue(Tick):
    name: ClassVar[str] = "schedule.catalog_reconciliation"


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduledPublishingDue(Tick):
    name: ClassVar[str] = "schedule.publishing"


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionDue(Tick):
    name: ClassVar[str] = "schedule.retention"

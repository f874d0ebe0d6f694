"""What was agreed with shoppers, and what became of it. Amounts in won, VAT included."""

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from commerce.events.base import Event, fact
from commerce.events.upcasting import upcast


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPlaced(Event):
    """A shopper ordered; nothing is paid yet, the units are promised."""

    name: ClassVar[str] = "order.placed"
    aggregate: ClassVar[tuple[str, str]] = ("order", "order_id")
    order_id: int
    number: str
    total: int
    currency: str


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerConsented(Event):
    """With an order somebody agreed to something, in the wording of `text_version`."""

    name: ClassVar[str] = "customer.consented"
    aggregate: ClassVar[tuple[str, str]] = ("order", "order_id")
    order_id: int
    kind: str
    text_version: str


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class DepositAwaited(Event):
    """A virtual account was issued: the order waits for a bank transfer."""

    name: ClassVar[str] = "order.deposit_awaited"
    aggregate: ClassVar[tuple[str, str]] = ("order", "order_id")
    order_id: int
    number: str


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class DepositDueSoon(Event):
    """An order still waits for its bank transfer, and its time is almost over. Recorded once."""

    name: ClassVar[str] = "order.deposit_due_soon"
    aggregate: ClassVar[tuple[str, str]] = ("order", "order_id")
    order_id: int
    number: str


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPaid(Event):
    """The money is ours and the units are sold."""

    name: ClassVar[str] = "order.paid"
    aggregate: ClassVar[tuple[str, str]] = ("order", "order_id")
    order_id: int
    number: str
    total: int
    currency: str


ClaimedBy = Literal["address", "page"]
Canceller = Literal["shop", "staff", "shopper", "provider"]


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class OrderCancelled(Event):
    """An order will not be delivered. `by` whom: the shop by itself, a colleague, the shopper, or the
    payment provider, at whose console the money was given back."""

    name: ClassVar[str] = "order.cancelled"
    version: ClassVar[int] = 2
    aggregate: ClassVar[tuple[str, str]] = ("order", "order_id")
    order_id: int
    number: str
    reason: str
    by: Canceller


@upcast("order.cancelled", 1)
def _say_who_cancelled(payload: dict[str, Any]) -> dict[str, Any]:
    """Version 1 left it to the reason."""
    told: dict[str, Canceller] = {"cancelled by the shop": "staff", "refunded": "provider"}
    return payload | {"by": told.get(payload["reason"], "shop")}


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class OrderFlagged(Event):
    """Somebody must look at an order. `reason` is the kind of trouble; its details are on the timeline."""

    name: ClassVar[str] = "order.flagged"
    aggregate: ClassVar[tuple[str, str]] = ("order", "order_id")
    order_id: int
    number: str
    reason: str


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class OrderCleared(Event):
    """A colleague looked and took the flag off; what they found is in timeline entry `entry_id`."""

    name: ClassVar[str] = "order.cleared"
    aggregate: ClassVar[tuple[str, str]] = ("order", "order_id")
    order_id: int
    number: str
    entry_id: int


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class OrderNoteAdded(Event):
    """A colleague wrote a note: timeline entry `entry_id`, whose words stay there."""

    name: ClassVar[str] = "order.note_added"
    aggregate: ClassVar[tuple[str, str]] = ("order", "order_id")
    order_id: int
    number: str
    entry_id: int


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class OrderClaimed(Event):
    """An order of a guest belongs to a customer now: whose e-mail address it is was proven (`address`), or who had the
    order's page signed in with the same address (`page`)."""

    name: ClassVar[str] = "order.claimed"
    aggregate: ClassVar[tuple[str, str]] = ("order", "order_id")
    order_id: int
    number: str
    customer_id: int
    how: ClaimedBy

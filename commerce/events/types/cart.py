"""What shoppers mean to buy."""

from dataclasses import dataclass
from typing import ClassVar

from commerce.events.base import Event, fact


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class CartChanged(Event):
    """A line of a cart holds another number of units; 0 before: it is new, 0 after: it was taken out."""

    name: ClassVar[str] = "cart.changed"
    aggregate: ClassVar[tuple[str, str]] = ("cart", "cart_id")
    cart_id: int
    sku: str
    quantity_before: int
    quantity_after: int


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class CartMerged(Event):
    """Somebody signed in: so many `lines` of a guest's cart joined the customer's. Where the customer had none, the
    guest's cart became it, and both ids are the same."""

    name: ClassVar[str] = "cart.merged"
    aggregate: ClassVar[tuple[str, str]] = ("cart", "cart_id")
    cart_id: int
    customer_id: int
    from_cart_id: int
    lines: int

"""What people would like: lists of wishes, and waiting for what is sold out. Addresses stay with the rows."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from commerce.events.base import Event, fact


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class WishlistChanged(Event):
    """A product was put on a wishlist, or taken off (`added` false)."""

    name: ClassVar[str] = "wishlist.changed"
    aggregate: ClassVar[tuple[str, str]] = ("wishlist", "wishlist_id")
    wishlist_id: int
    product_key: UUID
    added: bool


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class RestockRequested(Event):
    """Somebody wants to know when a variant is back."""

    name: ClassVar[str] = "restock.requested"
    aggregate: ClassVar[tuple[str, str]] = ("variant", "sku")
    sku: str
    request_id: int


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class RestockNotified(Event):
    """It is this request's turn: a mail follows. `held`: a unit is kept for a while."""

    name: ClassVar[str] = "restock.notified"
    aggregate: ClassVar[tuple[str, str]] = ("variant", "sku")
    sku: str
    request_id: int
    held: bool


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class RestockCancelled(Event):
    """Somebody does not want to know any more."""

    name: ClassVar[str] = "restock.cancelled"
    aggregate: ClassVar[tuple[str, str]] = ("variant", "sku")
    sku: str
    request_id: int


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class RestockHoldEnded(Event):
    """A kept unit was ordered (`taken`), or nobody came for it in time."""

    name: ClassVar[str] = "restock.hold_ended"
    aggregate: ClassVar[tuple[str, str]] = ("variant", "sku")
    sku: str
    request_id: int
    taken: bool

"""What belongs to a customer's account besides who signs in."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from commerce.events.base import Event, fact

AddressChange = Literal["added", "changed", "removed"]


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class AddressChanged(Event):
    """A customer keeps another address, or one of them differs or is gone. Where it is, its row says."""

    name: ClassVar[str] = "customer.address_changed"
    aggregate: ClassVar[tuple[str, str]] = ("customer", "customer_id")
    customer_id: int
    address_id: int
    change: AddressChange


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class ExportRequested(Event):
    """A customer wants a copy of everything that the shop keeps about them."""

    name: ClassVar[str] = "export.requested"
    aggregate: ClassVar[tuple[str, str]] = ("export", "export_id")
    export_id: int
    customer_id: int


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class ExportReady(Event):
    """That copy can be fetched, by its customer and for a week."""

    name: ClassVar[str] = "export.ready"
    aggregate: ClassVar[tuple[str, str]] = ("export", "export_id")
    export_id: int
    customer_id: int


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerWithdrew(Event):
    """A customer left: what identified them is gone or put aside, and nobody signs in to the account any more."""

    name: ClassVar[str] = "customer.withdrew"
    aggregate: ClassVar[tuple[str, str]] = ("customer", "customer_id")
    customer_id: int

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

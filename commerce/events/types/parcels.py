"""How parcels leave and arrive, and that the shopper keeps what they hold."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from commerce.events.base import Event, fact

KnownFrom = Literal["staff", "shopper", "assumed"]
SentAs = Literal["order", "replacement", "back"]
ConfirmedBy = Literal["shopper", "assumed"]


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class ShipmentDispatched(Event):
    """A parcel was handed to a courier; `last` when nothing of the order is left to send.

    `purpose`: ordered goods, the replacement of an exchange, or refused goods that go back to the shopper.
    """

    name: ClassVar[str] = "shipment.dispatched"
    aggregate: ClassVar[tuple[str, str]] = ("order", "order_id")
    order_id: int
    number: str
    shipment_id: int
    courier: str
    tracking_number: str
    units: int
    last: bool
    purpose: SentAs = "order"


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class ShipmentCorrected(Event):
    """A parcel has another courier or number than was told."""

    name: ClassVar[str] = "shipment.corrected"
    aggregate: ClassVar[tuple[str, str]] = ("order", "order_id")
    order_id: int
    number: str
    shipment_id: int
    courier: str
    tracking_number: str


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class ShipmentTakenBack(Event):
    """A parcel did not leave after all: its units are still to be sent."""

    name: ClassVar[str] = "shipment.taken_back"
    aggregate: ClassVar[tuple[str, str]] = ("order", "order_id")
    order_id: int
    number: str
    shipment_id: int


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class ShipmentDelivered(Event):
    """A parcel arrived. `how` we know: `staff`, `shopper` or `assumed`; `last` when the whole order arrived."""

    name: ClassVar[str] = "shipment.delivered"
    aggregate: ClassVar[tuple[str, str]] = ("order", "order_id")
    order_id: int
    number: str
    shipment_id: int
    how: KnownFrom
    last: bool


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class OrderConfirmed(Event):
    """The shopper keeps what arrived (구매확정). `how`: `shopper`, or `assumed` when the time was over."""

    name: ClassVar[str] = "order.confirmed"
    aggregate: ClassVar[tuple[str, str]] = ("order", "order_id")
    order_id: int
    number: str
    how: ConfirmedBy

"""How the shop is run: what parcels cost, and who works here."""

from dataclasses import dataclass
from typing import ClassVar

from commerce.events.base import Event, fact


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class ShippingChanged(Event):
    """A way to send parcels is new or different; `changed` names its fields, amounts are won."""

    name: ClassVar[str] = "shipping.changed"
    aggregate: ClassVar[tuple[str, str]] = ("shipping", "method_id")
    method_id: int
    code: str
    changed: tuple[str, ...]
    fee: int
    free_from: int | None
    active: bool


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class ShippingZoneChanged(Event):
    """An area that costs more is new, different or gone; `changed` names its fields, or is `deleted`. Won."""

    name: ClassVar[str] = "shipping_zone.changed"
    aggregate: ClassVar[tuple[str, str]] = ("shipping_zone", "zone_id")
    zone_id: int
    changed: tuple[str, ...]
    surcharge: int
    free_from: int | None
    active: bool


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class StaffChanged(Event):
    """An account of the back office is new, gone or may do something else. Who it is, the account says.

    `changed` holds, in this order: created, deleted, activated, deactivated, administrator, groups,
    permissions, sign_in (the address), password, profile.
    """

    name: ClassVar[str] = "staff.changed"
    aggregate: ClassVar[tuple[str, str]] = ("user", "user_id")
    user_id: int
    changed: tuple[str, ...]

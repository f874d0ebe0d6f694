"""What it costs to send a parcel, and where it costs more."""

from dataclasses import dataclass
from datetime import time
from typing import Any

from django.conf import settings

from commerce import copies
from commerce.near import Near
from commerce.rows import read_each
from commerce.shipping.models import ShippingMethod, ShippingZone

_FIRST = "active ORDER BY position, id LIMIT 1"
_OF_CODE = """
    active AND id IN (SELECT zone_id FROM commerce_postcoderange WHERE %s BETWEEN first AND last) LIMIT 1
"""
_CHARGED = """
    active AND surcharge > 0 AND EXISTS (SELECT FROM commerce_postcoderange r WHERE r.zone_id = commerce_shippingzone.id)
"""

_SECONDS = 300  # how long a process keeps what it read, at most
_near: Near[list[list[Any]]] = Near(most=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """A way to send and its fee for these goods, in won."""

    name: str
    base: int  # the method's own fee; 0 when it is free
    free_from: int | None
    missing: int  # won of goods until the base is free; 0 when it is, or never becomes so
    days_min: int
    days_max: int
    parcel_fee: int = 0  # what the base costs when it is not free
    zone: str = ""  # the area that costs more, when the parcel goes there
    surcharge: int = 0  # for that area
    cut_off: time | None = (
        None  # orders paid before it leave `handling_days` business days later; None: no promise
    )
    handling_days: int = 0
    remote: tuple[int, ...] = ()  # surcharges that an address not known yet may cost, lowest first

    @property
    def fee(self) -> int:
        """Return what the shopper pays for delivery."""
        return self.base + self.surcharge

    @property
    def full_name(self) -> str:
        """Return the method with the area: `택배 (제주)`."""
        return f"{self.name} ({self.zone})" if self.zone else self.name


def rate(*, goods: int, language: str, postcode: str = "") -> Rate:
    """Return the shop's first active method for `goods` won to `postcode`, five digits; "" while it is unknown.

    The surcharge of a zone is added to a base that is free as well.

    Raises:
        ShippingMethod.DoesNotExist: staff switched every method off.
    """
    whole = _whole(postcode)
    areas = (ShippingZone, _OF_CODE, [int(postcode)]) if whole else (ShippingZone, _CHARGED, [])
    return _rate(read_each((ShippingMethod, _FIRST, []), areas), goods=goods, language=language, whole=whole)


def rate_shown(*, goods: int, language: str) -> Rate:
    """Return the same for pages that only tell it; it is read once for each version of their copies.

    Raises:
        ShippingMethod.DoesNotExist: staff switched every method off.
    """
    key = copies.version()
    found = _near.get(key)
    if found is None:
        found = read_each((ShippingMethod, _FIRST, []), (ShippingZone, _CHARGED, []))
        _near.keep(key, found, seconds=settings.PAGE_COPIES_NEAR and _SECONDS)
    return _rate(found, goods=goods, language=language, whole=False)


def _rate(read: list[list[Any]], *, goods: int, language: str, whole: bool) -> Rate:
    methods, zones = read
    if not methods:
        raise ShippingMethod.DoesNotExist
    method: ShippingMethod = methods[0]
    free = method.free_from is not None and goods >= method.free_from
    charged = [zone for zone in zones if zone.free_from is None or goods < zone.free_from]
    zone = charged[0] if whole and charged else None
    return Rate(
        name=method.name_ko if language == "ko" else method.name_en,
        base=0 if free else method.fee,
        free_from=method.free_from,
        missing=max(method.free_from - goods, 0) if method.free_from is not None else 0,
        days_min=method.days_min,
        days_max=method.days_max,
        cut_off=method.cut_off,
        handling_days=method.handling_days,
        parcel_fee=method.fee,
        zone="" if zone is None else zone.name_ko if language == "ko" else zone.name_en,
        surcharge=zone.surcharge if zone else 0,
        remote=() if whole else tuple(sorted({zone.surcharge for zone in charged})),
    )


def _whole(postcode: str) -> bool:
    return len(postcode) == 5 and postcode.isascii() and postcode.isdigit()

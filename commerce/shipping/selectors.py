"""What it costs to send a parcel, and where it costs more."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time

from django.conf import settings

from commerce import copies, rows
from commerce.near import Near
from commerce.shipping.models import ShippingMethod, ShippingZone

_FIRST = "active ORDER BY position, id LIMIT 1"
_OF_CODE = """
    active AND id IN (SELECT zone_id FROM commerce_postcoderange WHERE %s BETWEEN first AND last) LIMIT 1
"""
_CHARGED = """
    active AND surcharge > 0 AND EXISTS (SELECT FROM commerce_postcoderange r WHERE r.zone_id = commerce_shippingzone.id)
"""

_SECONDS = 300  # how long a process keeps what it read, at most


@dataclass(frozen=True, slots=True)
class Tariff:
    """The shop's first active method, None when there is none, and the areas that may cost more."""

    method: ShippingMethod | None
    zones: Sequence[ShippingZone]
    whole: bool  # the postcode is known: the area is the parcel's own


_near: Near[Tariff] = Near(most=1)


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


def tariff_of(*, postcode: str = "") -> rows.Question[Tariff]:
    """Ask what parcels to `postcode`, five digits, cost; "" while it is unknown."""
    whole = _whole(postcode)
    condition, values = (_OF_CODE, [int(postcode)]) if whole else (_CHARGED, [])

    def answer(brought: list[rows.Rows]) -> Tariff:
        methods, zones = rows.made(ShippingMethod, brought[0]), rows.made(ShippingZone, brought[1])
        return Tariff(methods[0] if methods else None, zones, whole)

    first, areas = rows.selection(ShippingMethod, _FIRST), rows.selection(ShippingZone, condition, *values)
    return rows.Question((first, areas), answer)


def rate(*, goods: int, language: str, postcode: str = "", tariff: Tariff | None = None) -> Rate:
    """Return what it costs to send `goods` won to `postcode`, see `tariff_of`; the tariff may have been read already.

    The surcharge of a zone is added to a base that is free as well.

    Raises:
        ShippingMethod.DoesNotExist: staff switched every method off.
    """
    if tariff is None:
        (tariff,) = rows.ask(tariff_of(postcode=postcode))
    return _rate(tariff, goods=goods, language=language)


def rate_shown(*, goods: int, language: str) -> Rate:
    """Return the same for pages that only tell it; it is read once for each version of their copies.

    Raises:
        ShippingMethod.DoesNotExist: staff switched every method off.
    """
    key = copies.version()
    found = _near.get(key)
    if found is None:
        (found,) = rows.ask(tariff_of())
        _near.keep(key, found, seconds=settings.PAGE_COPIES_NEAR and _SECONDS)
    return _rate(found, goods=goods, language=language)


def _rate(tariff: Tariff, *, goods: int, language: str) -> Rate:
    if tariff.method is None:
        raise ShippingMethod.DoesNotExist
    method, whole = tariff.method, tariff.whole
    free = method.free_from is not None and goods >= method.free_from
    charged = [zone for zone in tariff.zones if zone.free_from is None or goods < zone.free_from]
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

"""What it costs to send a parcel."""

from dataclasses import dataclass

from commerce.shipping.models import ShippingMethod


@dataclass(frozen=True, slots=True)
class Rate:
    """A way to send and its fee for these goods, in won."""

    name: str
    fee: int
    free_from: int | None
    missing: int  # won of goods until it is free; 0 when it is, or never becomes so
    days_min: int
    days_max: int
    parcel_fee: int = 0  # what it costs when it is not free


def rate(*, goods: int, language: str) -> Rate:
    """Return the shop's first active method for `goods` won.

    Raises:
        ShippingMethod.DoesNotExist: staff switched every method off.
    """
    method = ShippingMethod.objects.filter(active=True).first()
    if method is None:
        raise ShippingMethod.DoesNotExist("no shipping method is active")
    free = method.free_from is not None and goods >= method.free_from
    return Rate(
        name=method.name_ko if language == "ko" else method.name_en,
        fee=0 if free else method.fee,
        free_from=method.free_from,
        missing=max(method.free_from - goods, 0) if method.free_from is not None else 0,
        days_min=method.days_min,
        days_max=method.days_max,
        parcel_fee=method.fee,
    )

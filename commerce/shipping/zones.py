"""Write the areas that cost more, and tell what changed: they are part of every order's price."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from commerce.events import outbox, types
from commerce.shipping.models import PostcodeRange, ShippingZone
from commerce.shipping.ranges import Range

_FIELDS = ("name_ko", "name_en", "surcharge", "free_from", "active", "position")


def standing(*, zone_id: int | None) -> dict[str, Any]:
    """Lock a zone and return its fields and postcodes; nothing when there is no such zone.

    Must run inside the transaction of the change that follows.
    """
    known = ShippingZone.objects.select_for_update().filter(pk=zone_id).first() if zone_id else None
    if known is None:
        return {}
    fields = {name: getattr(known, name) for name in _FIELDS}
    return fields | {"postcodes": " ".join(str(one) for one in known.ranges.order_by("first"))}


def tell_of_change(*, zone: ShippingZone, before: dict[str, Any], now: datetime) -> dict[str, list[Any]]:
    """Record how a stored zone differs from what `standing` returned before; return old and new by field.

    Nothing is recorded when nothing differs.
    """
    after = standing(zone_id=zone.pk)
    changed = {name: [before.get(name), value] for name, value in after.items() if before.get(name) != value}
    if changed:
        _record(zone, tuple(changed), now=now)
    return changed


def tell_of_end(*, zone: ShippingZone, now: datetime) -> None:
    """Record that a zone is about to be deleted."""
    _record(zone, ("deleted",), now=now)


def _record(zone: ShippingZone, changed: tuple[str, ...], *, now: datetime) -> None:
    outbox.record(
        types.ShippingZoneChanged(
            zone_id=zone.pk,
            changed=changed,
            surcharge=zone.surcharge,
            free_from=zone.free_from,
            active=zone.active,
            occurred_at=now,
        )
    )


@transaction.atomic
def set_ranges(*, zone_id: int, ranges: Sequence[Range]) -> None:
    """Let a zone have exactly these postcodes.

    Raises:
        IntegrityError: a postcode lies in another zone already.
    """
    PostcodeRange.objects.filter(zone_id=zone_id).delete()
    PostcodeRange.objects.bulk_create(
        PostcodeRange(zone_id=zone_id, first=one.first, last=one.last) for one in ranges
    )

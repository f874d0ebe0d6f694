"""Tell what changed of a shipping method: what parcels cost is part of every order's price."""

from datetime import datetime
from typing import Any

from commerce.events import outbox, types
from commerce.shipping.models import ShippingMethod

_FIELDS = (
    "code",
    "name_ko",
    "name_en",
    "fee",
    "free_from",
    "days_min",
    "days_max",
    "cut_off",
    "handling_days",
    "active",
    "position",
)


def standing(*, method_id: int | None) -> dict[str, Any]:
    """Lock a method and return its fields; nothing when there is no such method.

    Must run inside the transaction of the change that follows.
    """
    known = ShippingMethod.objects.select_for_update().filter(pk=method_id).first() if method_id else None
    return {name: getattr(known, name) for name in _FIELDS} if known else {}


def tell_of_change(*, method: ShippingMethod, before: dict[str, Any], now: datetime) -> tuple[str, ...]:
    """Record how a stored method differs from what `standing` returned before; return the fields' names.

    A new one differs in all of them. Nothing is recorded when nothing differs.
    """
    changed = tuple(name for name in _FIELDS if name not in before or before[name] != getattr(method, name))
    if changed:
        outbox.record(
            types.ShippingChanged(
                method_id=method.pk,
                code=method.code,
                changed=changed,
                fee=method.fee,
                free_from=method.free_from,
                active=method.active,
                occurred_at=now,
            )
        )
    return changed

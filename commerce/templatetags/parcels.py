"""The parcels on an order's page."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from commerce.fulfilment import dates, selectors, services
from commerce.orders.models import Order
from commerce.orders.states import FulfilmentStatus, Status

register = template.Library()
_PLACES = {
    FulfilmentStatus.WAITING: 0,
    FulfilmentStatus.PREPARING: 1,
    FulfilmentStatus.PARTLY_SHIPPED: 2,
    FulfilmentStatus.SHIPPED: 2,
    FulfilmentStatus.DELIVERED: 3,
}
_WORDS = (_("Paid"), _("Being prepared"), _("On its way"), _("Delivered"), _("Confirmed"))


@dataclass(frozen=True, slots=True)
class Stage:
    """A step of the delivery: `done`, `now` or `ahead`."""

    text: str | Promise
    state: str


@register.inclusion_tag("commerce/parcels.html")
def order_parcels(order: Order, now: datetime) -> dict[str, Any]:
    """Show stages, parcels and what is still to come; nothing before the payment, nor of what never left."""
    if not order.paid_at:
        return {}
    found = selectors.parcels(order=order)
    if order.status == Status.CANCELLED and not found.parcels:
        return {}
    last = max(
        (row.shipment.delivered_at for row in found.parcels if row.shipment.delivered_at), default=None
    )
    return {
        "order": order,
        "found": found,
        "late": found.ship_by is not None and found.ship_by < dates.day_of(at=now),
        "stages": _stages(order) if order.status != Status.CANCELLED else [],
        "may_confirm": services.may_confirm(order=order) and not order.confirmed_at,
        "confirmed_from": dates.confirm_from(delivered_at=last) if last else None,
    }


def _stages(order: Order) -> list[Stage]:
    at = len(_WORDS) if order.confirmed_at else _PLACES[FulfilmentStatus(order.fulfilment_status)]
    return [
        Stage(text, "done" if place < at else "now" if place == at else "ahead")
        for place, text in enumerate(_WORDS)
    ]

"""What an order's page shows of its parcels."""

from datetime import date
from typing import Any

from cms.backoffice import parcel_forms, words
from commerce.fulfilment import selectors, services
from commerce.fulfilment.models import Shipment
from commerce.fulfilment.selectors import Packed, Parcel, Parcels
from commerce.orders.models import Order
from commerce.orders.states import Status


def of(*, order: Order, may_act: bool) -> dict[str, Any]:
    """Return the parcels, what is left, and the form to send it."""
    found = selectors.parcels(order=order)
    sends = may_act and bool(found.left) and services.may_ship(order=order)
    return {
        "parcels": [_parcel(row, may_act=may_act) for row in found.parcels],
        "left": found.left if order.status == Status.PAID else [],
        "ship_by": words.calendar_day(found.ship_by) if found.left else "",
        "dispatch": dispatch_form(found=found, order=order) if sends else None,
        "confirmed_at": words.moment(order.confirmed_at),
    }


def dispatch_form(*, found: Parcels, order: Order, data: Any = None) -> parcel_forms.Dispatch:
    """Return the form for the next parcel; the courier is the one of the last parcel of the shop."""
    last = Shipment.objects.order_by("-pk").values_list("courier__code", flat=True).first()
    return parcel_forms.Dispatch(data, left=found.left, initial={"courier": last})


def contents(items: list[Packed]) -> list[str]:
    """Return units in words: `달항아리 컵 (백자) × 2`."""
    return [
        f"{row.line.title}{f' ({row.option_text})' if row.option_text else ''} × {row.quantity}"
        for row in items
    ]


def _parcel(row: Parcel, *, may_act: bool) -> dict[str, Any]:
    shipment = row.shipment
    until: date | None = row.withdraw_until
    return {
        "pk": shipment.pk,
        "courier": shipment.courier.name,
        "number": shipment.tracking_number,
        "address": shipment.address,
        "contents": contents(row.items),
        "sent": words.moment(shipment.shipped_at),
        "delivered": words.moment(shipment.delivered_at),
        "how": words.HOW.get(shipment.arrival, ""),
        "withdraw_until": words.calendar_day(until),
        "acts": may_act and not shipment.delivered_at,
        "purpose": shipment.get_purpose_display() if shipment.purpose != Shipment.Purpose.ORDER else "",
        "takes_back": may_act and not shipment.delivered_at and shipment.purpose == Shipment.Purpose.ORDER,
        "corrects": may_act,
    }

"""What a file of tracking numbers would do: every row judged, nothing written until it is carried out."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from cms.backoffice import parcel_block, parcel_forms
from cms.backoffice.tracking_file import Row
from commerce.fulfilment import selectors, services, tracking
from commerce.fulfilment.models import Courier, Shipment
from commerce.fulfilment.selectors import Packed
from commerce.orders.models import Order


@dataclass(slots=True, kw_only=True)
class Parcel:
    """Rows of the file with the same order, courier and number."""

    rows: list[Row]
    order: Order | None = None
    courier: Courier | None = None
    number: str = ""
    units: dict[int, int] = field(default_factory=dict)  # by line id
    contents: str = ""
    errors: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    sent: bool = False

    @property
    def lines(self) -> str:
        """Return the line numbers in the file."""
        return ", ".join(str(row.line) for row in self.rows)


class _Desk:
    """What is known while a file is judged: orders, what is left of them, couriers."""

    def __init__(self, rows: Sequence[Row]) -> None:
        numbers = {_order_number(row.order) for row in rows}
        found = list(Order.objects.filter(number__in=numbers).prefetch_related("lines"))
        self.orders = {order.number: order for order in found}
        self.left = selectors.ready_of(orders=found)
        self.couriers = list(selectors.couriers())
        pairs = Shipment.objects.values_list("courier_id", "tracking_number", "order__number")
        typed = {re.sub(r"\D", "", row.number) for row in rows}
        self.used: dict[tuple[int, str], set[str]] = {}
        for courier_id, number, order in pairs.filter(tracking_number__in=typed):
            self.used.setdefault((courier_id, number), set()).add(order)

    def courier(self, text: str) -> Courier | None:
        """Return the one courier that is meant: `cj`, `CJ대한통운`, `대한통운`."""
        wanted = _plain(text)
        names = {
            row: [_plain(name) for name in (row.code, row.name_ko, row.name_en)] for row in self.couriers
        }
        exact = [row for row, known in names.items() if wanted in known]
        near = [
            row for row, known in names.items() if len(wanted) > 1 and any(wanted in name for name in known)
        ]
        meant = exact or near
        return meant[0] if len(meant) == 1 else None


def judge(*, rows: Sequence[Row]) -> list[Parcel]:
    """Return the parcels of a file with everything that is wrong or odd about them; nothing is written."""
    desk = _Desk(rows)
    parcels: dict[tuple[str, str, str], Parcel] = {}
    for row in rows:
        key = (_order_number(row.order), _plain(row.courier), re.sub(r"\D", "", row.number) or row.number)
        parcels.setdefault(key, Parcel(rows=[])).rows.append(row)
    for parcel in parcels.values():
        _judge(parcel, desk)
    return list(parcels.values())


def carry_out(*, parcels: Sequence[Parcel], now: datetime) -> int:
    """Send the parcels without errors, each in a transaction of its own; return how many. Refusals become errors."""
    for parcel in parcels:
        if parcel.errors or parcel.order is None or parcel.courier is None:
            continue
        try:
            services.dispatch(
                order_id=parcel.order.pk,
                lines=parcel.units,
                courier=parcel.courier.code,
                tracking_number=parcel.number,
                now=now,
            )
        except (services.UnableToShip, tracking.BadNumber) as refusal:
            parcel.errors.append(parcel_forms.why(refusal))
        else:
            parcel.sent = True
    return sum(parcel.sent for parcel in parcels)


def _judge(parcel: Parcel, desk: _Desk) -> None:
    first = parcel.rows[0]
    parcel.order = desk.orders.get(_order_number(first.order))
    parcel.courier = desk.courier(first.courier)
    if parcel.order is None:
        parcel.errors.append(_("There is no order %(number)s.") % {"number": first.order or "–"})
    if parcel.courier is None:
        parcel.errors.append(
            _("“%(name)s” is none of the shop's couriers.") % {"name": first.courier}
            if first.courier
            else _("There is no courier.")
        )
    else:
        _read_number(parcel, parcel.courier, first.number)
    if parcel.order is not None:
        _judge_order(parcel, parcel.order, desk)


def _read_number(parcel: Parcel, courier: Courier, typed: str) -> None:
    try:
        parcel.number = tracking.digits(text=typed, least=courier.digits_min, most=courier.digits_max)
    except tracking.BadNumber as bad:
        parcel.errors.append(parcel_forms.why(bad))


def _judge_order(parcel: Parcel, order: Order, desk: _Desk) -> None:
    used = desk.used.get((parcel.courier.pk, parcel.number), set()) if parcel.courier else set()
    if order.number in used:
        parcel.errors.append(_("This order has a parcel with this number already."))
        return
    if not services.may_ship(order=order):
        parcel.errors.append(parcel_forms.why(services.NotToShip()))
        return
    if order.flag:
        parcel.warnings.append(_("The order is flagged: look at it first."))
    _count(parcel, order, desk.left[order.pk])
    if parcel.errors:
        return
    for line_id, units in parcel.units.items():  # what this parcel takes is gone for the rows below
        desk.left[order.pk][line_id] -= units
    if used:
        text = _("The same number is used for order %(orders)s.")
        parcel.warnings.append(text % {"orders": ", ".join(sorted(used))})
    if parcel.courier:
        desk.used.setdefault((parcel.courier.pk, parcel.number), set()).add(order.number)


def _count(parcel: Parcel, order: Order, left: dict[int, int]) -> None:
    """Add up the rows' units; a row without a SKU means everything that is left."""
    whole = [row for row in parcel.rows if not row.sku]
    if whole and len(parcel.rows) > 1:
        text = _("Line %(line)s says “everything”, and other lines speak of the same parcel.")
        parcel.errors.append(text % {"line": whole[0].line})
        return
    if whole:
        parcel.units = {pk: units for pk, units in left.items() if units}
        if not parcel.units:
            parcel.errors.append(_("Nothing of this order is left to send."))
    else:
        for row in parcel.rows:
            _add(parcel, row, order, left)
    packed = [
        Packed(line=line, quantity=parcel.units[line.pk])
        for line in order.lines.all()
        if line.pk in parcel.units
    ]
    parcel.contents = ", ".join(parcel_block.contents(packed))


def _add(parcel: Parcel, row: Row, order: Order, left: dict[int, int]) -> None:
    line = next((line for line in order.lines.all() if line.sku.lower() == row.sku.lower()), None)
    if line is None:
        parcel.errors.append(
            _("Line %(line)s: the order has no %(sku)s.") % {"line": row.line, "sku": row.sku}
        )
        return
    quantity = row.quantity.replace(",", "") or "1"
    if not (quantity.isascii() and quantity.isdigit() and len(quantity) < 6 and int(quantity) > 0):
        text = _("Line %(line)s: “%(quantity)s” is no quantity.")
        parcel.errors.append(text % {"line": row.line, "quantity": row.quantity})
        return
    units = parcel.units.get(line.pk, 0) + int(quantity)
    if units > left.get(line.pk, 0):
        text = _("Line %(line)s: of %(sku)s only %(left)s are left to send.")
        parcel.errors.append(text % {"line": row.line, "sku": row.sku, "left": left.get(line.pk, 0)})
    parcel.units[line.pk] = units


def _order_number(text: str) -> str:
    compact = re.sub(r"[^0-9A-Z]", "", text.upper())
    return f"{compact[:8]}-{compact[8:]}"


def _plain(text: str) -> str:
    return re.sub(r"[\s()㈜_-]", "", text).lower().removesuffix("택배")

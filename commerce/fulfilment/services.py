"""What happens to parcels. Every use case locks the order first, changes rows, and projects them onto the order."""

from collections.abc import Mapping
from datetime import datetime
from typing import cast

from django.db import transaction

from commerce.events import outbox, types
from commerce.fulfilment import selectors, tracking
from commerce.fulfilment.models import Courier, Shipment, ShipmentLine
from commerce.orders import services as orders
from commerce.orders.models import Order
from commerce.orders.states import FulfilmentStatus, Status

Arrival = Shipment.Arrival
_SENT = {
    Shipment.Purpose.REPLACEMENT: "replacement_shipped",
    Shipment.Purpose.BACK: "sent_back",
}


class UnableToShip(Exception):
    """Nothing was changed."""


class NotToShip(UnableToShip):
    """The order is not paid, cancelled, or its money goes back."""


class NothingChosen(UnableToShip):
    """A parcel needs at least one unit."""


class TooMany(UnableToShip):
    """More units were asked for than are left to send; `left` says how many of each line."""

    def __init__(self, left: Mapping[int, int]) -> None:
        super().__init__(", ".join(f"line {pk}: {units} left" for pk, units in left.items()))
        self.left = dict(left)


class CourierUnknown(UnableToShip):
    """The shop does not work with this courier."""


class AlreadyDelivered(UnableToShip):
    """The parcel arrived: what it carried, and whether it left, is settled."""


class EndsAClaim(UnableToShip):
    """The parcel is a replacement or refused goods: what it ended cannot be undone, its number can be corrected."""


class NotDelivered(UnableToShip):
    """Something of the order has not arrived yet."""


@transaction.atomic(durable=True)
def dispatch(
    *, order_id: int, lines: Mapping[int, int], courier: str, tracking_number: str, now: datetime
) -> Shipment:
    """Hand a parcel to a courier: units by line id, the courier's code, and the number as it was typed.

    Raises:
        NotToShip: the order is not paid, cancelled, or its money goes back.
        NothingChosen: there is nothing in the parcel.
        TooMany: more than is left to send and lies on the shelf, or a line of another order.
        CourierUnknown: the shop does not work with this courier.
        tracking.BadNumber: this is no number of that courier.
    """
    carrier, number = _label(courier, tracking_number)
    order = _lock(order_id)
    _refuse_closed(order)
    wanted = {pk: units for pk, units in lines.items() if units}
    _refuse_too_many(order, wanted)
    shipment = Shipment.objects.create(order=order, courier=carrier, tracking_number=number, shipped_at=now)
    ShipmentLine.objects.bulk_create(
        ShipmentLine(shipment=shipment, line_id=pk, quantity=units) for pk, units in wanted.items()
    )
    project(order=order)
    units = sum(wanted.values())
    _tell(order, "shipped", shipment, now=now, units=units)
    last = order.fulfilment_status == FulfilmentStatus.SHIPPED
    _tell_dispatched(order, shipment, units, last=last, now=now)
    return shipment


def send_for_claim(
    *,
    order: Order,
    lines: Mapping[int, tuple[int, str]],
    purpose: Shipment.Purpose,
    courier: str,
    tracking_number: str,
    now: datetime,
) -> Shipment:
    """Hand a parcel beside the ordered goods to a courier, for a locked order: a replacement, or refused goods.

    `lines` are units and the option that lies in it by line id; an empty option: as ordered. What the order
    must still send is not touched.

    Raises:
        NothingChosen: there is nothing in the parcel.
        CourierUnknown: the shop does not work with this courier.
        tracking.BadNumber: this is no number of that courier.
    """
    carrier, number = _label(courier, tracking_number)
    if not lines:
        raise NothingChosen(order.number)
    shipment = Shipment.objects.create(
        order=order, courier=carrier, tracking_number=number, shipped_at=now, purpose=purpose
    )
    ShipmentLine.objects.bulk_create(
        ShipmentLine(shipment=shipment, line_id=pk, quantity=units, option_text=option[:255])
        for pk, (units, option) in lines.items()
    )
    units = sum(count for count, _option in lines.values())
    _tell(order, _SENT[purpose], shipment, now=now, units=units)
    _tell_dispatched(order, shipment, units, last=False, now=now)
    return shipment


@transaction.atomic(durable=True)
def correct_tracking(*, shipment_id: int, courier: str, tracking_number: str, now: datetime) -> bool:
    """Give a parcel another courier or number; return False when it has them already.

    Raises:
        Shipment.DoesNotExist: it was taken back.
        CourierUnknown: the shop does not work with this courier.
        tracking.BadNumber: this is no number of that courier.
    """
    order, shipment = _lock_both(shipment_id)
    if (shipment.courier.code, shipment.tracking_number) == (courier, tracking_number):
        return False
    carrier, number = _label(courier, tracking_number)
    if (shipment.courier_id, shipment.tracking_number) == (carrier.pk, number):
        return False
    before = shipment.tracking_number
    shipment.courier, shipment.tracking_number = carrier, number
    shipment.save(update_fields=["courier", "tracking_number"])
    _tell(order, "tracking_corrected", shipment, now=now, before=before)
    outbox.record(
        types.ShipmentCorrected(
            order_id=order.pk,
            number=order.number,
            shipment_id=shipment.pk,
            courier=carrier.code,
            tracking_number=number,
            occurred_at=now,
        )
    )
    return True


@transaction.atomic(durable=True)
def take_back(*, shipment_id: int, now: datetime) -> None:
    """Undo a dispatch: the parcel did not leave, its units are to be sent again.

    Raises:
        Shipment.DoesNotExist: it was taken back before.
        AlreadyDelivered: it arrived.
        EndsAClaim: it does not carry ordered goods.
    """
    order, shipment = _lock_both(shipment_id)
    if shipment.purpose != Shipment.Purpose.ORDER:
        raise EndsAClaim(shipment.tracking_number)
    if shipment.delivered_at:
        raise AlreadyDelivered(shipment.tracking_number)
    gone = shipment.pk
    shipment.delete()  # its lines with it; what it was stays on the timeline and among the facts
    project(order=order)
    _tell(order, "taken_back", shipment, now=now)
    outbox.record(
        types.ShipmentTakenBack(order_id=order.pk, number=order.number, shipment_id=gone, occurred_at=now)
    )


@transaction.atomic(durable=True)
def mark_delivered(
    *, shipment_id: int, at: datetime, now: datetime, how: Shipment.Arrival = Arrival.STAFF
) -> bool:
    """Write down that a parcel arrived at a moment; return False when that is known already.

    Raises:
        Shipment.DoesNotExist: it was taken back.
        ValueError: it would arrive before it left, or in the future.
    """
    order, shipment = _lock_both(shipment_id)
    if shipment.delivered_at:
        return False
    if not shipment.shipped_at <= at <= now:
        raise ValueError("a parcel arrives after it left and not in the future")
    shipment.delivered_at, shipment.arrival = at, how
    shipment.save(update_fields=["delivered_at", "arrival"])
    project(order=order)
    _tell(order, "delivered", shipment, now=now, how=how.value)
    outbox.record(
        types.ShipmentDelivered(
            order_id=order.pk,
            number=order.number,
            shipment_id=shipment.pk,
            how=cast(types.KnownFrom, how.value),
            last=order.fulfilment_status == FulfilmentStatus.DELIVERED
            and shipment.purpose == Shipment.Purpose.ORDER,
            occurred_at=now,
        )
    )
    return True


@transaction.atomic(durable=True)
def confirm_purchase(*, order_id: int, now: datetime, how: types.ConfirmedBy = "shopper") -> bool:
    """Write down that the shopper keeps a delivered order; return False when that is known already.

    Raises:
        NotDelivered: something has not arrived yet or is being given back, or the order is cancelled.
    """
    order = _lock(order_id)
    if order.confirmed_at:
        return False
    if not may_confirm(order=order):
        raise NotDelivered(order.number)
    orders.mark_confirmed(order=order, how=how, now=now)
    return True


def may_ship(*, order: Order) -> bool:
    """Return whether parcels of the order may leave: it is paid and its money stays."""
    return order.status == Status.PAID and order.payment_status not in selectors.MONEY_GONE


def may_confirm(*, order: Order) -> bool:
    """Return whether everything arrived, so that the shopper can say that it stays; nothing is being given back."""
    if order.status != Status.FULFILLED or order.open_claims:
        return False
    return not Shipment.objects.filter(order=order, delivered_at=None).exists()  # a replacement, for example


def project(*, order: Order) -> None:
    """Bring a locked order to what its parcels say. Call it also after units were withdrawn before dispatch.

    An order that is not paid, or cancelled, keeps what it says.
    """
    if order.status not in (Status.PAID, Status.FULFILLED):
        return
    status = _status(order)
    if status != order.fulfilment_status:
        orders.set_fulfilment_status(order=order, status=status)


def _status(order: Order) -> FulfilmentStatus:
    ordered = Shipment.objects.filter(order=order, purpose=Shipment.Purpose.ORDER)
    arrived = list(ordered.values_list("delivered_at", flat=True))
    if not arrived:
        return FulfilmentStatus.PREPARING
    if selectors.left_to_ship(order):
        return FulfilmentStatus.PARTLY_SHIPPED
    return FulfilmentStatus.DELIVERED if all(arrived) else FulfilmentStatus.SHIPPED


def _lock(order_id: int) -> Order:
    return Order.objects.select_for_update().get(pk=order_id)


def _lock_both(shipment_id: int) -> tuple[Order, Shipment]:
    order = _lock(Shipment.objects.values_list("order_id", flat=True).get(pk=shipment_id))
    shipment = Shipment.objects.select_for_update(of=("self",)).select_related("courier").get(pk=shipment_id)
    return order, shipment


def _label(code: str, typed: str) -> tuple[Courier, str]:
    courier = selectors.couriers().filter(code=code).first()
    if courier is None:
        raise CourierUnknown(code)
    number = tracking.digits(text=typed, least=courier.digits_min, most=courier.digits_max)
    return courier, number


def _refuse_closed(order: Order) -> None:
    if not may_ship(order=order):
        raise NotToShip(order.number)


def _refuse_too_many(order: Order, wanted: Mapping[int, int]) -> None:
    if not wanted:
        raise NothingChosen(order.number)
    if any(units < 0 for units in wanted.values()):
        raise ValueError("a parcel has no negative units")
    left = selectors.ready_to_ship(order)
    short = {pk: left.get(pk, 0) for pk, units in wanted.items() if units > left.get(pk, 0)}
    if short:
        raise TooMany(short)


def _tell_dispatched(order: Order, shipment: Shipment, units: int, *, last: bool, now: datetime) -> None:
    outbox.record(
        types.ShipmentDispatched(
            order_id=order.pk,
            number=order.number,
            shipment_id=shipment.pk,
            courier=shipment.courier.code,
            tracking_number=shipment.tracking_number,
            units=units,
            last=last,
            purpose=cast(types.SentAs, Shipment.Purpose(shipment.purpose).value),
            occurred_at=now,
        )
    )


def _tell(order: Order, kind: str, shipment: Shipment, *, now: datetime, **more: object) -> None:
    carrier = shipment.courier
    orders.tell(
        order=order,
        kind=kind,
        now=now,
        courier={"ko": carrier.name_ko, "en": carrier.name_en},
        tracking=shipment.tracking_number,
        **more,
    )

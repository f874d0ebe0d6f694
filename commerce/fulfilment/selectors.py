"""What pages, mails and lists read of parcels."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, Max, OuterRef, Q, QuerySet, Sum

from commerce.fulfilment import dates
from commerce.fulfilment.models import Courier, Shipment, ShipmentLine
from commerce.inventory import selectors as inventory
from commerce.orders.models import Order, OrderLine
from commerce.orders.states import FulfilmentStatus, PaymentStatus, Status
from commerce.payments.models import RefundLine
from commerce.payments.states import RefundState

MONEY_GONE = (PaymentStatus.REFUNDING, PaymentStatus.REFUNDED, PaymentStatus.VOID)
TO_SHIP = Q(
    status=Status.PAID, fulfilment_status__in=(FulfilmentStatus.PREPARING, FulfilmentStatus.PARTLY_SHIPPED)
) & ~Q(payment_status__in=MONEY_GONE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """Units of an order line: in a parcel, or still to come."""

    line: OrderLine
    quantity: int
    waiting: int = 0  # of them: not on the shelf yet, so they cannot be sent
    other: str = ""  # the option that was sent instead of the ordered one

    @property
    def ready(self) -> int:
        """Return how many can be sent now."""
        return self.quantity - self.waiting

    @property
    def option_text(self) -> str:
        """Return which option it is."""
        return self.other or self.line.option_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """A parcel as it is shown; `withdraw_until` is known from the delivery on."""

    shipment: Shipment
    items: list[Packed]
    withdraw_until: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcels:
    """Everything about an order's parcels."""

    parcels: list[Parcel]
    left: list[Packed]
    ship_by: date | None  # the promise for what is left; None before the payment

    @property
    def delivered(self) -> bool:
        """Return whether everything arrived."""
        arrived = [row.shipment.delivered_at for row in self.parcels]
        return not self.left and bool(arrived) and all(arrived)

    @property
    def withdraw_until(self) -> date | None:
        """Return the last day to withdraw from anything that arrived."""
        return max((row.withdraw_until for row in self.parcels if row.withdraw_until), default=None)


def left_to_ship(order: Order) -> dict[int, int]:
    """Return how many units of each line must still be sent, by line id; lines of which none is left are absent.

    Ordered − in parcels − withdrawn before they were sent. Locked orders give an answer that holds.
    """
    return left_of(orders=[order])[order.pk]


def left_of(*, orders: Sequence[Order]) -> dict[int, dict[int, int]]:
    """Return `left_to_ship` of many orders by order id, with as few queries as of one."""
    ids = [order.pk for order in orders]
    gone = _shipped(ids) + _withdrawn(ids)
    return {
        order.pk: {
            line.pk: line.quantity - gone[line.pk]
            for line in order.lines.all()
            if line.quantity > gone[line.pk]
        }
        for order in orders
    }


def ready_to_ship(order: Order) -> dict[int, int]:
    """Return how many units of each line can be sent now: what is left and lies on the shelf."""
    return ready_of(orders=[order])[order.pk]


def ready_of(*, orders: Sequence[Order]) -> dict[int, dict[int, int]]:
    """Return `ready_to_ship` of many orders by order id, with as few queries as of one."""
    return _on_the_shelf(orders, left_of(orders=orders))


def left_and_ready_of(
    *, orders: Sequence[Order]
) -> tuple[dict[int, dict[int, int]], dict[int, dict[int, int]]]:
    """Return what is left to send of many orders, and of it what lies on the shelf, by order id and line id."""
    left = left_of(orders=orders)
    return left, _on_the_shelf(orders, left)


def waits_for_stock() -> Q:
    """Return the condition that units of an order are still to arrive here."""
    return Q(number__in=inventory.who_waits())


def parcels(*, order: Order) -> Parcels:
    """Return an order's parcels with their contents, and what is still to come."""
    lines = {line.pk: line for line in order.lines.all()}
    if order.holds_everything and not order.is_late:
        whole = [Packed(line=line, quantity=line.quantity) for line in lines.values()]
        return Parcels(parcels=[], left=whole, ship_by=_ship_by(order))
    rows = Shipment.objects.filter(order=order).select_related("courier").prefetch_related("lines")
    left = left_to_ship(order) if order.status != Status.CANCELLED else {}
    waiting = _waiting([order], {order.pk: left})
    return Parcels(
        parcels=[_parcel(row, lines) for row in rows],
        left=[
            Packed(line=lines[pk], quantity=quantity, waiting=waiting[pk]) for pk, quantity in left.items()
        ],
        ship_by=_ship_by(order),
    )


def parcel(*, shipment_id: int) -> Parcel:
    """Return one parcel with its contents.

    Raises:
        Shipment.DoesNotExist: there is none, or it was taken back.
    """
    row = (
        Shipment.objects.select_related("courier", "order")
        .prefetch_related("lines__line")
        .get(pk=shipment_id)
    )
    return _parcel(row, {packed.line_id: packed.line for packed in row.lines.all()})


def withdrawn(*, order: Order) -> Counter[int]:
    """Return units by line id that were cancelled or refunded before they were sent."""
    return _withdrawn([order.pk])


def swapped(*, order: Order) -> set[int]:
    """Return the lines of which another option than the ordered one was sent."""
    rows = ShipmentLine.objects.filter(shipment__order=order).exclude(option_text="")
    return set(rows.values_list("line", flat=True))


def couriers() -> QuerySet[Courier]:
    """Return the couriers that the shop works with."""
    return Courier.objects.filter(active=True)


def same_number(*, courier: Courier, number: str, but: int = 0) -> list[str]:
    """Return the numbers of orders with a parcel of this tracking number; the shipment `but` is not counted."""
    rows = Shipment.objects.filter(courier=courier, tracking_number=number).exclude(pk=but)
    return sorted(set(rows.values_list("order__number", flat=True)))


def to_ship() -> QuerySet[Order]:
    """Return the paid orders of which something must still be sent, the most urgent first."""
    return Order.objects.filter(TO_SHIP).order_by("paid_at", "pk")


def overdue(*, now: datetime) -> Q:
    """Return the condition that an order should have left by now (Act §15)."""
    return Q(paid_at__lt=dates.overdue_before(now=now))


def presumably_arrived(*, now: datetime) -> QuerySet[Shipment]:
    """Return the parcels that left so long ago that they must have arrived, although nobody said so."""
    before = dates.assumed_before(now=now)
    return Shipment.objects.filter(delivered_at=None, shipped_at__lt=before).order_by("shipped_at", "pk")


def to_confirm(*, now: datetime) -> QuerySet[Order]:
    """Return delivered orders whose time to say otherwise is over.

    Those that staff must look at wait, and those of which something is being given back.
    """
    before = dates.confirmed_before(now=now)
    rows = Order.objects.filter(status=Status.FULFILLED, confirmed_at=None, flag="", open_claims=0)
    under_way = Shipment.objects.filter(order=OuterRef("pk"), delivered_at=None)  # a replacement, for example
    rows = rows.filter(~Exists(under_way))
    return (
        rows.annotate(arrived=Max("shipments__delivered_at")).filter(arrived__lt=before).order_by("arrived")
    )


def _ship_by(order: Order) -> date | None:
    return dates.ship_by(paid_at=order.paid_at) if order.paid_at else None


def _parcel(row: Shipment, lines: Mapping[int, OrderLine]) -> Parcel:
    hers = row.purpose == Shipment.Purpose.BACK  # refused goods: nothing is left to withdraw from
    until = dates.withdraw_until(delivered_at=row.delivered_at) if row.delivered_at and not hers else None
    items = [
        Packed(line=lines[packed.line_id], quantity=packed.quantity, other=packed.option_text)
        for packed in row.lines.all()
    ]
    return Parcel(shipment=row, items=items, withdraw_until=until)


def _shipped(order_ids: Sequence[int]) -> Counter[int]:
    rows = ShipmentLine.objects.filter(
        shipment__order__in=order_ids, shipment__purpose=Shipment.Purpose.ORDER
    )
    return Counter(dict(rows.values_list("line").annotate(units=Sum("quantity"))))


def _withdrawn(order_ids: Sequence[int]) -> Counter[int]:
    """Return units by line id that were cancelled or refunded before they were sent: they stay here."""
    rows = RefundLine.objects.filter(order_line__order__in=order_ids, cancelled=True)
    rows = rows.exclude(refund__state=RefundState.ABANDONED)
    return Counter(dict(rows.values_list("order_line").annotate(units=Sum("quantity"))))


def _on_the_shelf(
    orders: Sequence[Order], left: Mapping[int, Mapping[int, int]]
) -> dict[int, dict[int, int]]:
    waiting = _waiting(orders, left)
    return {
        pk: {line: units - waiting[line] for line, units in lines.items() if units > waiting[line]}
        for pk, lines in left.items()
    }


def _waiting(orders: Sequence[Order], left: Mapping[int, Mapping[int, int]]) -> Counter[int]:
    """Return units by line id that are left to send but have not arrived here themselves."""
    owed = inventory.waiting(references=[order.number for order in orders])
    found: Counter[int] = Counter()
    for order in orders:
        for line in order.lines.all():
            missing = owed.get((order.number, line.variant_id), 0)
            found[line.pk] = min(missing, left[order.pk].get(line.pk, 0))
            owed[order.number, line.variant_id] = missing - found[line.pk]
    return found

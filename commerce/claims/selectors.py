"""What can be given back, until when, and which claims wait for whom."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet, Sum

from commerce.claims.models import Claim, ClaimLine
from commerce.claims.states import OPEN, State
from commerce.fulfilment import dates
from commerce.fulfilment.models import ShipmentLine
from commerce.orders.models import Order, OrderLine
from commerce.orders.states import Status
from commerce.payments.models import RefundLine
from commerce.payments.states import RefundState

SEND_DAYS = 14  # what we ask a shopper to keep to; no right depends on it


@dataclass(frozen=True, slots=True, kw_only=True)
class Returnable:
    """Units of a line that the shopper has: `quantity` of them can be claimed, `in_time` without any reason.

    `faulty`: of them, those whose three months are not over (Act §17(3)); `until`: the last day to withdraw.
    """

    line: OrderLine
    quantity: int
    in_time: int
    faulty: int
    until: date


def returnable(*, order: Order, today: date) -> dict[int, Returnable]:
    """Return what was delivered, is neither given back nor claimed, by line id. A locked order's answer holds."""
    if order.status not in (Status.PAID, Status.FULFILLED):
        return {}
    rows = ShipmentLine.objects.filter(shipment__order=order, shipment__delivered_at__isnull=False)
    arrived, in_time, faulty, until = Counter[int](), Counter[int](), Counter[int](), dict[int, date]()
    for row in rows.select_related("shipment"):
        at = row.shipment.delivered_at
        if at is None:
            continue
        last = dates.withdraw_until(delivered_at=at)
        arrived[row.line_id] += row.quantity
        in_time[row.line_id] += row.quantity if today <= last else 0
        faulty[row.line_id] += row.quantity if today <= dates.complain_until(delivered_at=at) else 0
        until[row.line_id] = max(last, until.get(row.line_id, last))
    back, returned, claimed = _refunded(order), _refunded(order, cancelled=False), _claimed(order)
    found = {}
    for line in order.lines.all():
        # A refund may hold units that never left and units that did: no more are kept than were not refunded.
        left = min(arrived[line.pk] - returned[line.pk], line.quantity - back[line.pk]) - claimed[line.pk]
        if left > 0:
            found[line.pk] = Returnable(
                line=line,
                quantity=left,
                in_time=min(in_time[line.pk], left),
                faulty=min(faulty[line.pk], left),
                until=until[line.pk],
            )
    return found


def of_order(*, order: Order) -> QuerySet[Claim]:
    """Return the claims of an order with lines and photos, the latest first."""
    return _whole().filter(order=order)


def by_id(*, claim_id: int) -> Claim:
    """Return a claim with order, lines and photos.

    Raises:
        Claim.DoesNotExist: there is none.
    """
    return _whole().get(pk=claim_id)


def refund_due(*, claim: Claim) -> date | None:
    """Return the last day to give the money back; None before the goods are here (Act §18(2))."""
    if claim.received_at is None:
        return None
    return dates.add_business_days(day=dates.day_of(at=claim.received_at), days=dates.REFUND_DAYS)


def send_by(*, claim: Claim) -> date | None:
    """Return until when we ask the shopper to send the goods; None before it was approved."""
    if claim.decided_at is None:
        return None
    day = dates.day_of(at=claim.decided_at)
    return date.fromordinal(day.toordinal() + SEND_DAYS)


def overdue(*, now: datetime) -> QuerySet[Claim]:
    """Return the claims whose goods came back so long ago that the money should be back by now."""
    before = dates.refund_overdue_before(now=now)
    return Claim.objects.filter(state=State.RECEIVED, received_at__lt=before)


def waiting() -> QuerySet[Claim]:
    """Return the claims on which the shop must act."""
    return Claim.objects.filter(state__in=[State.REQUESTED, State.RECEIVED])


def units(*, claim: Claim) -> Mapping[int, int]:
    """Return the claimed units by order line id."""
    return {line.order_line_id: line.quantity for line in claim.lines.all()}


def _whole() -> QuerySet[Claim]:
    rows = Claim.objects.select_related("order", "order__payment", "courier", "refund")
    return rows.prefetch_related("lines__order_line", "photos")


def _refunded(order: Order, **which: bool) -> Counter[int]:
    rows = RefundLine.objects.filter(order_line__order=order, **which)
    rows = rows.exclude(refund__state=RefundState.ABANDONED)
    return Counter(dict(rows.values_list("order_line").annotate(units=Sum("quantity"))))


def _claimed(order: Order) -> Counter[int]:
    rows = ClaimLine.objects.filter(claim__order=order, claim__state__in=OPEN)
    return Counter(dict(rows.values_list("order_line").annotate(units=Sum("quantity"))))

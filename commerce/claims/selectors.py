"""What can be given back, until when, and which claims wait for whom."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet, Sum

from commerce.catalog.models import Variant
from commerce.claims.models import Claim, ClaimLine
from commerce.claims.states import OPEN, State, shopper_pays
from commerce.fulfilment import dates
from commerce.fulfilment.models import Shipment, ShipmentLine
from commerce.orders.models import Order, OrderLine
from commerce.orders.states import Status
from commerce.payments.models import RefundLine
from commerce.payments.states import RefundState

# Claims whose goods the shopper cannot claim again: under way, or refused and still here or on their way back.
_REFUSED = Q(claim__state=State.REJECTED, claim__received_at__isnull=False)
_OURS = Q(claim__state__in=OPEN) | _REFUSED & (
    Q(claim__shipment=None) | Q(claim__shipment__delivered_at=None)
)
_TO_SEND_BACK = Q(state=State.REJECTED, received_at__isnull=False, shipment=None)
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
    arrived, in_time, faulty, until = Counter[int](), Counter[int](), Counter[int](), dict[int, date]()
    for line_id, at, units in _with_her(order):
        last = dates.withdraw_until(delivered_at=at)
        arrived[line_id] += units
        in_time[line_id] += units if today <= last else 0
        faulty[line_id] += units if today <= dates.complain_until(delivered_at=at) else 0
        until[line_id] = max(last, until.get(line_id, last))
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
    return Claim.objects.filter(Q(state__in=[State.REQUESTED, State.RECEIVED]) | _TO_SEND_BACK)


def unfinished(*, order: Order) -> int:
    """Return how many claims of an order are under way; refused goods that lie here count too."""
    return still_open().filter(order=order).count()


def still_open() -> QuerySet[Claim]:
    """Return the claims that are not over; of those that were refused, the ones whose goods lie here."""
    return Claim.objects.filter(Q(state__in=OPEN) | _TO_SEND_BACK)


def alternatives(*, line: OrderLine) -> list[Variant]:
    """Return the options that can be sent instead of what was ordered: of the same product, at the same price."""
    rows = Variant.objects.filter(product__variants=line.variant_id, active=True, price=line.unit_price)
    return list(rows.exclude(pk=line.variant_id).distinct())


def exchange_fee(*, order: Order, reason: str) -> int:
    """Return what an exchange costs the shopper in won: both ways at the agreed fee when it is her wish, else nothing.

    An exchange for a change of mind is no right by law but our offer; the way back would be hers anyway (Act §18(9)).
    """
    return 2 * order.parcel_fee if shopper_pays(reason) else 0


def units(*, claim: Claim) -> Mapping[int, int]:
    """Return the claimed units by order line id."""
    return {line.order_line_id: line.quantity for line in claim.lines.all()}


def _with_her(order: Order) -> Iterator[tuple[int, datetime, int]]:
    """Yield line id, arrival and units of what was delivered; of what was replaced, the replacement.

    Which of several parcels a replaced unit came with nobody knows: the oldest, that is best for the shopper.
    """
    purposes = (Shipment.Purpose.ORDER, Shipment.Purpose.REPLACEMENT)
    rows = ShipmentLine.objects.filter(shipment__order=order, shipment__purpose__in=purposes)
    replaced = _replaced(order)
    for row in rows.select_related("shipment").order_by("shipment__delivered_at", "pk"):
        at, units = row.shipment.delivered_at, row.quantity
        if at is None:
            continue
        if replaced[row.line_id]:
            gone = min(replaced[row.line_id], units)
            replaced[row.line_id] -= gone
            units -= gone
        if units:
            yield row.line_id, at, units


def _replaced(order: Order) -> Counter[int]:
    """Return units by line id for which another parcel was sent."""
    rows = ShipmentLine.objects.filter(shipment__order=order, shipment__purpose=Shipment.Purpose.REPLACEMENT)
    return Counter(dict(rows.values_list("line").annotate(units=Sum("quantity"))))


def _whole() -> QuerySet[Claim]:
    rows = Claim.objects.select_related("order", "order__payment", "courier", "refund", "shipment__courier")
    return rows.prefetch_related("lines__order_line", "lines__wanted", "photos")


def _refunded(order: Order, **which: bool) -> Counter[int]:
    rows = RefundLine.objects.filter(order_line__order=order, **which)
    rows = rows.exclude(refund__state=RefundState.ABANDONED)
    return Counter(dict(rows.values_list("order_line").annotate(units=Sum("quantity"))))


def _claimed(order: Order) -> Counter[int]:
    rows = ClaimLine.objects.filter(_OURS, claim__order=order)
    return Counter(dict(rows.values_list("order_line").annotate(units=Sum("quantity"))))

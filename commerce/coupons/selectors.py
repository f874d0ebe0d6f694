"""What pages, jobs and audits read of coupons."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from commerce.coupons import rules
from commerce.coupons.models import Coupon, CouponTicket, CouponUse
from commerce.coupons.rules import Reason
from commerce.orders.models import Order
from commerce.orders.states import Status

SOON = timedelta(days=7)
PAST = 50  # tickets of which nothing comes any more, on my page


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """A ticket as pages show it; `reason`: why it cannot be used, whatever is ordered."""

    ticket_id: int
    coupon: Coupon
    ends_at: datetime
    reason: Reason | None
    days: int  # that are left: 0 on the last day
    order: Order | None  # for which it is used

    @property
    def soon(self) -> bool:
        """Return whether it can be used, but not for long."""
        return self.reason is None and self.days <= SOON.days


@dataclass(frozen=True, slots=True, kw_only=True)
class Wallet:
    """A customer's tickets: those that can be used now or later, the first to end first, and those that are over."""

    usable: list[Holding]
    past: list[Holding]

    @property
    def count(self) -> int:
        """Return how many can be used now."""
        return sum(one.reason is None for one in self.usable)


def wallet(*, customer_id: int, now: datetime) -> Wallet:
    """Return a customer's tickets; of those that are over the newest `PAST`."""
    live = CouponUse.objects.filter(returned_at=None).select_related("order")
    rows = CouponTicket.objects.filter(customer=customer_id).select_related("coupon")
    rows = rows.prefetch_related(Prefetch("uses", live, to_attr="live")).order_by("ends_at", "pk")
    found = [_holding(row, row.live, now=now) for row in rows]
    past = [one for one in found if one.reason not in (None, Reason.NOT_YET)]
    return Wallet(
        usable=[one for one in found if one.reason in (None, Reason.NOT_YET)],
        past=list(reversed(past))[:PAST],
    )


def current(*, customer_id: int, now: datetime) -> list[Holding]:
    """Return the tickets that a customer can use now or later, the first to end first."""
    rows = _current(customer_id, now).select_related("coupon").order_by("ends_at", "pk")
    return [_holding(row, [], now=now) for row in rows]


def known(*, customer_id: int) -> bool:
    """Return whether a customer has anything to do with coupons: the shop offers one, or there was a ticket."""
    mine = CouponTicket.objects.filter(customer=customer_id)
    return Coupon.objects.filter(withdrawn_at=None).exists() or mine.exists()


def usable(*, customer_id: int, now: datetime) -> int:
    """Return how many tickets a customer may use now."""
    return _current(customer_id, now).filter(coupon__starts_at__lte=now).count()


def of_order(*, order: Order) -> CouponUse | None:
    """Return the use of a coupon for an order, with the coupon; None without asking when nothing was taken off."""
    if not order.reduction:
        return None
    return CouponUse.objects.filter(order=order).select_related("ticket__coupon").first()


def offered() -> QuerySet[Coupon]:
    """Return every coupon for staff, newest first: `used` tickets, and the won that they `took` off, as it stands now."""
    live = Q(tickets__uses__returned_at=None)
    return Coupon.objects.annotate(
        used=Count("tickets__uses", filter=live),
        took=Coalesce(Sum("tickets__uses__amount", filter=live), 0),
    ).order_by("-offered_at", "-pk")


def tickets(*, coupon_id: int) -> QuerySet[CouponTicket]:
    """Return the tickets of a coupon for staff, newest first, with customers and `uses` with their orders."""
    rows = CouponTicket.objects.filter(coupon=coupon_id).select_related("customer", "coupon")
    return rows.prefetch_related(Prefetch("uses", CouponUse.objects.select_related("order"))).order_by("-pk")


def doubts() -> Iterator[str]:
    """Yield what does not add up: counts that are not the tickets', sums that are not the orders', wrong returns."""
    coupons = Coupon.objects.annotate(there=Count("tickets")).exclude(there=F("issued"))
    for coupon in coupons.order_by("pk"):
        yield f"coupon {coupon.pk}: {coupon.issued} given out, {coupon.there} tickets"
    reduced = Order.objects.filter(discount_total__gt=F("points_total")) | Order.objects.filter(
        coupon_use__isnull=False
    )
    for order in reduced.select_related("coupon_use").order_by("pk"):
        used = getattr(order, "coupon_use", None)
        amount = used.amount if used else 0
        if amount != order.reduction:
            yield f"order {order.pk}: reduced by {order.reduction}, its coupon by {amount}"
        if used and used.returned_at and order.status != Status.CANCELLED:
            yield f"order {order.pk}: its coupon came back although the order is not off"


def _current(customer_id: int, now: datetime) -> QuerySet[CouponTicket]:
    live = CouponUse.objects.filter(ticket=OuterRef("pk"), returned_at=None)
    rows = CouponTicket.objects.filter(customer=customer_id, ends_at__gt=now, coupon__withdrawn_at=None)
    return rows.filter(~Exists(live))


def _holding(row: CouponTicket, live: Sequence[CouponUse], *, now: datetime) -> Holding:
    left = (timezone.localdate(row.ends_at) - timezone.localdate(now)).days
    return Holding(
        ticket_id=row.pk,
        coupon=row.coupon,
        ends_at=row.ends_at,
        reason=rules.standing(ticket=row, used=bool(live), now=now),
        days=max(left, 0),
        order=live[0].order if live else None,
    )

"""What staff reads of one coupon: how often it was given and used, for what, and who holds it."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Prefetch, Q, QuerySet, Sum

from commerce.coupons.models import CouponTicket, CouponUse

_LIVE = Q(returned_at=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """A coupon in numbers: uses that stand, uses that were given back, won taken off, won of goods in those orders."""

    used: int
    returned: int
    took: int
    goods: int
    unused: int  # tickets that can be used now or later


def figures(*, coupon_id: int, now: datetime) -> Figures:
    """Return a coupon in numbers, with two statements; orders that were cancelled count as given back."""
    found = CouponUse.objects.filter(ticket__coupon=coupon_id).aggregate(
        used=Count("pk", filter=_LIVE),
        returned=Count("pk", filter=~_LIVE),
        took=Sum("amount", filter=_LIVE, default=0),
        goods=Sum("order__items_total", filter=_LIVE, default=0),
    )
    return Figures(**found, unused=unused(coupon_id=coupon_id, now=now))


def unused(*, coupon_id: int, now: datetime) -> int:
    """Return how many tickets of a coupon can be used now or later; none once it was withdrawn."""
    rows = CouponTicket.objects.filter(coupon=coupon_id, ends_at__gt=now, coupon__withdrawn_at=None)
    return rows.exclude(uses__in=CouponUse.objects.filter(_LIVE)).count()


def uses(*, coupon_id: int) -> QuerySet[CouponUse]:
    """Return the uses of a coupon with their orders, the newest first."""
    return CouponUse.objects.filter(ticket__coupon=coupon_id).select_related("order")


def tickets_of(*, customer_id: int) -> QuerySet[CouponTicket]:
    """Return every ticket of a customer with its coupon, and `uses` with their orders, the newest first."""
    rows = CouponTicket.objects.filter(customer=customer_id).select_related("coupon")
    return rows.prefetch_related(Prefetch("uses", CouponUse.objects.select_related("order"))).order_by("-pk")


def holders(*, coupon_id: int, customer_ids: list[int]) -> set[int]:
    """Return which of these customers have, or had, a ticket of a coupon."""
    rows = CouponTicket.objects.filter(coupon=coupon_id, customer__in=customer_ids)
    return {pk for pk in rows.values_list("customer_id", flat=True) if pk is not None}

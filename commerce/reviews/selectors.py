"""What pages read of reviews, and who may write one."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Sum
from django.db.models.functions import JSONObject
from django.utils.translation import gettext_lazy as _

from commerce.catalog.shapes import Rating
from commerce.fulfilment.models import Shipment, ShipmentLine
from commerce.orders.models import Order, OrderLine
from commerce.orders.states import Status
from commerce.payments.models import RefundLine
from commerce.payments.states import RefundState
from commerce.reviews.models import STARS, Review, ReviewPhoto
from commerce.reviews.states import State

POSTING = timedelta(days=180)  # from the delivery: how long a review can be written
SORTS = {
    "new": (_("Newest"), ("-posted_at", "-pk")),
    "high": (_("Highest rating"), ("-rating", "-posted_at", "-pk")),
    "low": (_("Lowest rating"), ("rating", "-posted_at", "-pk")),
}


_SHOTS = ArraySubquery(  # photos of a review within the same statement
    ReviewPhoto.objects.filter(review=OuterRef("pk"))
    .order_by("pk")
    .values(json=JSONObject(name="name", small="small", width="width", height="height"))
)


@dataclass(frozen=True, slots=True)
class Bar:
    """How many gave so many stars; `percent` is rounded, of all."""

    stars: int
    count: int
    percent: int


@dataclass(frozen=True, slots=True)
class Summary:
    """What all published reviews of a product say together."""

    count: int
    total: int  # stars
    bars: tuple[Bar, ...]  # five stars first
    with_photos: int

    @property
    def average(self) -> str:
        """Return the mean with one digit: `4.6`."""
        return f"{self.total / self.count:.1f}" if self.count else ""


def summary(*, rating: Rating) -> Summary:
    """Return the histogram of a product's published reviews, from what is kept beside the product."""
    found = dict(zip(STARS, rating.bars, strict=False))
    bars = tuple(
        Bar(
            stars, found.get(stars, 0), round(100 * found.get(stars, 0) / rating.count) if rating.count else 0
        )
        for stars in reversed(STARS)
    )
    photos = rating.bars[len(STARS)] if len(rating.bars) > len(STARS) else 0
    return Summary(rating.count, rating.total, bars, photos)


def counted(*, product_id: int) -> tuple[list[int], int]:
    """Count a product's published reviews by stars, one star first, and those with photos, in one query."""
    photos = Exists(ReviewPhoto.objects.filter(review=OuterRef("pk")))
    rows = Review.objects.filter(product=product_id, state=State.PUBLISHED).annotate(pictured=photos)
    found: Counter[int] = Counter()
    pictured = 0
    for stars, has, count in rows.order_by().values_list("rating", "pictured").annotate(Count("pk")):
        found[stars] += count
        pictured += count if has else 0
    return [found[stars] for stars in STARS], pictured


def published(
    *, product_id: int, stars: int = 0, photos: bool = False, sort: str = "new"
) -> QuerySet[Review]:
    """Return a product's published reviews, photos as `shots`; `stars` 0 for all; unknown sorts are the first."""
    rows = Review.objects.filter(product=product_id, state=State.PUBLISHED).annotate(shots=_SHOTS)
    if stars:
        rows = rows.filter(rating=stars)
    if photos:
        rows = rows.filter(Exists(ReviewPhoto.objects.filter(review=OuterRef("pk"))))
    order = SORTS.get(sort, SORTS["new"])[1]
    return rows.order_by(*order)


def reviewable(*, order: Order, now: datetime) -> dict[int, datetime]:
    """Return the lines of an order that arrived and were not given back whole, with the last moment to review them.

    Lines that have a review are among them. The time runs from the last parcel with units of a line.
    """
    if order.status == Status.CANCELLED:
        return {}
    packed = ShipmentLine.objects.filter(
        shipment__order=order,
        shipment__purpose=Shipment.Purpose.ORDER,
        shipment__delivered_at__isnull=False,
    )
    arrived: dict[int, datetime] = {}
    for line, at in packed.values_list("line", "shipment__delivered_at"):
        if at:
            arrived[line] = max(arrived.get(line, at), at)
    given_back = _given_back(order)
    units = dict(OrderLine.objects.filter(order=order).values_list("pk", "quantity"))
    return {
        line: at + POSTING
        for line, at in arrived.items()
        if at + POSTING > now and given_back[line] < units[line]
    }


def of_order(*, order: Order) -> dict[int, Review]:
    """Return an order's reviews by line id."""
    rows = Review.objects.filter(order_line__order=order).select_related("product")
    return {row.order_line_id: row for row in rows.prefetch_related("photos")}


def of_line(*, order: Order, line_id: int) -> Review | None:
    """Return the review of a line of this order; of no other's."""
    return of_order(order=order).get(line_id)


def of_person(*, customer_id: int, now: datetime, limit: int = 100) -> list[dict[str, Any]]:
    """Return what a signed-in buyer can review or has reviewed, newest first: her orders, and those of guests with an
    address that she has proven.

    The address of the account is not enough: staff can change theirs without proving it.
    """
    hers = Q(customer=customer_id)
    for email in _proven(customer_id):
        hers |= Q(customer=None, email__iexact=email)
    rows = Order.objects.filter(hers).exclude(status=Status.CANCELLED)
    found = []
    for order in rows.prefetch_related("lines").order_by("-placed_at")[:limit]:
        open_, written = reviewable(order=order, now=now), of_order(order=order)
        for line in order.lines.all():
            if line.pk in open_ or line.pk in written:
                found.append({"order": order, "line": line, "review": written.get(line.pk)})
    return found


def _proven(customer_id: int) -> list[str]:
    if not apps.is_installed("allauth.account"):
        return []
    model: Any = apps.all_models["account"]["emailaddress"]
    return list(model.objects.filter(user_id=customer_id, verified=True).values_list("email", flat=True))


def waiting() -> QuerySet[Review]:
    """Return the reviews that staff must look at: new ones, and published ones that somebody reported."""
    return Review.objects.filter(state=State.PENDING) | Review.objects.filter(
        state=State.PUBLISHED, reports__gt=0
    )


def by_id(*, review_id: int) -> Review:
    """Return a review with order, product and photos.

    Raises:
        Review.DoesNotExist: its author deleted it.
    """
    rows = Review.objects.select_related("order_line__order", "product")
    return rows.prefetch_related("photos", Prefetch("complaints"), "product__texts").get(pk=review_id)


def shown_photo(*, name: str) -> bool:
    """Return whether everybody may see the photo of this name: its review is published."""
    rows = ReviewPhoto.objects.filter(review__state=State.PUBLISHED)
    return rows.filter(name=name).exists() or rows.filter(small=name).exists()


def _given_back(order: Order) -> Counter[int]:
    rows = RefundLine.objects.filter(order_line__order=order).exclude(refund__state=RefundState.ABANDONED)
    return Counter(dict(rows.values_list("order_line").annotate(units=Sum("quantity"))))

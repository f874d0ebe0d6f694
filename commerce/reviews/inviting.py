"""Ask buyers some days after the delivery what they think: once per order, and never against their wish.

The mail is about what they bought and advertises nothing, so it needs no consent to advertising (정보통신망법 §50);
whoever does not want it says so with one button.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, Max, OuterRef, QuerySet
from django.db.models.functions import Lower

from commerce.events import outbox, types
from commerce.orders.models import Order
from commerce.orders.states import FulfilmentStatus, PaymentStatus, Status
from commerce.reviews import selectors
from commerce.reviews.models import Review, ReviewInvitation, ReviewOptOut

LATEST = timedelta(days=30)  # after that a mail only surprises


def invite(*, now: datetime, limit: int = 500) -> int:
    """Record an invitation for each order whose last parcel arrived some days ago; return how many."""
    return sum(_invite(order, now=now) for order in due(now=now)[:limit])


def due(*, now: datetime) -> QuerySet[Order]:
    """Return the orders whose buyers may be asked now: everything arrived, nothing is wrong, nobody asked yet."""
    whole = Order.objects.filter(
        status=Status.FULFILLED,
        fulfilment_status=FulfilmentStatus.DELIVERED,
        payment_status__in=(PaymentStatus.PAID, PaymentStatus.PARTLY_REFUNDED),
        open_claims=0,
        flag="",
    )
    stopped = ReviewOptOut.objects.filter(email=OuterRef("address"))
    rows = whole.annotate(address=Lower("email"), arrived=Max("shipments__delivered_at"))
    return (
        rows.filter(
            arrived__lt=now - timedelta(days=settings.REVIEW_INVITATION_DAYS), arrived__gt=now - LATEST
        )
        .exclude(Exists(ReviewInvitation.objects.filter(order=OuterRef("pk"))))
        .exclude(Exists(Review.objects.filter(order_line__order=OuterRef("pk"))))
        .exclude(Exists(stopped))
        .order_by("arrived")
    )


@transaction.atomic
def stop(*, email: str, now: datetime) -> None:
    """Never ask this address again."""
    ReviewOptOut.objects.get_or_create(email=email.lower(), defaults={"at": now})


@transaction.atomic
def _invite(order: Order, *, now: datetime) -> bool:
    _row, new = ReviewInvitation.objects.get_or_create(order=order, defaults={"invited_at": now})
    if not new or not selectors.reviewable(order=order, now=now):
        return False
    outbox.record(types.ReviewInvited(order_id=order.pk, number=order.number, occurred_at=now))
    return True

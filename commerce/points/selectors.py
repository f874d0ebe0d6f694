"""What pages, jobs and audits read of points."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.paginator import Page, Paginator
from django.db.models import F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from commerce.orders.models import Order
from commerce.points.models import PointsAccount, PointsEntry

SOON = timedelta(days=30)
PAGE = 20  # entries


@dataclass(frozen=True, slots=True, kw_only=True)
class Points:
    """A customer's points as my page shows them; what has expired does not count, also before the nightly job."""

    balance: int
    soon: list[tuple[datetime, int]]  # what expires within `SOON`: when and how many, the first first
    page: Page[PointsEntry]  # of the entries, the newest first

    @property
    def expiring(self) -> int:
        """Return how many expire within `SOON`."""
        return sum(amount for _day, amount in self.soon)


def of(*, customer_id: int, now: datetime, number: int | str = 1) -> Points:
    """Return a customer's points with a page of their entries; a number that is none is the first."""
    account = PointsAccount.objects.filter(customer_id=customer_id).first()
    entries = PointsEntry.objects.filter(account__customer=customer_id).select_related("order")
    page = Paginator(entries, PAGE).get_page(number)
    if account is None:
        return Points(balance=0, soon=[], page=page)
    lots = list(living(account=account, now=now))
    left = left_of(lots=lots)
    soon = [
        (lot.expires_at, left[lot.pk])
        for lot in lots
        if lot.expires_at and lot.expires_at <= now + SOON and left[lot.pk]
    ]
    return Points(balance=sum(left.values()), soon=soon, page=page)


def known(*, customer_id: int) -> bool:
    """Return whether a customer ever had points."""
    return PointsAccount.objects.filter(customer_id=customer_id).exists()


def spendable(*, customer_id: int, now: datetime) -> int:
    """Return how many points a customer may use now: what has expired is not among them."""
    account = PointsAccount.objects.filter(customer_id=customer_id, balance__gt=0).first()
    return sum(left_of(lots=living(account=account, now=now)).values()) if account else 0


def living(*, account: PointsAccount, now: datetime) -> QuerySet[PointsEntry]:
    """Return the lots of an account that have not expired, those that expire first before the others."""
    return account.entries.filter(amount__gt=0, expires_at__gt=now).order_by("expires_at", "pk")


def left_of(*, lots: Iterable[PointsEntry]) -> dict[int, int]:
    """Return how much is left of each lot."""
    keys = [lot.pk for lot in lots]
    rows = PointsEntry.objects.filter(pk__in=keys).annotate(used=Coalesce(Sum("uses__amount"), 0))
    return {lot.pk: lot.amount - lot.used for lot in rows}


def expired(*, now: datetime) -> list[int]:
    """Return the lots whose day is over and of which something is left, oldest first."""
    lots = PointsEntry.objects.filter(amount__gt=0, expires_at__lte=now)
    lots = lots.annotate(used=Coalesce(Sum("uses__amount"), 0)).filter(used__lt=F("amount"))
    return list(lots.order_by("expires_at", "pk").values_list("pk", flat=True))


def doubts() -> Iterator[str]:
    """Yield what does not add up: balances that are not the sum of their entries, entries that no lots carry, orders."""
    accounts = PointsAccount.objects.annotate(sum=Coalesce(Sum("entries__amount"), 0)).exclude(
        sum=F("balance")
    )
    for account in accounts:
        yield f"account {account.pk}: balance {account.balance} instead of {account.sum}"
    gone = PointsEntry.objects.filter(amount__lt=0).annotate(taken=Coalesce(Sum("parts__amount"), 0))
    for entry in gone.exclude(taken=-F("amount")):
        yield f"entry {entry.pk}: {entry.taken} of lots instead of {-entry.amount}"
    yield from _doubtful_orders()


def _doubtful_orders() -> Iterator[str]:
    entries = PointsEntry.objects.filter(kind__in=["used", "returned"])
    paid = Order.objects.filter(points_total__gt=0) | Order.objects.filter(pk__in=entries.values("order"))
    for order in paid.order_by("pk"):
        sums = entries.filter(order=order).aggregate(
            used=Coalesce(Sum("amount", filter=Q(kind="used")), 0),
            back=Coalesce(Sum("amount", filter=Q(kind="returned")), 0),
        )
        if -sums["used"] != order.points_total or sums["back"] > order.points_total:
            yield (
                f"order {order.pk}: {order.points_total} points, {-sums['used']} used, {sums['back']} given back"
            )

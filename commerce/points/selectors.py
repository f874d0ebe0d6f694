"""What pages, jobs and audits read of points."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, Sum
from django.db.models.functions import Coalesce

from commerce.points.models import PointsAccount, PointsEntry

SOON = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Points:
    """A customer's points as my page shows them."""

    balance: int
    expiring: int  # of them, within `SOON`
    entries: list[PointsEntry]


def of(*, customer_id: int, now: datetime, most: int = 50) -> Points:
    """Return a customer's points with the newest entries."""
    account = PointsAccount.objects.filter(customer_id=customer_id).first()
    if account is None:
        return Points(balance=0, expiring=0, entries=[])
    lots = account.entries.filter(amount__gt=0, expires_at__lte=now + SOON)
    return Points(
        balance=account.balance,
        expiring=sum(left_of(lots=lots).values()),
        entries=list(account.entries.select_related("order")[:most]),
    )


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
    """Yield what does not add up: balances that are not the sum of their entries, entries that no lots carry."""
    accounts = PointsAccount.objects.annotate(sum=Coalesce(Sum("entries__amount"), 0)).exclude(
        sum=F("balance")
    )
    for account in accounts:
        yield f"account {account.pk}: balance {account.balance} instead of {account.sum}"
    gone = PointsEntry.objects.filter(amount__lt=0).annotate(taken=Coalesce(Sum("parts__amount"), 0))
    for entry in gone.exclude(taken=-F("amount")):
        yield f"entry {entry.pk}: {entry.taken} of lots instead of {-entry.amount}"

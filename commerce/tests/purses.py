"""Points of tests."""

from datetime import datetime, timedelta

from django.db import transaction

from commerce.customers.models import User
from commerce.points import ledger, selectors
from commerce.points.models import PointsAccount, PointsEntry
from commerce.tests.factories import NOW


@transaction.atomic
def give(user: User, amount: int, *, days: int = 365, now: datetime = NOW) -> PointsEntry:
    """Give a customer a lot of points."""
    account, _fresh = PointsAccount.objects.get_or_create(customer=user)
    entry = PointsEntry(
        kind="earned",
        amount=amount,
        base=amount,
        cause=f"gift:{account.entries.count()}",
        expires_at=now + timedelta(days=days),
    )
    return ledger.write(account=account, entry=entry, now=now)


def balance(user: User) -> int:
    """Return a customer's balance; all books agree."""
    assert list(selectors.doubts()) == []
    return PointsAccount.objects.get(customer=user).balance


def entries(user: User) -> list[tuple[str, int]]:
    """Return kind and amount of a customer's entries, oldest first."""
    rows = PointsEntry.objects.filter(account__customer=user).order_by("pk")
    return [(row.kind, row.amount) for row in rows]

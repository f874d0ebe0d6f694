"""Write entries of points and say from which lots they went. Whoever calls holds the account's row."""

from collections.abc import Sequence
from datetime import datetime
from typing import cast

from commerce.events import outbox, types
from commerce.points import selectors
from commerce.points.models import PointsAccount, PointsEntry, PointsUse


def take(
    *,
    account: PointsAccount,
    entry: PointsEntry,
    amount: int,
    now: datetime,
    first: PointsEntry | None = None,
    lots: Sequence[PointsEntry] | None = None,
) -> PointsEntry:
    """Write an entry that takes `amount`, no more than there is, from the lots that expire first, but from `first` before.

    `lots`: the only ones that it may take from.
    """
    chosen = list(account.entries.filter(amount__gt=0).order_by("expires_at", "pk") if lots is None else lots)
    chosen.sort(key=lambda lot: first is None or lot.pk != first.pk)  # stable: the others stay as they are
    entry.amount = -amount
    write(account=account, entry=entry, now=now)
    PointsUse.objects.bulk_create(_uses(entry, chosen, amount))
    return entry


def write(*, account: PointsAccount, entry: PointsEntry, now: datetime) -> PointsEntry:
    """Write an entry and record it; the database adds it to the balance."""
    entry.account, entry.at = account, now
    entry.save(force_insert=True)
    account.refresh_from_db(fields=["balance"])  # the trigger added it
    outbox.record(
        types.PointsChanged(
            account_id=account.pk,
            entry_id=entry.pk,
            kind=cast("types.PointsKind", entry.kind),
            amount=entry.amount,
            balance=account.balance,
            occurred_at=now,
        )
    )
    return entry


def _uses(entry: PointsEntry, lots: Sequence[PointsEntry], amount: int) -> list[PointsUse]:
    left, uses = selectors.left_of(lots=lots), []
    for lot in lots:
        part = min(left.get(lot.pk, 0), amount)
        if part:
            uses.append(PointsUse(lot=lot, entry=entry, amount=part))
            amount -= part
    return uses

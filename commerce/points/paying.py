"""Pay for goods with points, and give them back when the order is off or goods come back.

Whoever changes a balance holds the account's row; of an order that it is about, the order's row before that.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from django.db import transaction
from django.db.models import QuerySet, Sum

from commerce.orders.models import Order
from commerce.orders.states import Status
from commerce.payments.models import Refund
from commerce.payments.states import RefundState
from commerce.points import ledger, selectors
from commerce.points.models import PointsAccount, PointsEntry

_Kind = PointsEntry.Kind


class NotEnough(Exception):
    """There are only `left` points that have not expired; none were taken."""

    def __init__(self, left: int) -> None:
        super().__init__(f"{left} points are left")
        self.left = left


def use(*, order: Order, now: datetime) -> PointsEntry:
    """Take the points of an order that is being placed from its customer, those that expire first.

    Part of the transaction that places it; the account stays locked until its end.

    Raises:
        NotEnough: there are fewer; somebody else may have used them a moment ago.
    """
    account = _lock(order.customer_id)
    lots = list(selectors.living(account=account, now=now)) if account else []
    left = sum(selectors.left_of(lots=lots).values())
    if account is None or left < order.points_total:
        raise NotEnough(left)
    entry = PointsEntry(kind=_Kind.USED, cause=f"use:{order.pk}", order=order)
    return ledger.take(account=account, entry=entry, amount=order.points_total, lots=lots, now=now)


@transaction.atomic
def give_back(*, order_id: int, days: int, now: datetime) -> int:
    """Give back what is due of the points that paid for an order; return how many, 0 when nothing is due any more.

    All of them when the order is off, else those of the refunds that are done. They live as long as before, but for
    `days` at least: who had to wait for a refund has time to use them. Who left the shop gets none.

    Raises:
        Order.DoesNotExist: there is no such order.
    """
    order = Order.objects.select_for_update().get(pk=order_id)
    used = PointsEntry.objects.filter(order=order, kind=_Kind.USED).first()
    if used is None:
        return 0
    account = PointsAccount.objects.select_for_update().get(pk=used.account_id)
    back = _sum(PointsEntry.objects.filter(order=order, kind=_Kind.RETURNED))
    due = _due(order) - back
    if due < 1 or account.customer_id is None:
        return 0
    for amount, expires_at in _lots(used, skip=back, amount=due, least=now + timedelta(days=days)):
        # what was given back before is part of the cause: nobody can give the same points back again
        entry = PointsEntry(kind=_Kind.RETURNED, cause=f"use:{order.pk}:back:{back}", order=order)
        entry.amount, entry.expires_at = amount, expires_at
        ledger.write(account=account, entry=entry, now=now)
        back += amount
    return due


def _lock(customer_id: int | None) -> PointsAccount | None:
    return PointsAccount.objects.select_for_update().filter(customer_id=customer_id or 0).first()


def _due(order: Order) -> int:
    if order.status == Status.CANCELLED:
        return order.points_total
    done = Refund.objects.filter(payment__order=order, state=RefundState.SUCCEEDED)
    return min(order.points_total, _sum(done, "points"))


def _lots(used: PointsEntry, *, skip: int, amount: int, least: datetime) -> Iterator[tuple[int, datetime]]:
    """Yield points and the end of their life: those that were taken last come back first."""
    parts = list(used.parts.select_related("lot").order_by("-lot__expires_at", "-lot_id"))
    for expires_at, group in groupby(parts, key=lambda part: max(part.lot.expires_at or least, least)):
        there = sum(part.amount for part in group)
        passed = min(skip, there)
        taken = min(there - passed, amount)
        skip, amount = skip - passed, amount - taken
        if taken:
            yield taken, expires_at


def _sum(rows: QuerySet[Any], field: str = "amount") -> int:
    return int(rows.aggregate(won=Sum(field))["won"] or 0)

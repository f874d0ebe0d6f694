"""Earn points with purchases that are kept, take them back with refunds, let them expire oldest first.

Whoever changes a balance holds the account's row; of an order that it is about, the order's row before that. Paying with
points is in `paying`.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Sum

from commerce.customers.models import User
from commerce.orders.models import Order
from commerce.payments.models import Refund
from commerce.payments.states import RefundState
from commerce.points import ledger, selectors
from commerce.points.models import PointsAccount, PointsEntry

_Kind = PointsEntry.Kind


@transaction.atomic
def earn(*, order_id: int, percent: int, days: int, now: datetime) -> PointsEntry | None:
    """Give the customer of a confirmed order `percent` of what the goods that were kept cost, rounded down.

    Delivery earns nothing. They expire after `days`. Once per order; None when nothing is earned.

    Raises:
        Order.DoesNotExist: there is no such order.
    """
    order = Order.objects.select_for_update().get(pk=order_id)
    if order.customer_id is None or order.confirmed_at is None:
        return None
    base = _kept(order)
    amount = base * percent // 100
    account = _account(order.customer_id)
    cause = f"order:{order.pk}"
    if amount < 1 or account is None or account.entries.filter(cause=cause).exists():
        return None
    entry = PointsEntry(kind=_Kind.EARNED, cause=cause, order=order, base=base, amount=amount)
    entry.expires_at = now + timedelta(days=days)
    return ledger.write(account=account, entry=entry, now=now)


@transaction.atomic
def grant(*, customer_id: int, amount: int, why: str, days: int, now: datetime) -> PointsEntry | None:
    """Give a customer points besides any purchase, once for each `why`; they expire after `days`. None when that was done.

    Raises:
        ValueError: it is not more than nothing.
    """
    if amount < 1:
        raise ValueError("points that are given are more than nothing")
    account, cause = _account(customer_id), f"gift:{why}"[:40]
    if account is None or account.entries.filter(cause=cause).exists():
        return None
    entry = PointsEntry(kind=_Kind.GRANTED, cause=cause, amount=amount, expires_at=now + timedelta(days=days))
    return ledger.write(account=account, entry=entry, now=now)


@transaction.atomic
def follow_refund(*, refund_id: int, now: datetime) -> PointsEntry | None:
    """Take back what was earned with goods whose money went back; once per refund, None when nothing is.

    First from the order's own points, then from those that expire first; never more than there are: what was gone
    before, the shop bears.

    Raises:
        Refund.DoesNotExist: there is no such refund.
    """
    order_id = Refund.objects.values_list("payment__order_id", flat=True).get(pk=refund_id)
    order = Order.objects.select_for_update().get(pk=order_id)
    lot = PointsEntry.objects.filter(order=order, kind=_Kind.EARNED).first()
    account = PointsAccount.objects.select_for_update().filter(pk=lot.account_id).first() if lot else None
    cause = f"refund:{refund_id}"
    if lot is None or account is None or account.entries.filter(cause=cause).exists():
        return None
    back = (
        PointsEntry.objects.filter(order=order, kind=_Kind.CLAWED_BACK).aggregate(sum=Sum("amount"))["sum"]
        or 0
    )
    keeps = lot.amount * min(_kept(order), lot.base) // lot.base
    due = min(lot.amount + back - keeps, account.balance)
    if due < 1:
        return None
    entry = PointsEntry(kind=_Kind.CLAWED_BACK, cause=cause, order=order)
    return ledger.take(account=account, entry=entry, amount=due, first=lot, now=now)


def expire(*, now: datetime, limit: int = 1000) -> int:
    """Let the lots expire whose day is over, each account in a transaction of its own; return how many lots."""
    keys = selectors.expired(now=now)[:limit]
    return sum(_expire(lot_id, now=now) for lot_id in keys)


@transaction.atomic
def forfeit(*, customer_id: int, now: datetime) -> int:
    """Take everything from a customer who leaves; return how much it was."""
    account = PointsAccount.objects.select_for_update().filter(customer_id=customer_id).first()
    if account is None or not account.balance:
        return 0
    entry = PointsEntry(kind=_Kind.FORFEITED, cause=f"left:{account.entries.latest('pk').pk}")
    return -ledger.take(account=account, entry=entry, amount=account.balance, now=now).amount


@transaction.atomic
def _expire(lot_id: int, *, now: datetime) -> bool:
    lot = PointsEntry.objects.get(pk=lot_id)
    account = PointsAccount.objects.select_for_update().get(pk=lot.account_id)
    left = selectors.left_of(lots=[lot]).get(lot.pk, 0)
    if not left or account.entries.filter(cause=f"lot:{lot.pk}").exists():
        return False
    entry = PointsEntry(kind=_Kind.EXPIRED, cause=f"lot:{lot.pk}")
    ledger.take(account=account, entry=entry, amount=left, first=lot, now=now)
    return True


def _account(customer_id: int) -> PointsAccount | None:
    """Lock a customer's account, which begins with the first points; None for who left."""
    if not User.objects.filter(pk=customer_id, is_active=True).exists():
        return None
    PointsAccount.objects.bulk_create([PointsAccount(customer_id=customer_id)], ignore_conflicts=True)
    return PointsAccount.objects.select_for_update().get(customer_id=customer_id)


def _kept(order: Order) -> int:
    """Return what the goods of an order cost that nobody gave back, without delivery, in won."""
    live = Refund.objects.filter(payment__order=order).exclude(state=RefundState.ABANDONED)
    back = live.aggregate(sum=Sum("goods_amount"))["sum"] or 0
    return max(order.items_total - order.discount_total - back, 0)

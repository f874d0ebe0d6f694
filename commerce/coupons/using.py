"""Use a ticket for an order, and give it back when the order is off.

Whoever uses or returns one holds the ticket's row; of an order that it is about, the order's row before that.
"""

from datetime import datetime, timedelta

from django.db import transaction

from commerce.coupons import rules
from commerce.coupons.models import CouponTicket, CouponUse
from commerce.coupons.rules import Reason
from commerce.events import outbox, types
from commerce.orders.models import Order
from commerce.orders.states import Status


class CouponRefused(Exception):
    """A ticket cannot be used; nothing was changed. `missing`: won of goods, where more of them are needed."""

    def __init__(self, reason: Reason, *, missing: int = 0) -> None:
        super().__init__(reason)
        self.reason, self.missing = reason, missing


def worth(*, ticket_id: int, customer_id: int | None, goods: int, room: int, now: datetime) -> int:
    """Return what a customer's ticket takes off `goods` won of which `room` won may be taken off, in won.

    Raises:
        CouponRefused: it is not the customer's, not its time, it is used, or it takes nothing off.
    """
    found = CouponTicket.objects.select_related("coupon").filter(pk=ticket_id).first()
    ticket = _usable(found, customer_id, now=now)
    off = rules.off(coupon=ticket.coupon, goods=goods, room=room)
    if off.reason is not None:
        raise CouponRefused(off.reason, missing=off.missing)
    return off.amount


def use(*, order: Order, ticket_id: int, now: datetime) -> CouponUse:
    """Use a ticket for an order that is being placed: what it was reduced by besides points.

    Part of the transaction that places it; the ticket stays locked until its end.

    Raises:
        CouponRefused: somebody used it or took it back a moment ago.
    """
    ticket = _usable(_lock(ticket_id), order.customer_id, now=now)
    found = CouponUse.objects.create(ticket=ticket, order=order, amount=order.reduction, used_at=now)
    outbox.record(
        types.CouponUsed(
            ticket_id=ticket.pk,
            coupon_id=ticket.coupon_id,
            order_id=order.pk,
            amount=found.amount,
            occurred_at=now,
        )
    )
    return found


@transaction.atomic
def give_back(*, order_id: int, days: int, now: datetime) -> bool:
    """Give the ticket of an order that is off back, once; it lives `days` more at least, unless the shop withdrew it.

    Return False when there is nothing to give back.

    Raises:
        Order.DoesNotExist: there is no such order.
    """
    order = _lock_order(order_id)
    used = CouponUse.objects.filter(order=order, returned_at=None).first()
    if order.status != Status.CANCELLED or used is None:
        return False
    ticket = _lock(used.ticket_id)
    used.returned_at = now
    used.save(update_fields=["returned_at"])
    if ticket.coupon.withdrawn_at is None:
        ticket.ends_at = max(ticket.ends_at, now + timedelta(days=days))
        ticket.save(update_fields=["ends_at"])
    outbox.record(
        types.CouponReturned(
            ticket_id=ticket.pk,
            coupon_id=ticket.coupon_id,
            order_id=order.pk,
            amount=used.amount,
            occurred_at=now,
        )
    )
    return True


def _lock(ticket_id: int) -> CouponTicket:
    return CouponTicket.objects.select_for_update(of=("self",)).select_related("coupon").get(pk=ticket_id)


def _lock_order(order_id: int) -> Order:
    return Order.objects.select_for_update().get(pk=order_id)


def _usable(ticket: CouponTicket | None, customer_id: int | None, *, now: datetime) -> CouponTicket:
    if ticket is None or customer_id is None or ticket.customer_id != customer_id:
        raise CouponRefused(Reason.GONE)
    used = ticket.uses.filter(returned_at=None).exists()
    reason = rules.standing(ticket=ticket, used=used, now=now)
    if reason is not None:
        raise CouponRefused(reason)
    return ticket

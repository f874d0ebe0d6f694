"""Saying what a refund of PortOne's console was for: units, delivery, a price cut, less what was deducted.

Locks are taken as in `refunding`: the order, its payment, its refunds, and stock last.
"""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from commerce.checkout import refund_parts, refunding
from commerce.events.types import Canceller
from commerce.fulfilment import selectors as parcels
from commerce.fulfilment import services as fulfilment
from commerce.inventory import stock
from commerce.orders import refund_math
from commerce.orders import services as orders
from commerce.orders.models import Order
from commerce.orders.refund_math import Proposal, Wish
from commerce.orders.states import Status
from commerce.payments import refund_allocation
from commerce.payments.models import Refund

REASON = "refunded at the provider"
_BY: Canceller = "staff"


class UnableToAllocate(Exception):
    """Nothing was changed."""


class MovedOn(UnableToAllocate):
    """There is nothing to say any more, or nothing to take back: somebody was quicker."""


class Changed(UnableToAllocate):
    """The order changed since the parts were shown: they would not be the same now."""


class StockMoved(UnableToAllocate):
    """Units went back on the shelf or are not sent any more: that cannot be taken back."""


def preview(*, refund: Refund, wish: Wish, returned: bool = False) -> Proposal:
    """Return what `allocate` would write down now; nothing is locked or written.

    Raises:
        UnableToPropose: more than ordered, more than the rules allow, or worth more than went back.
        MovedOn: it is allocated already.
    """
    order = refund.payment.order
    _refuse_allocated(refund)
    return _explain(order, refund, wish, _staying(order, returned=returned))


@transaction.atomic
def allocate(
    *,
    refund_id: int,
    wish: Wish,
    restock: bool,
    returned: bool = False,
    expected: Proposal | None = None,
    note: str,
    now: datetime,
) -> Refund:
    """Write down what a refund of the console was for, once; order and stock follow as with a refund of ours.

    What units and delivery leave of the sum is a price cut. Units that did not leave yet are meant first and
    will not be sent any more, unless they are `returned`; with `restock` they lie on the shelf again. When nothing
    is kept of an order that was not sent, it is cancelled. `expected` are the parts that were shown.

    Raises:
        UnableToPropose: more than ordered, more than the rules allow, or worth more than went back.
        MovedOn: it is allocated already, or given up.
        Changed: they are not the parts that were shown.
    """
    order, refund = _lock(refund_id)
    _refuse_allocated(refund)
    staying = _staying(order, returned=returned)
    proposal = _explain(order, refund, wish, staying)
    if expected is not None and expected != proposal:
        raise Changed(refund_id)
    dispatched, closed = refunding.is_dispatched(order=order), order.status == Status.CANCELLED
    restock = restock and not closed  # all that was sold went back on the shelf when it was closed
    shelved = refund_parts.shelved(order=order, proposal=proposal, staying=staying, restock=restock)
    parts = refund_parts.rows(proposal=proposal, staying=staying, shelved=shelved)
    refund_allocation.allocate(refund=refund, parts=parts, now=now)
    refund_allocation.tell_allocated(refund=refund, moved=refund.lines.order_by("order_line_id"), now=now)
    _tell(order, refund, note, now=now)
    units = refund_parts.units_back(order=order, proposal=proposal, staying=staying, shelved=shelved)
    if proposal.last and not dispatched and order.status == Status.PAID:
        orders.cancel(order=order, reason=REASON, by=_BY, now=now)
    if units and not closed:
        stock.bring_back(reference=order.number, quantities=units, now=now)
    fulfilment.project(order=order)
    return refund


@transaction.atomic
def take_back(*, refund_id: int, note: str, now: datetime) -> None:
    """Make a refund of the console a bare sum again, so that it can be allocated anew.

    Raises:
        MovedOn: it is not allocated.
        StockMoved: units went back on the shelf or are not sent any more.
    """
    order, refund = _lock(refund_id)
    if refund.allocated_at is None or order.status == Status.CANCELLED:
        raise MovedOn(refund_id)
    if not may_be_taken_back(refund=refund):
        raise StockMoved(refund_id)
    lines = list(refund.lines.order_by("order_line_id"))
    refund_allocation.forget_allocation(refund=refund)
    refund_allocation.tell_allocated(refund=refund, moved=lines, sign=-1, now=now)
    orders.tell(
        order=order, kind="allocation_taken_back", now=now, amount=refund.amount, note=note, refund=refund.pk
    )
    orders.raise_flag(order=order, why=refunding.BY_HAND, now=now)


def may_be_taken_back(*, refund: Refund) -> bool:
    """Return whether an allocation moved no stock: no unit went on the shelf or is kept from being sent."""
    moved = any(line.restocked or line.cancelled for line in refund.lines.all())
    return refund.allocated_at is not None and not moved


def _lock(refund_id: int) -> tuple[Order, Refund]:
    order_id = Refund.objects.values_list("payment__order_id", flat=True).get(pk=refund_id)
    order, payment = refunding.lock(order_id=order_id)
    refund = payment.refunds.select_for_update().get(pk=refund_id)
    refund.payment = payment
    return order, refund


def _refuse_allocated(refund: Refund) -> None:
    if not refund_allocation.unallocated(payment=refund.payment).filter(pk=refund.pk).exists():
        raise MovedOn(refund.pk)


def _staying(order: Order, *, returned: bool) -> dict[int, int]:
    return {} if returned or order.status == Status.CANCELLED else parcels.left_to_ship(order)


def _explain(order: Order, refund: Refund, wish: Wish, staying: Mapping[int, int]) -> Proposal:
    return refund_math.explain(
        bill=refund_parts.bill_of(order=order),
        given=refund_parts.given_of(payment=refund.payment, but=refund.pk),
        wish=wish,
        amount=refund.amount,
        dispatched=refunding.is_dispatched(order=order),
        unsent=all(units <= staying.get(line, 0) for line, units in wish.quantities.items()),
    )


def _tell(order: Order, refund: Refund, note: str, *, now: datetime) -> None:
    orders.tell(
        order=order, kind="refund_allocated", now=now, amount=refund.amount, note=note, refund=refund.pk
    )
    left = refund_allocation.unallocated(payment=refund.payment).exists()
    if order.flag == refunding.BY_HAND and not left:
        orders.lower_flag(order=order, now=now)

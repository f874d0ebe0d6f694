"""Deciding on a refund: what goes back of an order, and what follows for order and stock. Paying is in `paybacks`.

Locks are taken in one order everywhere: the order, its payment, its refunds, and stock last.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from django.db import transaction

from commerce.checkout import refund_parts
from commerce.events.types import Canceller
from commerce.fulfilment import selectors as parcels
from commerce.fulfilment import services as fulfilment
from commerce.inventory import stock
from commerce.orders import refund_math
from commerce.orders import services as orders
from commerce.orders.models import Order
from commerce.orders.refund_math import Given, Proposal, Wish
from commerce.orders.states import IN_THE_SHOP, Status
from commerce.payments import refund_allocation, refunds
from commerce.payments import services as payments
from commerce.payments.gateway import BankAccount, GatewayRefund
from commerce.payments.models import Payment, Refund
from commerce.payments.refunds import Parts
from commerce.payments.states import RefundKind, RefundState, Requester
from commerce.rows import hold, one

NOT_KEPT = "not kept"  # the cause of refunds of money that never bought anything
BY_HAND = "partly refunded at the provider"
_BY: dict[Requester, Canceller] = {
    Requester.CUSTOMER: "shopper",
    Requester.STAFF: "staff",
    Requester.SYSTEM: "shop",
}
WAITS = "a refund waits for the shopper's account"


class NotPaid(refunds.UnableToRefund):
    """The order holds no money that bought something."""


class NotOurs(refunds.UnableToRefund):
    """The money belongs to the customer, whatever becomes of this refund."""


class SumChanged(refunds.UnableToRefund):
    """Not the sum that was shown: somebody else refunded meanwhile, or the parcel left. `amount` is it now."""

    def __init__(self, *, shown: int, amount: int) -> None:
        super().__init__(f"shown {shown}, now {amount}")
        self.shown, self.amount = shown, amount


def preview(*, order: Order, wish: Wish, returned: bool = False) -> Proposal:
    """Return what `refund_order` would give back now; nothing is locked or written.

    Raises:
        UnableToPropose: more than ordered, more than the rules allow, or nothing.
        NotPaid: there is nothing to give back.
    """
    _refuse_unpaid(order, order.payment)
    staying = {} if returned else parcels.left_to_ship(order)
    return _propose(order, order.payment, wish, staying)


@transaction.atomic
def refund_order(
    *,
    order_id: int,
    wish: Wish,
    cause: str,
    reason: str,
    requester: Requester,
    restock: bool | Collection[int],
    expected: int | None = None,
    account: BankAccount | None = None,
    note: str = "",
    returned: bool = False,
    now: datetime,
) -> Refund:
    """Refund units, shipping or a sum of a paid order, once per `cause`; a worker pays it back.

    When nothing is kept of an order that was not sent yet, it is cancelled. `restock` puts the units back on
    the shelf: all of them, or those of some lines. `expected` is the sum in won that was shown before: another
    one stops the refund. `reason` becomes part of the fact; `note` stays on the timeline. Units that did not leave yet are taken to be meant before
    those that did, and will not be sent any more, unless they are `returned`.

    Raises:
        UnableToPropose: more than ordered, more than the rules allow, or nothing.
        UnableToRefund: not paid, not the sum that was shown, or more than was received.
    """
    order, payment = lock(order_id=order_id)
    again = payment.refunds.filter(cause=cause).first()
    if again:
        return again
    _refuse_unpaid(order, payment)
    dispatched = is_dispatched(order=order)
    staying = {} if returned else parcels.left_to_ship(order)
    proposal = _propose(order, payment, wish, staying)
    if expected is not None and expected != proposal.amount:
        raise SumChanged(shown=expected, amount=proposal.amount)
    shelved = refund_parts.shelved(order=order, proposal=proposal, staying=staying, restock=restock)
    refund = refunds.request(
        payment=payment,
        cause=cause,
        parts=refund_parts.rows(proposal=proposal, staying=staying, shelved=shelved),
        reason=reason,
        requester=requester,
        account=account,
        now=now,
    )
    _tell(order, refund, note, now=now)
    if refund.state == RefundState.SUCCEEDED:  # points only: there is nothing to ask the provider for
        _follow(order, refund, now=now)
    if proposal.last and not dispatched and order.status == Status.PAID:
        orders.cancel(order=order, reason=reason, by=_BY[requester], now=now)
    units = refund_parts.units_back(order=order, proposal=proposal, staying=staying, shelved=shelved)
    if units:
        stock.bring_back(reference=order.number, quantities=units, now=now)
    fulfilment.project(order=order)
    return refund


def refund_unkept(*, order: Order, payment: Payment, why: str, now: datetime) -> bool:
    """Give all money of a locked order that never bought anything back; return False when that was done before."""
    left = refunds.left(payment=payment)
    if left <= 0 or payment.refunds.filter(cause=NOT_KEPT).exists():
        return False
    refunds.request(payment=payment, cause=NOT_KEPT, parts=_all_of(order, payment, left), reason=why, now=now)
    _flag_homeless(order, payment, now=now)
    orders.project_money(order=order)
    return True


def absorb(
    *,
    order: Order,
    payment: Payment,
    listed: Iterable[GatewayRefund],
    told: tuple[str, int] | None = None,
    now: datetime,
) -> list[Refund]:
    """Bring a locked order up to the cancellations that the provider lists; return the refunds that moved.

    `told`: the payment's state and cancelled won as they were last told, when they were projected since.
    """
    state, cancelled = told or (payment.state, payment.cancelled_amount)
    moved = refunds.absorb(payment=payment, listed=listed, now=now)
    payments.tell_of_money(payment=payment, state=state, cancelled=cancelled, now=now)
    follow(order=order, payment=payment, moved=moved, now=now)
    return moved


def follow(*, order: Order, payment: Payment, moved: Sequence[Refund], now: datetime) -> None:
    """Let a locked order follow refunds whose state changed: timeline, flag, and where the money is."""
    for refund in moved:
        _follow(order, refund, now=now)
    by_hand = [refund for refund in moved if refund.kind == RefundKind.EXTERNAL]
    whole = payment.received and payment.cancelled_amount >= payment.received
    if by_hand and whole:
        _close(order, payment, by_hand, now=now)
    if (
        by_hand
        and refund_allocation.unallocated(payment=payment).filter(pk__in=[row.pk for row in by_hand]).exists()
    ):
        orders.raise_flag(order=order, why=BY_HAND, now=now)  # staff says what it was for
    if moved:
        orders.project_money(order=order)


@transaction.atomic
def name_account(*, order_id: int, account: BankAccount, now: datetime) -> int:
    """Let every refund of an order that waits for an account go to this one; return how many did."""
    order, payment = lock(order_id=order_id)
    waiting = list(payment.refunds.select_for_update().filter(state=RefundState.WAITING_FOR_ACCOUNT))
    for refund in waiting:
        refunds.give_account(refund=refund, account=account, now=now)
    if waiting:
        orders.tell(order=order, kind="refund_account_given", now=now)
        orders.project_money(order=order)
        if order.flag == WAITS:
            orders.lower_flag(order=order, now=now)
    return len(waiting)


@transaction.atomic
def abandon(*, refund_id: int, note: str, now: datetime) -> bool:
    """Give up a refund that PortOne refused or that never got its account; False when it is under way or done.

    The money stays with the shop until another refund gives it back.

    Raises:
        NotOurs: an order that never counted as paid got this money; there is nothing that it could be kept for.
    """
    order_id = Refund.objects.values_list("payment__order_id", flat=True).get(pk=refund_id)
    order, payment = lock(order_id=order_id)
    refund = payment.refunds.select_for_update().get(pk=refund_id)
    if refund.state not in (RefundState.FAILED, RefundState.WAITING_FOR_ACCOUNT):
        return False
    if order.paid_at is None:
        raise NotOurs
    refunds.give_up(refund=refund, why=refund.failure)
    orders.tell(order=order, kind="refund_abandoned", now=now, amount=refund.amount, note=note)
    orders.project_money(order=order)
    return True


def lock(*, order_id: int) -> tuple[Order, Payment]:
    """Lock an order and its payment, in this order."""
    order = one(Order, "id = %s FOR UPDATE", order_id)
    payment = one(Payment, "order_id = %s FOR UPDATE", order_id)
    hold(payment, order=order)
    return order, payment


def is_dispatched(*, order: Order) -> bool:
    """Return whether anything of the order has left the shop."""
    return order.fulfilment_status not in IN_THE_SHOP


def _refuse_unpaid(order: Order, payment: Payment) -> None:
    if order.paid_at is None or not payment.received:
        raise NotPaid


def _propose(order: Order, payment: Payment, wish: Wish, staying: Mapping[int, int]) -> Proposal:
    return refund_math.propose(
        bill=refund_parts.bill_of(order=order),
        given=refund_parts.given_of(payment=payment),
        wish=wish,
        dispatched=is_dispatched(order=order),
        unsent=all(units <= staying.get(line, 0) for line, units in wish.quantities.items()),
    )


def _all_of(order: Order, payment: Payment, left: int) -> Parts:
    """Return the parts of all that is left: the order's own when it is the order's sum, else a bare sum."""
    if left != order.total or refunds.live(payment=payment).exists():
        return Parts(goodwill=left)
    return _whole(order)


def _whole(order: Order) -> Parts:
    bill = refund_parts.bill_of(order=order)
    wish = refund_math.everything(bill=bill, given=Given())
    return refund_parts.rows(
        proposal=refund_math.propose(bill=bill, given=Given(), wish=wish, dispatched=False),
        staying=parcels.left_to_ship(order),
    )


def _tell(order: Order, refund: Refund, note: str, *, now: datetime) -> None:
    orders.tell(
        order=order,
        kind="refund_requested",
        now=now,
        amount=refund.amount,
        reason=refund.reason,
        note=note,
        refund=refund.pk,
    )
    _flag_homeless(order, refund.payment, now=now)
    orders.project_money(order=order)


def _flag_homeless(order: Order, payment: Payment, *, now: datetime) -> None:
    if payment.refunds.filter(state=RefundState.WAITING_FOR_ACCOUNT).exists():
        orders.raise_flag(order=order, why=WAITS, now=now)


def _follow(order: Order, refund: Refund, *, now: datetime) -> None:
    if refund.state == RefundState.SUCCEEDED:
        orders.tell(order=order, kind="refunded", now=now, amount=refund.amount, refund=refund.pk)
    if refund.state == RefundState.FAILED:
        orders.raise_flag(order=order, why=f"refund failed: {refund.failure}", now=now)
    if refund.state == RefundState.ABANDONED:
        orders.raise_flag(order=order, why=f"refund given up: {refund.failure}", now=now)


def _close(order: Order, payment: Payment, by_hand: Sequence[Refund], *, now: datetime) -> None:
    """All the money went back at the provider's console: an order that was not sent yet is off."""
    alone = refunds.live(payment=payment).count() == 1
    if alone and by_hand[0].amount == order.total:
        refund_allocation.allocate(refund=by_hand[0], parts=_whole(order), now=now)
    if order.status not in (Status.PLACED, Status.PAID) or is_dispatched(order=order):
        return
    orders.cancel(order=order, reason="refunded", by="provider", now=now)
    if not stock.take_back(reference=order.number, now=now):
        stock.release(reference=order.number, now=now)

"""Paying a refund back at PortOne: once, also when its answer is lost, asked twice, or somebody was quicker."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from commerce.checkout import refunding
from commerce.orders import services as orders
from commerce.orders.models import Order
from commerce.payments import refunds
from commerce.payments.gateway import (
    BankAccount,
    Gateway,
    GatewayPayment,
    GatewayRefund,
    GatewayTrouble,
    GatewayUnreachable,
    LeftChanged,
    PaymentUnknown,
)
from commerce.payments.models import Payment, Refund
from commerce.payments.states import RefundKind, RefundState, Requester

logger = logging.getLogger(__name__)
PATIENCE = timedelta(minutes=3)  # PortOne works on a minute or so after we hung up; only then we ask again
_ROUNDS = 3  # how often what is left may change under our hands
_CLOSED = (RefundState.SUCCEEDED, RefundState.ABANDONED)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wish:
    """What is asked of the provider. Amounts in won."""

    amount: int
    vat: int
    cancellable: int
    reason: str
    account: BankAccount | None
    by_customer: bool
    attempt: int


def execute_refund(*, refund_id: int, gateway: Gateway, now: datetime) -> RefundState:
    """Give the money of a refund back, once, however often and from wherever it is called.

    The provider's own list of cancellations is read first: what is ours there by id or by our mark is never
    asked for again. Then the refund is marked as asked, and only then the provider is asked; whoever comes in
    between waits. When the answer is lost the refund stays pending, and `reconcile_refunds` reads what came of it.

    Raises:
        GatewayTrouble: the provider could not be asked; try again.
    """
    for turn in range(_ROUNDS):
        refund = Refund.objects.select_related("payment").get(pk=refund_id)
        if refund.state in _CLOSED:
            return RefundState(refund.state)
        payment_id = refund.payment.payment_id
        found = gateway.fetch(payment_id=payment_id)
        wish = _prepare(refund_id, found, turn, now=now)
        if isinstance(wish, RefundState):
            return wish
        try:
            answer = _ask(gateway, payment_id, wish)
        except LeftChanged:
            _not_asked(refund_id, wish)
            continue
        except GatewayUnreachable:
            _not_asked(refund_id, wish)
            raise
        except GatewayTrouble as lost:
            logger.warning("the answer to refund %s was lost: %s", refund_id, lost)
            return RefundState.PENDING
        return _settle(refund_id, answer, wish, now=now)
    raise GatewayTrouble(f"what is left of payment {payment_id} keeps changing")


def reconcile_refunds(*, gateway: Gateway, now: datetime, limit: int = 100) -> int:
    """Ask what became of refunds that the provider is still working on; return how many have ended.

    Those that were asked for at its console are among them: the notice of their end may be lost.
    """
    waiting = Refund.objects.filter(state=RefundState.PENDING)
    oldest = waiting.order_by(F("payment__checked_at").asc(nulls_first=True), "requested_at", "pk")[:limit]
    return sum(_has_ended(refund, gateway=gateway, now=now) for refund in oldest)


@transaction.atomic(durable=True)
def _prepare(refund_id: int, found: GatewayPayment, turn: int, *, now: datetime) -> _Wish | RefundState:
    """Follow what the provider lists; return what to ask for, or the state when there is nothing to ask."""
    order, payment, refund = _lock(refund_id)
    moved = refunding.absorb(order=order, payment=payment, listed=found.refunds, now=now)
    refund.refresh_from_db()
    if refund.kind == RefundKind.EXTERNAL or refund.state in _CLOSED:
        return RefundState(refund.state)
    if refund.pk in {one.pk for one in moved} or _under_way(refund, now=now):
        return RefundState(refund.state)
    if (found.account or refunds.needs_account(payment=payment)) and not refund.account:
        return _wait_for_account(order, refund, now=now)
    busy = sum(one.amount for one in found.refunds if one.state == RefundState.PENDING)
    left = found.total - found.cancelled
    if left - busy < refund.amount:
        return _fail(order, refund, f"only {left - busy} won are left at the provider", now=now)
    reason = refunds.begin_attempt(refund=refund, now=now)
    orders.project_money(order=order)
    return _Wish(
        amount=refund.amount,
        vat=refund.vat,
        cancellable=left - busy if turn % 2 == 0 else left,  # PortOne does not say whether it counts those
        reason=reason,
        account=BankAccount(**refund.account) if refund.account else None,
        by_customer=refund.requester == Requester.CUSTOMER,
        attempt=refund.attempts,
    )


@transaction.atomic(durable=True)
def _settle(refund_id: int, answer: GatewayRefund, wish: _Wish, *, now: datetime) -> RefundState:
    order, payment, refund = _lock(refund_id)
    current = refund.state == RefundState.PENDING and refund.attempts == wish.attempt
    if answer.state == RefundState.FAILED and not answer.cancellation_id:
        return _fail(order, refund, answer.failure, now=now) if current else RefundState(refund.state)
    if current and not refund.cancellation_id:
        refunds.name(refund=refund, cancellation_id=answer.cancellation_id)
        if answer.state == RefundState.PENDING:
            refunds.accept(refund=refund, now=now)
    refunding.absorb(order=order, payment=payment, listed=[answer], now=now)
    refund.refresh_from_db()
    return RefundState(refund.state)


@transaction.atomic(durable=True)
def _not_asked(refund_id: int, wish: _Wish) -> None:
    _order, _payment, refund = _lock(refund_id)
    if refund.state == RefundState.PENDING and refund.attempts == wish.attempt:
        refunds.not_asked(refund=refund)


def _lock(refund_id: int) -> tuple[Order, Payment, Refund]:
    order_id = Refund.objects.values_list("payment__order_id", flat=True).get(pk=refund_id)
    order, payment = refunding.lock(order_id=order_id)
    refund = payment.refunds.select_for_update().get(pk=refund_id)
    return order, payment, refund


def _ask(gateway: Gateway, payment_id: str, wish: _Wish) -> GatewayRefund:
    return gateway.refund(
        payment_id=payment_id,
        amount=wish.amount,
        vat=wish.vat,
        cancellable=wish.cancellable,
        reason=wish.reason,
        account=wish.account,
        by_customer=wish.by_customer,
    )


def _under_way(refund: Refund, *, now: datetime) -> bool:
    if refund.state != RefundState.PENDING:
        return False
    return bool(refund.cancellation_id) or refund.asked_at is None or now - refund.asked_at < PATIENCE


def _wait_for_account(order: Order, refund: Refund, *, now: datetime) -> RefundState:
    if refund.state != RefundState.WAITING_FOR_ACCOUNT:
        refunds.wait_for_account(refund=refund, now=now)
        orders.raise_flag(order=order, why=refunding.WAITS, now=now)
        orders.project_money(order=order)
    return RefundState.WAITING_FOR_ACCOUNT


def _fail(order: Order, refund: Refund, why: str, *, now: datetime) -> RefundState:
    refunds.fail(refund=refund, why=why, now=now)
    orders.raise_flag(order=order, why=f"refund failed: {why}", now=now)
    orders.project_money(order=order)
    return RefundState.FAILED


def _has_ended(refund: Refund, *, gateway: Gateway, now: datetime) -> bool:
    if not Refund.objects.filter(pk=refund.pk, state=RefundState.PENDING).exists():
        return True  # told by the answer about another part; one that failed is not asked for again here
    try:
        return execute_refund(refund_id=refund.pk, gateway=gateway, now=now) != RefundState.PENDING
    except (GatewayTrouble, PaymentUnknown):
        logger.warning("refund %s could not be reconciled", refund.pk)
        return False
    except Exception:  # whatever it is, the others are not kept waiting for it
        logger.exception("refund %s cannot be reconciled", refund.pk)
        return False

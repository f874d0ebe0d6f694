"""Issuing and cancelling cash receipts at the provider, until what stands there is what must stand."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from commerce.checkout import refunding, window
from commerce.orders import services as orders
from commerce.orders.models import Order
from commerce.payments import receipts
from commerce.payments.gateway import Gateway, GatewayReceipt, GatewayTrouble, ReceiptRefused
from commerce.payments.models import CashReceipt
from commerce.payments.states import ReceiptKind, ReceiptState

_FLAG = "cash receipt"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """What must stand at the provider. `amount` in won; 0: nothing."""

    payment_id: str
    order_name: str
    kind: ReceiptKind
    number: str
    amount: int
    attempt: int


def settle_receipt(*, order_id: int, gateway: Gateway, now: datetime) -> ReceiptState | None:
    """Bring the cash receipt of an order to what it must be, however often it is called; None: it needs none.

    What stands at the provider is read first. A receipt over another sum than what is left of the payment is
    cancelled and issued anew: PortOne cancels a receipt only as a whole.

    Raises:
        ReceiptRefused: the provider will not; nothing was written.
        GatewayTrouble: the provider could not be asked, or somebody else settles it at the same time.
    """
    plan = _plan(order_id, now=now)
    if plan is None:
        return None
    found = gateway.receipt(payment_id=plan.payment_id)
    stands = found if found and found.state == ReceiptState.ISSUED else None
    if stands and stands.amount == plan.amount:
        return _write(order_id, plan, stands, now=now)
    if plan.amount and not plan.number:
        raise ReceiptRefused("the number that it goes to is no longer known")
    if stands:
        gateway.cancel_receipt(payment_id=plan.payment_id)
    if not plan.amount:
        return _write(order_id, plan, None, now=now)
    made = gateway.issue_receipt(
        payment_id=plan.payment_id,
        order_name=plan.order_name,
        amount=plan.amount,
        kind=plan.kind,
        number=plan.number,
    )
    return _write(order_id, plan, made, now=now)


@transaction.atomic(durable=True)
def give_up(*, order_id: int, why: str, now: datetime) -> None:
    """Write down that a receipt could not be settled, and ask staff to look."""
    order, payment = refunding.lock(order_id=order_id)
    row = receipts.of(payment=payment, now=now)
    if row is not None:
        receipts.failed(row=row, why=why, now=now)
        orders.raise_flag(order=order, why=f"{_FLAG}: {why}", now=now)


@transaction.atomic(durable=True)
def give_number(*, order_id: int, number: str, now: datetime) -> None:
    """Let the receipt of an order go to another number: digits of a mobile phone or a business registration."""
    _order, payment = refunding.lock(order_id=order_id)
    row = receipts.of(payment=payment, now=now)
    if row is not None and row.state in (ReceiptState.REQUESTED, ReceiptState.FAILED):
        receipts.give_number(row=row, number=number)


@transaction.atomic(durable=True)
def _plan(order_id: int, *, now: datetime) -> _Plan | None:
    order, payment = refunding.lock(order_id=order_id)
    row = receipts.of(payment=payment, now=now)
    if row is None or not payment.received:
        return None
    return _Plan(
        payment_id=payment.payment_id,
        order_name=window.order_name(lines=list(order.lines.all()), language=order.language),
        kind=ReceiptKind(row.kind),
        number=receipts.number_of(row=row, phone=order.phone),
        amount=receipts.due(payment=payment) if order.paid_at else 0,
        attempt=receipts.begin(row=row),
    )


@transaction.atomic(durable=True)
def _write(order_id: int, plan: _Plan, made: GatewayReceipt | None, *, now: datetime) -> ReceiptState:
    order, payment = refunding.lock(order_id=order_id)
    row = CashReceipt.objects.select_for_update().get(payment=payment)
    if row.attempts != plan.attempt:
        raise GatewayTrouble(f"the receipt of payment {plan.payment_id} is settled by somebody else")
    row.payment = payment
    before, stood, number = row.state, row.amount, row.issue_number
    if made:
        receipts.issued(row=row, found=made, now=now)
        if (stood, number) != (row.amount, row.issue_number):
            orders.tell(order=order, kind="receipt_issued", now=now, amount=row.amount)
    else:
        receipts.cancelled(row=row, now=now)
        if stood:
            orders.tell(order=order, kind="receipt_cancelled", now=now, amount=stood)
    if before == ReceiptState.FAILED:
        _lower_flag(order, now=now)
    return ReceiptState(row.state)


def _lower_flag(order: Order, *, now: datetime) -> None:
    if order.flag.startswith(f"{_FLAG}:"):
        orders.lower_flag(order=order, now=now)

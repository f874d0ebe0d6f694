"""What an order owes and what it got, from its rows; and what is wrong when stored sums say something else."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from commerce.orders.models import Order
from commerce.orders.states import PaymentStatus, Status
from commerce.payments.models import Payment, Refund
from commerce.payments.states import PaymentState, RefundState

_UNPAID = {
    PaymentState.OPEN: PaymentStatus.PENDING,
    PaymentState.PENDING: PaymentStatus.PENDING,
    PaymentState.FAILED: PaymentStatus.FAILED,
    PaymentState.AWAITING_DEPOSIT: PaymentStatus.AWAITING_DEPOSIT,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """Won. `owed`: what the shopper has to pay in the end; `returned`: back or on its way back."""

    owed: int
    received: int
    returned: int

    @property
    def due(self) -> int:
        """Return what is still to come: 0 for a paid order, negative when we keep what is not ours."""
        return self.owed - (self.received - self.returned)


def of(*, order: Order) -> Balance:
    """Return the balance of an order."""
    payment = order.payment
    returned = sum(refund.amount for refund in _live(payment))
    nothing_kept = order.status == Status.CANCELLED and order.paid_at is None
    return Balance(
        owed=0 if nothing_kept else order.total - returned, received=payment.received, returned=returned
    )


def payment_status(*, order: Order, payment: Payment) -> PaymentStatus:
    """Return where the money of an order is."""
    if not payment.received:
        unpaid = _UNPAID.get(PaymentState(payment.state), PaymentStatus.PENDING)
        return PaymentStatus.VOID if order.status == Status.CANCELLED else unpaid
    refunds = _live(payment)
    if sum(refund.amount for refund in refunds) < payment.received:  # what stays is still to be delivered
        return PaymentStatus.PARTLY_REFUNDED if refunds else PaymentStatus.PAID
    arrived = all(refund.state == RefundState.SUCCEEDED for refund in refunds)
    return PaymentStatus.REFUNDED if arrived else PaymentStatus.REFUNDING


def out_of_balance(*, chunk: int = 500) -> Iterator[tuple[Order, list[str]]]:
    """Yield every order whose stored sums do not agree with its rows, and what is wrong; reads every order."""
    rows = Order.objects.order_by("pk").select_related("payment")
    rows = rows.prefetch_related("lines", "payment__refunds__lines")
    for order in rows.iterator(chunk_size=chunk):
        problems = list(wrong(order=order))
        if problems:
            yield order, problems


def wrong(*, order: Order) -> Iterator[str]:
    """Yield what does not add up in an order, in words for staff; nothing when all is well."""
    yield from _wrong_sums(order)
    yield from _wrong_refunds(order)
    balance = of(order=order)
    settled = order.paid_at is not None or order.status == Status.CANCELLED
    if settled and balance.due:
        yield f"{balance.due} won are due"
    if not settled and balance.received != balance.returned:
        yield f"{balance.received} won came and nobody took them"
    status = payment_status(order=order, payment=order.payment)
    if order.payment_status != status:
        yield f"payment status {order.payment_status} instead of {status}"


def _wrong_sums(order: Order) -> Iterator[str]:
    goods = sum(line.total for line in order.lines.all())
    if goods != order.items_total:
        yield f"goods {order.items_total} instead of {goods}"
    if order.items_total + order.shipping_total - order.discount_total != order.total:
        yield f"total {order.total} is not the sum of its parts"
    if order.payment.amount != order.total:
        yield f"payment over {order.payment.amount} instead of {order.total}"


def _wrong_refunds(order: Order) -> Iterator[str]:
    refunds = _live(order.payment)
    back = sum(refund.amount for refund in refunds if refund.state == RefundState.SUCCEEDED)
    if back != order.payment.cancelled_amount:
        yield f"given back {order.payment.cancelled_amount} instead of {back}"
    if sum(refund.amount for refund in refunds) > order.payment.received:
        yield "more is refunded than was received"
    for refund in refunds:
        if sum(line.amount for line in refund.lines.all()) != refund.goods_amount:
            yield f"refund {refund.pk}: goods {refund.goods_amount} are not the sum of its lines"
    yield from _wrong_units(order, refunds)


def _wrong_units(order: Order, refunds: list[Refund]) -> Iterator[str]:
    units: Counter[int] = Counter()
    for refund in refunds:
        for line in refund.lines.all():
            units[line.order_line_id] += line.quantity
    for ordered in order.lines.all():
        if units[ordered.pk] > ordered.quantity:
            yield f"line {ordered.pk}: {units[ordered.pk]} of {ordered.quantity} units refunded"


def _live(payment: Payment) -> list[Refund]:
    return [refund for refund in payment.refunds.all() if refund.state != RefundState.ABANDONED]

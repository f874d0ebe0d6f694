"""What pages and mails read of orders."""

import re
from collections.abc import Sequence

from django.db.models import Q, QuerySet

from commerce.orders.models import Order, OrderLine, TimelineEntry
from commerce.payments.models import CashReceipt, Payment
from commerce.rows import hold, read_each

_ITS = "order_id = (SELECT id FROM commerce_order WHERE token = %s)"
_OF_ITS_MONEY = f"payment_id = (SELECT id FROM commerce_payment WHERE {_ITS})"


def by_token(*, token: str) -> Order | None:
    """Return the order whose page has this address, with lines, timeline, payment and receipt; one message."""
    found, payments, lines, receipts, entries = read_each(
        (Order, "token = %s", [token]),
        (Payment, _ITS, [token]),
        (OrderLine, f"{_ITS} ORDER BY id", [token]),
        (CashReceipt, _OF_ITS_MONEY, [token]),
        (TimelineEntry, f"{_ITS} ORDER BY at, id", [token]),
    )
    order = _paid_for(found, payments)
    if order:
        hold(order, lines=lines, timeline=entries)
        hold(order.payment, receipt=next(iter(receipts), None))
    return order


def to_pay(*, token: str, lines: bool = False) -> Order | None:
    """Return the order whose page has this address with its payment, for those who only ask about money; one message."""
    goods = [(OrderLine, f"{_ITS} ORDER BY id", [token])] if lines else []
    found, payments, *rows = read_each((Order, "token = %s", [token]), (Payment, _ITS, [token]), *goods)
    order = _paid_for(found, payments)
    if order and lines:
        hold(order, lines=rows[0])
    return order


def _paid_for(found: Sequence[Order], payments: Sequence[Payment]) -> Order | None:
    """Return an order that knows its payment, and the payment its order; every order has one."""
    if not found:
        return None
    (order,), (payment,) = found, payments
    hold(payment, order=order)
    hold(order, payment=payment)
    return order


def by_id(*, order_id: int) -> Order:
    """Return an order with lines, timeline and payment.

    Raises:
        Order.DoesNotExist: there is none.
    """
    return _whole().get(pk=order_id)


def look_up(*, number: str, contact: str) -> Order | None:
    """Return a guest's order by its number and the phone or e-mail that it was ordered with."""
    contact = contact.strip()
    digits = re.sub(r"\D", "", contact)
    who = Q(email__iexact=contact) if "@" in contact else Q(phone=digits) & ~Q(phone="")
    return _whole().filter(who, number=_number(number)).first()


def _number(text: str) -> str:
    compact = re.sub(r"[^0-9A-Z]", "", text.upper())
    return f"{compact[:8]}-{compact[8:]}"


def _whole() -> QuerySet[Order]:
    return Order.objects.select_related("payment__receipt").prefetch_related("lines", "timeline")

"""What pages and mails read of orders."""

import re

from django.db.models import Q, QuerySet

from commerce.orders.models import Order, OrderLine, TimelineEntry
from commerce.payments.models import CashReceipt, Payment
from commerce.rows import hold, one, read


def by_token(*, token: str) -> Order | None:
    """Return the order whose page has this address, with lines, timeline, payment and receipt."""
    order = to_pay(token=token, lines=True)
    if order:
        receipt = next(iter(read(CashReceipt, "payment_id = %s", order.payment.pk)), None)
        hold(order.payment, receipt=receipt)
        hold(order, timeline=read(TimelineEntry, "order_id = %s ORDER BY at, id", order.pk))
    return order


def to_pay(*, token: str, lines: bool = False) -> Order | None:
    """Return the order whose page has this address with its payment, for those who only ask about money."""
    order = next(iter(read(Order, "token = %s", token)), None)
    if order is None:
        return None
    payment = one(Payment, "order_id = %s", order.pk)
    hold(payment, order=order)
    hold(order, payment=payment)
    if lines:
        hold(order, lines=read(OrderLine, "order_id = %s ORDER BY id", order.pk))
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

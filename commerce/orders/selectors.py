"""What pages and mails read of orders."""

import re

from django.db.models import Q, QuerySet

from commerce.orders.models import Order


def by_token(*, token: str) -> Order | None:
    """Return the order whose page has this address, with lines, timeline and payment."""
    return _whole().filter(token=token).first()


def to_pay(*, token: str, lines: bool = False) -> Order | None:
    """Return the order whose page has this address with its payment, for those who only ask about money."""
    orders = Order.objects.select_related("payment")
    return (orders.prefetch_related("lines") if lines else orders).filter(token=token).first()


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
    return Order.objects.select_related("payment").prefetch_related("lines", "timeline")

"""Give orders that were placed as a guest to the customer who placed them."""

from datetime import datetime

from django.db import transaction

from commerce.customers.models import User
from commerce.orders import services as orders
from commerce.orders.models import Order


class UnableToClaim(Exception):
    """The order stays whose it was."""


class OthersOrder(UnableToClaim):
    """It is a customer's already, or was placed with another e-mail address."""


@transaction.atomic
def claim_order(*, customer_id: int, token: str, now: datetime) -> Order:
    """Give a guest's order to a customer who has its page and the address that it was placed with.

    The page alone is not enough, since it may have been passed on; nor is the address alone, while nobody proved
    it: for that see `claim_guest_orders`. Asked again, it is the customer's already.

    Raises:
        OthersOrder: nothing was changed.
    """
    user = User.objects.get(pk=customer_id)
    order = Order.objects.select_for_update().filter(token=token).first()
    if order is None or order.customer_id not in (None, customer_id):
        raise OthersOrder(token)
    if order.customer_id is None:
        if order.email.lower() != user.email.lower():
            raise OthersOrder(token)
        orders.give_to(order=order, customer_id=customer_id, how="page", now=now)
    return order


@transaction.atomic
def claim_guest_orders(*, customer_id: int, email: str, now: datetime) -> int:
    """Give a customer every guest's order that was placed with an e-mail address; return how many.

    Only for an address that this customer proved to be theirs: whoever may read its mail has the orders' pages.
    """
    rows = Order.objects.select_for_update().filter(customer=None, email__iexact=email).order_by("pk")
    found = list(rows) if email else []
    for order in found:
        orders.give_to(order=order, customer_id=customer_id, how="address", now=now)
    return len(found)

"""Give orders that were placed as a guest to the customer who placed them."""

import uuid
from datetime import datetime

from django.db import transaction

from commerce.cart.models import Cart
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


def may_keep(*, order: Order, cart_token: uuid.UUID | None) -> bool:
    """Return whether a browser that carries a cart's token placed this guest's order, so that it may keep it.

    So it is also while the account that keeps it is not confirmed: nobody learns from an order whether its address has one.
    """
    return (
        cart_token is not None
        and (order.customer_id is None or awaits_proof(order=order))
        and Cart.objects.filter(pk=order.cart_id or 0, token=cart_token, customer=None).exists()
    )


def awaits_proof(*, order: Order) -> bool:
    """Return whether an order is kept by an account into which nobody has got yet: to everybody it is a guest's."""
    return User.objects.filter(pk=order.customer_id or 0, last_login=None, is_active=True).exists()


@transaction.atomic
def keep_order(*, customer_id: int, token: str, cart_token: uuid.UUID | None, now: datetime) -> Order:
    """Give a guest's order to the account that was made for it just now, by the browser that placed it.

    Its address is not proven yet; other orders of the address wait for that (`claim_guest_orders`).

    Raises:
        OthersOrder: it is a customer's, another address's, or this browser did not place it; nothing was changed.
    """
    user = User.objects.get(pk=customer_id)
    order = Order.objects.select_for_update().filter(token=token, customer=None).first()
    if order is None or order.email.lower() != user.email.lower():
        raise OthersOrder(token)
    if not may_keep(order=order, cart_token=cart_token):
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

"""Order again: what is still sold goes into the cart, and the rest is named."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from commerce.cart import selectors as carts_read
from commerce.cart import services as carts
from commerce.cart.models import Cart
from commerce.orders.models import Order, OrderLine


@dataclass(slots=True, kw_only=True)
class Reordered:
    """What became of each line: its title, with its options."""

    cart: Cart | None = None
    added: list[str] = field(default_factory=list)
    fewer: list[str] = field(default_factory=list)  # not as many as then
    missing: list[str] = field(default_factory=list)  # off sale, sold out, or the cart holds enough of it


@transaction.atomic
def reorder(*, order: Order, token: uuid.UUID | None, customer_id: int | None, now: datetime) -> Reordered:
    """Put the lines of an order into the shopper's cart once more, at today's prices.

    Where fewer are left than were ordered, as many as there are. Nothing is refused: the result says what could not
    be had.
    """
    done = Reordered()
    for line in order.lines.all():
        token = _again(line, done, token=token, customer_id=customer_id, now=now)
    return done


def _again(
    line: OrderLine, done: Reordered, *, token: uuid.UUID | None, customer_id: int | None, now: datetime
) -> uuid.UUID | None:
    title = f"{line.title} ({line.option_text})" if line.option_text else line.title
    try:
        done.cart = carts.add(
            token=token, sku=line.sku, quantity=line.quantity, now=now, customer_id=customer_id
        )
        done.added.append(title)
    except carts.NotEnough as short:
        room = short.available - _held(done.cart, token, customer_id, line.sku)
        if room < 1:
            done.missing.append(title)
            return token
        done.cart = carts.add(token=token, sku=line.sku, quantity=room, now=now, customer_id=customer_id)
        done.fewer.append(title)
    except carts.UnableToChangeCart:
        done.missing.append(title)
    return done.cart.token if done.cart else token


def _held(cart: Cart | None, token: uuid.UUID | None, customer_id: int | None, sku: str) -> int:
    owned = Cart.objects.filter(customer_id=customer_id, ordered_at=None).first() if customer_id else None
    found = cart or owned or (None if customer_id else carts_read.find(token=token))
    line = found.lines.filter(variant__sku=sku).first() if found else None
    return line.quantity if line else 0

"""What pages read of a cart."""

import uuid
from dataclasses import dataclass

from django.db.models import Sum

from commerce.cart.models import Cart, CartLine


@dataclass(frozen=True, slots=True)
class RawLine:
    """A line as stored: what was put in, and at which price it was last shown (won per unit)."""

    variant_id: int
    quantity: int
    price_shown: int


def count(*, token: uuid.UUID | None) -> int:
    """Return how many units lie in the cart."""
    if token is None:
        return 0
    total = CartLine.objects.filter(cart__token=token, cart__ordered_at=None).aggregate(Sum("quantity"))
    return int(total["quantity__sum"] or 0)


def find(*, token: uuid.UUID | None) -> Cart | None:
    """Return the open cart with that token."""
    return Cart.objects.filter(token=token, ordered_at=None).first() if token else None


def lines(*, cart_id: int) -> list[RawLine]:
    """Return the lines of a cart in the order in which they were added."""
    rows = CartLine.objects.filter(cart_id=cart_id).order_by("added_at", "pk")
    return [RawLine(row.variant_id, row.quantity, row.price_shown) for row in rows]

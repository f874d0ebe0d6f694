"""Change a cart. A refusal says how many there are, so that the page can tell the shopper."""

import uuid
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from commerce.cart.models import MAX_QUANTITY, Cart, CartLine
from commerce.catalog import prices
from commerce.catalog import selectors as catalog
from commerce.catalog.models import Variant
from commerce.events import outbox, types
from commerce.rows import insert


class UnableToChangeCart(Exception):
    """The cart stays as it was."""


class NotForSale(UnableToChangeCart):
    """The variant does not exist or is off sale."""


class NotEnough(UnableToChangeCart):
    """Fewer units are left than wanted."""

    def __init__(self, available: int) -> None:
        super().__init__(f"{available} left")
        self.available = available


class TooMany(UnableToChangeCart):
    """More than a cart line may hold."""

    limit = MAX_QUANTITY


@transaction.atomic
def add(*, token: uuid.UUID | None, sku: str, quantity: int, now: datetime) -> Cart:
    """Put `quantity` units into the cart, on top of what lies there; starts a cart when there is none.

    Raises:
        NotForSale, NotEnough, TooMany: nothing was changed.
        ValueError: the quantity is not positive.
    """
    if quantity < 1:
        raise ValueError("quantity must be positive")
    variant = _sellable(sku)
    cart = _open_cart(token)
    line = cart.lines.filter(variant=variant).first() if cart else None
    total = (line.quantity if line else 0) + quantity
    _check(variant, total)
    fresh = cart or Cart(created_at=now, changed_at=now)
    if cart is None:
        insert(rows=[fresh])
    _write(fresh, line, variant, total, now=now)
    if cart:
        _touch(cart, now=now)
    return fresh


@transaction.atomic
def fill(*, token: uuid.UUID, quantities: Mapping[str, int], now: datetime) -> None:
    """Let the cart with that token hold exactly these units by SKU, for a machine that orders.

    Starts the cart when there is none; one whose order is placed stays as it is. Stock is not looked at:
    whoever places the order learns what is short.

    Raises:
        NotForSale, TooMany: nothing was changed.
        ValueError: a quantity is not positive.
    """
    if any(units < 1 for units in quantities.values()):
        raise ValueError("quantity must be positive")
    if max(quantities.values(), default=0) > MAX_QUANTITY:
        raise TooMany
    variants = catalog.sellable(skus=quantities)
    for sku in quantities:
        if sku not in variants:
            raise NotForSale(sku)
    Cart.objects.bulk_create([Cart(token=token, created_at=now, changed_at=now)], ignore_conflicts=True)
    cart = _open_cart(token)
    if cart is None:
        return
    cart.lines.all().delete()
    CartLine.objects.bulk_create(
        CartLine(
            cart=cart,
            variant=variants[sku],
            quantity=units,
            price_shown=prices.effective(variants[sku], now=now),
            added_at=now,
        )
        for sku, units in quantities.items()
    )
    _touch(cart, now=now)


@transaction.atomic
def discard(*, token: uuid.UUID) -> None:
    """Remove a cart from which nothing was ordered."""
    cart = _open_cart(token)
    if cart:
        cart.delete()


@transaction.atomic
def change(*, token: uuid.UUID | None, sku: str, quantity: int, now: datetime) -> None:
    """Set the quantity of a line; 0 takes it out.

    Raises:
        NotForSale, NotEnough, TooMany: nothing was changed.
        ValueError: the quantity is negative.
    """
    if quantity < 0:
        raise ValueError("quantity must not be negative")
    if quantity == 0:
        remove(token=token, sku=sku, now=now)
        return
    cart = _open_cart(token)
    line = cart.lines.filter(variant__sku=sku).first() if cart else None
    if cart is None or line is None:
        raise NotForSale(sku)
    variant = _sellable(sku)
    _check(variant, quantity)
    _write(cart, line, variant, quantity, now=now)
    _touch(cart, now=now)


@transaction.atomic
def remove(*, token: uuid.UUID | None, sku: str, now: datetime) -> int:
    """Take a line out and return how many units it held, so that it can be put back; 0 when it was gone."""
    cart = _open_cart(token)
    line = cart.lines.filter(variant__sku=sku).first() if cart else None
    if cart is None or line is None:
        return 0
    line.delete()
    _touch(cart, now=now)
    _tell(cart, sku, before=line.quantity, after=0, now=now)
    return line.quantity


def _open_cart(token: uuid.UUID | None) -> Cart | None:
    return Cart.objects.select_for_update().filter(token=token, ordered_at=None).first() if token else None


def _sellable(sku: str) -> Variant:
    variant = catalog.sellable(skus=[sku]).get(sku)
    if variant is None:
        raise NotForSale(sku)
    return variant


def _check(variant: Variant, quantity: int) -> None:
    if quantity > MAX_QUANTITY:
        raise TooMany
    available = max(variant.stock.available, 0)
    if quantity > available:
        raise NotEnough(available)


def _write(cart: Cart, line: CartLine | None, variant: Variant, quantity: int, *, now: datetime) -> None:
    """Write a line of a cart that nobody else can change: it is locked, or was made just now."""
    before = line.quantity if line else 0
    price = prices.effective(variant, now=now)
    if line is None:
        new = CartLine(cart=cart, variant=variant, quantity=quantity, price_shown=price, added_at=now)
        insert(rows=[new])
    else:
        line.quantity, line.price_shown = quantity, price
        line.save(update_fields=["quantity", "price_shown"])
    _tell(cart, variant.sku, before=before, after=quantity, now=now)


def _tell(cart: Cart, sku: str, *, before: int, after: int, now: datetime) -> None:
    if before != after:
        outbox.record(
            types.CartChanged(
                cart_id=cart.pk, sku=sku, quantity_before=before, quantity_after=after, occurred_at=now
            )
        )


def _touch(cart: Cart, *, now: datetime) -> None:
    cart.changed_at = now
    cart.save(update_fields=["changed_at"])

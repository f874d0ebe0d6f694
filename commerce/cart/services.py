"""Change a cart. A refusal says how many there are, so that the page can tell the shopper."""

import uuid
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from commerce.cart.models import MAX_QUANTITY, Cart, CartLine
from commerce.catalog import prices
from commerce.catalog import selectors as catalog
from commerce.catalog.models import Variant
from commerce.customers.models import User
from commerce.events import outbox, types
from commerce.inventory import selectors as inventory
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
def add(
    *, token: uuid.UUID | None, sku: str, quantity: int, now: datetime, customer_id: int | None = None
) -> Cart:
    """Put `quantity` units into the cart, on top of what lies there; starts a cart when there is none.

    A customer has one open cart: it is taken or started whatever `token` says.

    Raises:
        NotForSale, NotEnough, TooMany: nothing was changed.
        ValueError: the quantity is not positive.
    """
    if quantity < 1:
        raise ValueError("quantity must be positive")
    variant = _sellable(sku)
    cart = cart_of(customer_id=customer_id) if customer_id else _open_cart(token)
    line = cart.lines.filter(variant=variant).first() if cart else None
    total = (line.quantity if line else 0) + quantity
    _check(variant, total, held=_held(line))
    fresh = cart or Cart(customer_id=customer_id, created_at=now, changed_at=now)
    if cart is None:
        insert(rows=[fresh])
    _write(fresh, line, variant, total, now=now)
    if cart:
        _touch(cart, now=now)
    return fresh


@transaction.atomic
def add_held(*, token: uuid.UUID | None, sku: str, hold: str, now: datetime) -> Cart:
    """Put a unit that the inventory keeps under `hold` into the cart; starts a cart when there is none.

    A line that has it already stays as it is.

    Raises:
        NotForSale, TooMany: nothing was changed.
    """
    variant = _sellable(sku)
    cart = _open_cart(token)
    line = cart.lines.filter(variant=variant).first() if cart else None
    if cart and line and line.hold == hold:
        return cart
    total = (line.quantity if line else 0) + 1
    if total > MAX_QUANTITY:
        raise TooMany
    fresh = cart or Cart(created_at=now, changed_at=now)
    if cart is None:
        insert(rows=[fresh])
    _write(fresh, line, variant, total, now=now)
    fresh.lines.filter(variant=variant).update(hold=hold)
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
    _check(variant, quantity, held=_held(line))
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


def cart_of(*, customer_id: int) -> Cart | None:
    """Lock a customer's account, so that nobody starts a second cart, and the open cart; return that."""
    list(User.objects.select_for_update(no_key=True).filter(pk=customer_id).values_list("pk"))
    return Cart.objects.select_for_update().filter(customer_id=customer_id, ordered_at=None).first()


def _open_cart(token: uuid.UUID | None) -> Cart | None:
    return Cart.objects.select_for_update().filter(token=token, ordered_at=None).first() if token else None


def _sellable(sku: str) -> Variant:
    variant = catalog.sellable(skus=[sku]).get(sku)
    if variant is None:
        raise NotForSale(sku)
    return variant


def _held(line: CartLine | None) -> int:
    """Return how many units the inventory keeps for a line."""
    if line is None or not line.hold:
        return 0
    return inventory.held(reference=line.hold).get(line.variant_id, 0)


def _check(variant: Variant, quantity: int, *, held: int = 0) -> None:
    if quantity > MAX_QUANTITY:
        raise TooMany
    available = max(variant.stock.available, 0) + held
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

"""When somebody signs in, what a guest put into the cart joins what lay in the customer's own."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from commerce.cart.models import MAX_QUANTITY, Cart, CartLine
from commerce.cart.services import cart_of
from commerce.catalog.models import Variant
from commerce.events import outbox, types
from commerce.inventory.models import StockItem


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """What became of a guest's cart: `added` lines came along, `capped` SKUs hold less than both carts together did."""

    added: int = 0
    capped: tuple[str, ...] = ()


@transaction.atomic
def take_over(*, token: uuid.UUID | None, customer_id: int, now: datetime) -> Merged:
    """Let a guest's open cart become, or join, the customer's; asked again, nothing happens.

    A line of both carts holds the units of both, but not more than are left and than a line may hold, and never
    fewer than the customer had put in before. The guest's token leads nowhere afterwards: whoever still has the
    cookie does not see the customer's cart.
    """
    if token is None:
        return Merged()
    own = cart_of(customer_id=customer_id)
    guest = Cart.objects.select_for_update().filter(token=token, ordered_at=None, customer=None).first()
    if guest is None:
        return Merged()
    lines = list(guest.lines.select_related("variant").order_by("variant_id"))
    merged = _join(own, lines, now=now) if own else _adopt(guest, customer_id, lines, now=now)
    cart = own or guest
    outbox.record(
        types.CartMerged(
            cart_id=cart.pk, customer_id=customer_id, from_cart_id=guest.pk, lines=len(lines), occurred_at=now
        )
    )
    if own:
        guest.delete()
    return merged


def _adopt(guest: Cart, customer_id: int, lines: list[CartLine], *, now: datetime) -> Merged:
    guest.customer_id, guest.token, guest.changed_at = customer_id, uuid.uuid4(), now
    guest.save(update_fields=["customer_id", "token", "changed_at"])
    return Merged(added=len(lines))


def _join(own: Cart, lines: list[CartLine], *, now: datetime) -> Merged:
    known = {line.variant_id: line for line in own.lines.all()}
    left = _left({line.variant_id for line in lines})
    capped = []
    for line in lines:
        before = known.get(line.variant_id)
        had = before.quantity if before else 0
        wanted = had + line.quantity
        units = max(had, min(wanted, MAX_QUANTITY, left[line.variant_id]), 1)
        if units < wanted:
            capped.append(line.variant.sku)
        _write(own, before, line, units, now=now)
        if units != had:
            outbox.record(_changed(own, line.variant, had, units, now))
    own.changed_at = now
    own.save(update_fields=["changed_at"])
    return Merged(added=len(lines), capped=tuple(capped))


def _left(variant_ids: set[int]) -> dict[int, int]:
    """Return how many units of each may be ordered; the page of the cart says what is sold out."""
    items = {item.variant_id: item for item in StockItem.objects.filter(variant_id__in=variant_ids)}
    return {key: max(items[key].available, 0) if key in items else 0 for key in variant_ids}


def _write(own: Cart, before: CartLine | None, line: CartLine, units: int, *, now: datetime) -> None:
    if before:
        before.quantity, before.price_shown = units, line.price_shown
        before.save(update_fields=["quantity", "price_shown"])
        return
    CartLine.objects.create(
        cart=own, variant_id=line.variant_id, quantity=units, price_shown=line.price_shown, added_at=now
    )


def _changed(cart: Cart, variant: Variant, before: int, after: int, now: datetime) -> types.CartChanged:
    return types.CartChanged(
        cart_id=cart.pk, sku=variant.sku, quantity_before=before, quantity_after=after, occurred_at=now
    )

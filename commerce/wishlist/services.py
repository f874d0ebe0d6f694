"""Put products on wishlists and take them off; a guest's list joins the account's at sign-in."""

import uuid
from datetime import datetime, timedelta

from django.db import transaction

from commerce.catalog.models import Product
from commerce.events import outbox, types
from commerce.wishlist import selectors
from commerce.wishlist.models import MOST, Wishlist, WishlistItem

KEPT = timedelta(days=180)  # a guest's list that nobody touched for so long is forgotten


class UnableToWish(Exception):
    """Nothing was changed."""


class NoProduct(UnableToWish):
    """The product is not on sale."""


class Full(UnableToWish):
    """The list holds as much as a list may."""

    limit = MOST


@transaction.atomic
def add(*, token: uuid.UUID | None, customer_id: int | None = None, slug: str, now: datetime) -> Wishlist:
    """Put a product on a list; starts the list when there is none. What is there already stays there once.

    Raises:
        NoProduct, Full: nothing was changed.
    """
    product = Product.objects.filter(slug=slug, listed=True).only("pk", "key").first()
    if product is None:
        raise NoProduct(slug)
    wishlist = _locked(token, customer_id) or _start(customer_id, now=now)
    if wishlist.items.filter(product=product).exists():
        return wishlist
    if wishlist.items.count() >= MOST:
        raise Full
    WishlistItem.objects.create(wishlist=wishlist, product=product, added_at=now)
    _tell(wishlist, product, added=True, now=now)
    return wishlist


@transaction.atomic
def remove(*, token: uuid.UUID | None, customer_id: int | None = None, slug: str, now: datetime) -> bool:
    """Take a product off a list; return False when it was not on it."""
    wishlist = _locked(token, customer_id)
    item = wishlist.items.filter(product__slug=slug).select_related("product").first() if wishlist else None
    if wishlist is None or item is None:
        return False
    item.delete()
    _tell(wishlist, item.product, added=False, now=now)
    return True


@transaction.atomic
def merge(*, token: uuid.UUID, customer_id: int, now: datetime) -> int:
    """Move what is on a guest's list to a customer's, who then has both; return how many were new.

    What would be too much stays out, the oldest first. A list that belongs to an account is nobody else's.
    """
    guests = Wishlist.objects.select_for_update().filter(token=token, customer=None).first()
    if guests is None:
        return 0
    own = _locked(None, customer_id) or _start(customer_id, now=now)
    known = set(own.items.values_list("product", flat=True))
    room = MOST - len(known)
    new = [item for item in guests.items.select_related("product") if item.product_id not in known][:room]
    for item in new:
        WishlistItem.objects.create(wishlist=own, product=item.product, added_at=item.added_at)
        _tell(own, item.product, added=True, now=now)
    guests.delete()
    return len(new)


def forget(*, now: datetime, limit: int = 1_000) -> int:
    """Delete lists of guests that nobody touched for long; return how many."""
    old = Wishlist.objects.filter(customer=None, changed_at__lt=now - KEPT).order_by("changed_at")[:limit]
    keys = [row.pk for row in old]
    Wishlist.objects.filter(pk__in=keys).delete()
    return len(keys)


def _locked(token: uuid.UUID | None, customer_id: int | None) -> Wishlist | None:
    found = selectors.find(token=token, customer_id=customer_id)
    return Wishlist.objects.select_for_update().filter(pk=found.pk).first() if found else None


def _start(customer_id: int | None, *, now: datetime) -> Wishlist:
    if customer_id is None:
        return Wishlist.objects.create(created_at=now, changed_at=now)
    row, _new = Wishlist.objects.get_or_create(
        customer_id=customer_id, defaults={"created_at": now, "changed_at": now}
    )
    return Wishlist.objects.select_for_update().get(pk=row.pk)


def _tell(wishlist: Wishlist, product: Product, *, added: bool, now: datetime) -> None:
    wishlist.changed_at = now
    wishlist.save(update_fields=["changed_at"])
    outbox.record(
        types.WishlistChanged(wishlist_id=wishlist.pk, product_key=product.key, added=added, occurred_at=now)
    )

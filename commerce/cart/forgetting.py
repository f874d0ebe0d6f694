"""Carts of guests that nobody comes back to: the cookie that leads to them is gone before they are."""

from datetime import datetime, timedelta

from commerce.cart.models import Cart

KEPT = timedelta(days=60)  # a browser carries its cart for thirty days


def forget_carts(*, now: datetime, batch: int = 1000) -> int:
    """Delete open carts of guests that were last changed `KEPT` ago; return how many. Customers' carts stay."""
    total = 0
    while True:
        old = Cart.objects.filter(customer=None, ordered_at=None, changed_at__lt=now - KEPT).order_by("pk")
        keys = list(old.values_list("pk", flat=True)[:batch])
        Cart.objects.filter(pk__in=keys, ordered_at=None).delete()
        total += len(keys)
        if len(keys) < batch:
            return total

"""What somebody likes and may buy later. `services.py` is the only writer."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

MOST = 200  # products on one list


class Wishlist(models.Model):
    """A list; a guest's browser knows it by a signed cookie with the token, a customer's belongs to the account."""

    token = models.UUIDField(unique=True, default=uuid.uuid4)
    customer = models.OneToOneField(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="wishlist"
    )
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["changed_at"], name="wishlist_of_guests", condition=Q(customer=None)),
        ]

    def __str__(self) -> str:
        return str(self.token)


class WishlistItem(models.Model):
    """A product on a list."""

    wishlist = models.ForeignKey(Wishlist, on_delete=models.CASCADE, related_name="items")
    product = models.ForeignKey("commerce.Product", on_delete=models.CASCADE, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["-added_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["wishlist", "product"], name="wishlist_item_once")]

    def __str__(self) -> str:
        return f"{self.wishlist_id}: {self.product_id}"

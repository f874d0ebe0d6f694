"""What a shopper means to buy. Prices here are what was last shown, never the truth."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

MAX_QUANTITY = 99


class Cart(models.Model):
    """A cart; a guest's browser knows it by a signed cookie with the token, a customer's by who is signed in."""

    token = models.UUIDField(unique=True, default=uuid.uuid4)
    customer = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="carts", db_index=False
    )  # None: a guest's
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    ordered_at = models.DateTimeField(
        null=True
    )  # set once its order is placed; the shopper then gets a new cart

    class Meta:
        indexes = [
            models.Index(fields=["customer"], name="cart_of_customer", condition=Q(customer__isnull=False))
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["customer"],
                condition=Q(ordered_at=None, customer__isnull=False),
                name="cart_one_open_each",
            )
        ]

    def __str__(self) -> str:
        return str(self.token)


class CartLine(models.Model):
    """One variant in a cart."""

    cart = models.ForeignKey(Cart, on_delete=models.CASCADE, related_name="lines")
    variant = models.ForeignKey("commerce.Variant", on_delete=models.PROTECT, related_name="+")
    quantity = models.PositiveIntegerField()
    price_shown = models.PositiveIntegerField()  # won per unit when the shopper last saw it
    added_at = models.DateTimeField()
    # The reference under which the inventory keeps units for this line; empty: it takes what is free.
    hold = models.CharField(max_length=40, blank=True, default="", db_default="")

    class Meta:
        ordering = ["added_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["cart", "variant"], name="cart_line_once"),
            models.CheckConstraint(
                condition=Q(quantity__gte=1, quantity__lte=MAX_QUANTITY), name="cart_line_quantity"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.variant_id}"

"""The life of an order on one screen, and the two projections beside it."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    PLACED = "placed", _("Placed")
    PAID = "paid", _("Paid")
    FULFILLED = "fulfilled", _("Delivered")
    CANCELLED = "cancelled", _("Cancelled")


class PaymentStatus(models.TextChoices):
    """Where the money is: a projection of payment and refunds, written by `services.project_money` alone."""

    PENDING = "pending", _("Waiting for payment")
    AWAITING_DEPOSIT = "awaiting_deposit", _("Waiting for deposit")
    FAILED = "failed", _("Payment failed")
    PAID = "paid", _("Paid")
    PARTLY_REFUNDED = "partly_refunded", _("Partly refunded")
    REFUNDING = "refunding", _("Being refunded")
    REFUNDED = "refunded", _("Refunded")
    VOID = "void", _("Nothing paid")


class FulfilmentStatus(models.TextChoices):
    """How far the parcels are."""

    WAITING = "waiting", _("Not yet prepared")
    PREPARING = "preparing", _("Being prepared")
    PARTLY_SHIPPED = "partly_shipped", _("Partly sent")
    SHIPPED = "shipped", _("On its way")
    DELIVERED = "delivered", _("Delivered")


IN_THE_SHOP = frozenset({FulfilmentStatus.WAITING, FulfilmentStatus.PREPARING})  # nothing was sent yet

NEXT: dict[Status, frozenset[Status]] = {
    Status.PLACED: frozenset({Status.PAID, Status.CANCELLED}),
    Status.PAID: frozenset({Status.FULFILLED, Status.CANCELLED}),
    Status.FULFILLED: frozenset(),
    Status.CANCELLED: frozenset(),
}


class IllegalTransition(Exception):
    """An order was asked to go where its state does not lead."""

    def __init__(self, number: str, current: str, wanted: str) -> None:
        super().__init__(f"order {number} cannot go from {current} to {wanted}")


def check(*, number: str, current: str, wanted: Status) -> None:
    """Refuse a step that the table does not have.

    Raises:
        IllegalTransition: `wanted` does not follow `current`.
    """
    if wanted not in NEXT[Status(current)]:
        raise IllegalTransition(number, current, wanted)

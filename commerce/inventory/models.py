"""How many there are. `stock.py` and `stockroom.py` alone write it; the constraints make overselling impossible.

Two stores of units, never mixed (docs/adr/0007): the shelf (`reserved` of `on_hand`) and what is still to come
(`owed` of `backorder_limit`). Every promise knows how much of it comes from which.
"""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class StockItem(models.Model):
    """The stock of one variant: what lies on the shelf, what is to come, and how much of each is promised."""

    variant = models.OneToOneField("commerce.Variant", on_delete=models.PROTECT, related_name="stock")
    on_hand = models.PositiveIntegerField(_("on hand"), default=0)
    reserved = models.PositiveIntegerField(_("promised"), default=0)  # of the shelf, to orders not yet paid
    backorder_limit = models.PositiveIntegerField(_("backorder"), default=0)  # sold before they are here
    owed = models.PositiveIntegerField(_("owed"), default=0)  # of the limit, to orders paid or not
    ships_on = models.DateField(
        _("ships on"), null=True, blank=True
    )  # preorder: when the owed units are sent
    doubt = models.CharField(_("in doubt"), max_length=200, blank=True)  # what the nightly check found wrong

    class Meta:
        verbose_name = _("stock item")
        verbose_name_plural = _("stock")
        constraints = [
            models.CheckConstraint(condition=Q(reserved__lte=F("on_hand")), name="stock_not_oversold"),
            models.CheckConstraint(condition=Q(owed__lte=F("backorder_limit")), name="stock_not_overowed"),
        ]

    def __str__(self) -> str:
        return f"{self.variant_id}: {self.on_hand} − {self.reserved}, {self.backorder_limit} − {self.owed}"

    @property
    def available(self) -> int:
        """Return how many can still be promised."""
        return self.on_shelf + self.to_come

    @property
    def on_shelf(self) -> int:
        """Return how many can be promised and sent at once."""
        return self.on_hand - self.reserved

    @property
    def to_come(self) -> int:
        """Return how many more can be promised before they are here."""
        return self.backorder_limit - self.owed

    def ships_after(self, *, today: date) -> date | None:
        """Return the day on which owed units are sent; None when only their arrival decides."""
        return self.ships_on if self.ships_on and self.ships_on >= today else None


AVAILABLE = F("on_hand") - F("reserved") + F("backorder_limit") - F("owed")  # `available`, for queries


class Reservation(models.Model):
    """Units promised to an order until `expires_at`; `reference` is the order's number."""

    class State(models.TextChoices):
        HELD = "held", _("held")
        SOLD = "sold", _("sold")
        RELEASED = "released", _("released")

    item = models.ForeignKey(StockItem, on_delete=models.PROTECT, related_name="reservations")
    reference = models.CharField(max_length=40)
    quantity = models.PositiveIntegerField()
    owed = models.PositiveIntegerField(default=0)  # of the quantity: not here yet
    state = models.CharField(max_length=10, choices=State.choices, default=State.HELD)
    expires_at = models.DateTimeField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "reference"], name="reservation_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="reservation_positive"),
            models.CheckConstraint(condition=Q(owed__lte=F("quantity")), name="reservation_owes_its_own"),
        ]
        indexes = [
            models.Index(fields=["reference"], name="reservation_reference"),
            models.Index(fields=["item", "id"], name="reservation_waiting", condition=Q(owed__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.reference}: {self.quantity}"


class StockMovement(models.Model):
    """One change of a stock item, for ever: a trigger refuses to change or delete it.

    The sums of the differences are the item's numbers.
    """

    class Kind(models.TextChoices):
        RECEIVED = "received", _("received")
        RESERVED = "reserved", _("reserved")
        RELEASED = "released", _("released")
        SOLD = "sold", _("sold")
        RETURNED = "returned", _("returned")
        ADJUSTED = "adjusted", _("adjusted")
        FILLED = "filled", _("given to a waiting order")
        TERMS = "terms", _("backorder terms")

    item = models.ForeignKey(StockItem, on_delete=models.PROTECT, related_name="movements")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    on_hand_difference = models.IntegerField(default=0)
    reserved_difference = models.IntegerField(default=0)
    owed_difference = models.IntegerField(default=0)
    limit_difference = models.IntegerField(default=0)
    ships_on = models.DateField(null=True)  # with `terms`: the day that was set
    reference = models.CharField(max_length=40, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    actor = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["item", "-at"], name="movement_history")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(
                    on_hand_difference=0, reserved_difference=0, owed_difference=0, limit_difference=0
                )
                | Q(kind__in=["terms", "sold"]),  # a day was set; every unit was owed
                name="movement_moves_something",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.on_hand_difference:+d}/{self.reserved_difference:+d}/{self.owed_difference:+d}"

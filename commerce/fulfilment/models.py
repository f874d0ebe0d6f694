"""Parcels: who carries them, what is in them, when they left and arrived. `services.py` is the only writer."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from commerce.fulfilment import tracking


class Courier(models.Model):
    """A company that carries parcels, and where a shopper follows one."""

    code = models.SlugField(_("code"), unique=True)
    name_ko = models.CharField(_("name (Korean)"), max_length=40)
    name_en = models.CharField(_("name (English)"), max_length=40)
    tracking_url = models.CharField(
        _("tracking address"),
        max_length=300,
        validators=[tracking.check_address],
        help_text=_("https only; {n} stands for the tracking number."),
    )
    digits_min = models.PositiveSmallIntegerField(_("digits, at least"), default=8)  # of a tracking number
    digits_max = models.PositiveSmallIntegerField(_("digits, at most"), default=20)
    active = models.BooleanField(_("active"), default=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("courier")
        verbose_name_plural = _("couriers")
        constraints = [
            models.CheckConstraint(
                condition=Q(digits_min__gte=1) & Q(digits_max__gte=F("digits_min")) & Q(digits_max__lte=30),
                name="courier_digits",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """Return the name in the reader's language."""
        return self.name_ko if (get_language() or "ko").startswith("ko") else self.name_en


class Shipment(models.Model):
    """A parcel that was handed to a courier."""

    class Arrival(models.TextChoices):
        """How we know that it arrived."""

        STAFF = "staff", _("The shop said so")
        SHOPPER = "shopper", _("The shopper said so")
        ASSUMED = "assumed", _("Nobody said otherwise in time")

    class Purpose(models.TextChoices):
        """Why a parcel was sent. Only the first kind counts towards what was ordered."""

        ORDER = "order", _("Ordered goods")
        REPLACEMENT = "replacement", _("Replacement")
        BACK = "back", _("Sent back to the customer")

    order = models.ForeignKey("commerce.Order", on_delete=models.PROTECT, related_name="shipments")
    courier = models.ForeignKey(
        Courier, on_delete=models.PROTECT, related_name="+", verbose_name=_("courier")
    )
    tracking_number = models.CharField(_("tracking number"), max_length=30)  # digits only
    shipped_at = models.DateTimeField(_("sent"))
    delivered_at = models.DateTimeField(_("delivered"), null=True, blank=True)
    arrival = models.CharField(max_length=10, choices=Arrival.choices, blank=True)
    purpose = models.CharField(
        max_length=12, choices=Purpose.choices, default=Purpose.ORDER, db_default=Purpose.ORDER.value
    )

    class Meta:
        ordering = ["shipped_at", "pk"]
        verbose_name = _("parcel")
        verbose_name_plural = _("parcels")
        indexes = [
            models.Index(fields=["courier", "tracking_number"], name="shipment_number"),
            models.Index(fields=["shipped_at"], name="shipment_under_way", condition=Q(delivered_at=None)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(tracking_number__regex=r"^[0-9]{1,30}$"), name="shipment_number_digits"
            ),
            models.CheckConstraint(
                condition=Q(delivered_at=None, arrival="") | Q(delivered_at__isnull=False) & ~Q(arrival=""),
                name="shipment_arrival_known",
            ),
            models.CheckConstraint(
                condition=Q(delivered_at=None) | Q(delivered_at__gte=F("shipped_at")),
                name="shipment_arrives_after_leaving",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.courier_id} {self.tracking_number}"

    @property
    def address(self) -> str:
        """Return where the parcel can be followed."""
        return tracking.address(template=self.courier.tracking_url, number=self.tracking_number)


class ShipmentLine(models.Model):
    """So many units of an order line lie in a parcel."""

    shipment = models.ForeignKey(Shipment, on_delete=models.CASCADE, related_name="lines")
    line = models.ForeignKey("commerce.OrderLine", on_delete=models.PROTECT, related_name="shipped")
    quantity = models.PositiveIntegerField(_("quantity"))
    # what lies in it when it is not the option that was ordered; empty: as ordered
    option_text = models.CharField(max_length=255, blank=True, db_default="")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["shipment", "line"], name="shipment_line_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="shipment_line_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.line_id}"

"""Returns and exchanges of what was delivered. `services.py` is the only writer."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from commerce.claims.states import FeePaid, Kind, Outcome, Reason, State
from commerce.fulfilment import tracking
from commerce.fulfilment.models import Courier


class Claim(models.Model):
    """What a shopper wants to give back, and what became of it."""

    order = models.ForeignKey("commerce.Order", on_delete=models.PROTECT, related_name="claims")
    key = models.UUIDField(unique=True, default=uuid.uuid4)  # of the form: sent twice, it is one claim
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.REQUESTED)
    reason = models.CharField(_("reason"), max_length=20, choices=Reason.choices)
    text = models.TextField(_("description"), max_length=1000, blank=True)
    shopper_pays = models.BooleanField(_("the customer pays the way back"))
    reply = models.CharField(_("reply"), max_length=500, blank=True)  # what staff answers the shopper
    requested_at = models.DateTimeField(_("requested"))
    decided_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(null=True)  # three business days for the refund begin, Act §18(2)
    settled_at = models.DateTimeField(null=True)
    refund = models.OneToOneField(
        "commerce.Refund", null=True, on_delete=models.PROTECT, related_name="claim"
    )
    courier = models.ForeignKey("commerce.Courier", null=True, on_delete=models.PROTECT, related_name="+")
    tracking_number = models.CharField(max_length=30, blank=True)  # of replacements before they were parcels
    shipment = models.OneToOneField(
        "commerce.Shipment", null=True, on_delete=models.PROTECT, related_name="claim"
    )  # the replacement, or the goods of a refused claim on their way back
    noticed_on = models.DateField(null=True)  # when the shopper saw what is wrong: thirty days, Act §17(3)
    fee = models.PositiveBigIntegerField(
        default=0, db_default=0
    )  # won: both ways of an exchange that is hers
    fee_paid = models.CharField(max_length=10, choices=FeePaid.choices, blank=True, default="", db_default="")

    class Meta:
        verbose_name = _("return or exchange")
        verbose_name_plural = _("returns and exchanges")
        ordering = ["-requested_at", "-pk"]
        indexes = [
            models.Index(
                fields=["requested_at"],
                name="claim_open",
                condition=Q(state__in=["requested", "approved", "received"]),
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["received", "settled"]) | Q(received_at__isnull=False),
                name="claim_received_known",
            ),
            models.CheckConstraint(
                condition=Q(state="settled", settled_at__isnull=False)
                | ~Q(state="settled") & Q(settled_at=None),
                name="claim_settled_known",
            ),
            models.CheckConstraint(
                condition=~Q(state="settled")
                | Q(refund__isnull=False, courier=None)
                | Q(kind="exchange", refund=None) & (Q(courier__isnull=False) | Q(shipment__isnull=False)),
                name="claim_settled_once",
            ),
            models.CheckConstraint(
                condition=Q(courier=None, tracking_number="")
                | Q(courier__isnull=False) & Q(tracking_number__regex=r"^[0-9]{1,30}$"),
                name="claim_replacement_number",
            ),
            models.CheckConstraint(
                condition=Q(received_at=None) | Q(received_at__gte=F("requested_at")),
                name="claim_comes_after_it_was_asked_for",
            ),
            models.CheckConstraint(
                condition=Q(shipment=None)
                | Q(state="settled")
                | Q(state="rejected", received_at__isnull=False),
                name="claim_parcel_of_what_came",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def waits_for_way_back(self) -> bool:
        """Return whether refused goods lie here that are the shopper's."""
        return self.state == State.REJECTED and self.received_at is not None and self.shipment_id is None

    @property
    def carrier(self) -> Courier | None:
        """Return who carries the replacement, or the refused goods back."""
        return self.shipment.courier if self.shipment else self.courier

    @property
    def parcel_number(self) -> str:
        """Return the tracking number of that parcel."""
        return self.shipment.tracking_number if self.shipment else self.tracking_number

    @property
    def tracking_page(self) -> str:
        """Return where that parcel can be followed."""
        if self.carrier is None:
            return ""
        return tracking.address(template=self.carrier.tracking_url, number=self.parcel_number)


class ClaimLine(models.Model):
    """Units of an order's line that are claimed, and what lay in the parcel."""

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="lines")
    order_line = models.ForeignKey("commerce.OrderLine", on_delete=models.PROTECT, related_name="claims")
    quantity = models.PositiveIntegerField(_("quantity"))
    wanted = models.ForeignKey(
        "commerce.Variant", null=True, on_delete=models.PROTECT, related_name="+"
    )  # the option to send instead; None: the same again
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome.choices, blank=True)
    restocked = models.BooleanField(default=False)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="claim_line_positive"),
            models.UniqueConstraint(fields=["claim", "order_line"], name="claim_line_once"),
            models.CheckConstraint(
                condition=Q(restocked=False) | Q(outcome="ok"), name="claim_line_only_good_ones_restocked"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.order_line_id}"


class ClaimPhoto(models.Model):
    """A picture that the shopper sent; the file lies in the private storage under a random name."""

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="photos")
    name = models.CharField(max_length=80, unique=True)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name

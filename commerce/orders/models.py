"""What was agreed with a shopper: copies of names, prices and addresses, never links to what may change."""

import secrets

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from commerce.orders.states import IN_THE_SHOP, FulfilmentStatus, PaymentStatus, Status


def new_token() -> str:
    """Return the unguessable part of an order page's address (192 bits)."""
    return secrets.token_urlsafe(24)


class Order(models.Model):
    """An order. All amounts are won, VAT included."""

    number = models.CharField(
        _("number"), max_length=20, unique=True
    )  # 20261124-7F3K9Q: readable, not guessable
    token = models.CharField(max_length=40, unique=True, default=new_token)
    cart = models.OneToOneField("commerce.Cart", null=True, on_delete=models.PROTECT, related_name="order")
    customer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="orders",
        verbose_name=_("customer"),
        db_index=False,
    )  # None: a guest's
    language = models.CharField(_("language"), max_length=5, default="ko")

    status = models.CharField(_("status"), max_length=12, choices=Status.choices, default=Status.PLACED)
    payment_status = models.CharField(
        _("payment"), max_length=20, choices=PaymentStatus.choices, default=PaymentStatus.PENDING
    )
    fulfilment_status = models.CharField(
        _("fulfilment"), max_length=20, choices=FulfilmentStatus.choices, default=FulfilmentStatus.WAITING
    )
    flag = models.CharField(_("needs attention"), max_length=200, blank=True)  # why staff must look at it

    email = models.EmailField(_("e-mail"))
    name = models.CharField(_("name"), max_length=60)
    phone = models.CharField(_("phone"), max_length=13)  # digits only
    recipient_name = models.CharField(_("recipient"), max_length=60)
    recipient_phone = models.CharField(_("recipient's phone"), max_length=13)
    postcode = models.CharField(_("postcode"), max_length=5)
    address1 = models.CharField(_("address"), max_length=200)
    address2 = models.CharField(_("address detail"), max_length=200, blank=True)
    delivery_note = models.CharField(_("delivery request"), max_length=200, blank=True)

    shipping_name = models.CharField(max_length=80)
    # What was agreed about delivery, in won: the fee of a parcel, and from which goods on it is free.
    parcel_fee = models.PositiveBigIntegerField(default=0, db_default=0)
    free_from = models.PositiveBigIntegerField(null=True)
    items_total = models.PositiveBigIntegerField(_("goods"))
    shipping_total = models.PositiveBigIntegerField(_("shipping"))
    shipping_surcharge = models.PositiveBigIntegerField(_("surcharge"), default=0)  # of it: for a remote area
    discount_total = models.PositiveBigIntegerField(_("discount"), default=0)
    # of the discount: points that paid for goods
    points_total = models.PositiveBigIntegerField(_("points used"), default=0, db_default=0)
    total = models.PositiveBigIntegerField(_("total"))
    vat = models.PositiveBigIntegerField(_("VAT included"))

    terms_version = models.CharField(max_length=20)  # the text that the shopper agreed to
    placed_at = models.DateTimeField(_("placed"))
    pay_until = models.DateTimeField()  # stock is kept until then
    paid_at = models.DateTimeField(_("paid at"), null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)  # 구매확정
    # Returns and exchanges under way: while there is one, no purchase is confirmed.
    open_claims = models.PositiveSmallIntegerField(default=0, db_default=0)

    class Meta:
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        ordering = ["-placed_at"]
        indexes = [
            models.Index(fields=["-placed_at"], name="order_recent"),
            models.Index(fields=["pay_until"], name="order_unpaid", condition=Q(status="placed")),
            models.Index(fields=["paid_at"], name="order_to_ship", condition=Q(status="paid")),
            models.Index(
                fields=["id"], name="order_to_confirm", condition=Q(status="fulfilled", confirmed_at=None)
            ),
            models.Index(fields=["phone"], name="order_phone"),
            models.Index(fields=["email"], name="order_email"),
            models.Index(
                fields=["customer", "-placed_at"],
                name="order_of_customer",
                condition=Q(customer__isnull=False),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(total=F("items_total") + F("shipping_total") - F("discount_total")),
                name="order_balances",
            ),
            models.CheckConstraint(
                condition=Q(shipping_surcharge__lte=F("shipping_total")), name="order_surcharge_is_shipping"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at=None) | Q(status="fulfilled"), name="order_confirmed_after_delivery"
            ),
            models.CheckConstraint(
                condition=Q(points_total__lte=F("discount_total")), name="order_points_are_discount"
            ),
        ]
        permissions = [
            ("view_personal_data", "Can see names, addresses, phones and e-mails of customers"),
            ("export_order", "Can download lists of orders"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def reduction(self) -> int:
        """Return what was taken off besides points, in won."""
        return self.discount_total - self.points_total

    @property
    def holds_everything(self) -> bool:
        """Return whether it is paid, nothing of it left the shop and no money went back.

        So the projections said when it was read: a page need not look for parcels, refunds and claims that
        cannot be there. Whoever acts on it asks the rows.
        """
        in_shop = self.fulfilment_status in IN_THE_SHOP
        return self.status == Status.PAID and self.payment_status == PaymentStatus.PAID and in_shop

    @property
    def is_late(self) -> bool:
        """Return whether something of it was not here when it was ordered."""
        return any(line.late for line in self.lines.all())


class OrderLine(models.Model):
    """One variant of an order, as it was called and cost when it was ordered."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="lines")
    variant = models.ForeignKey("commerce.Variant", on_delete=models.PROTECT, related_name="+")
    sku = models.CharField(_("SKU"), max_length=64)
    title = models.CharField(_("product"), max_length=255)
    option_text = models.CharField(_("option"), max_length=255, blank=True)
    picture = models.JSONField(default=dict)
    slug = models.CharField(max_length=255)
    unit_price = models.PositiveBigIntegerField(_("price"))
    quantity = models.PositiveIntegerField(_("quantity"))
    late = models.PositiveIntegerField(default=0)  # units that were not here when it was ordered
    ships_on = models.DateField(null=True, blank=True)  # the day on which those were promised to be sent
    total = models.PositiveBigIntegerField(_("total"))
    vat = models.PositiveBigIntegerField(_("VAT included"))

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(total=F("unit_price") * F("quantity")), name="order_line_balances"
            ),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="order_line_positive"),
            models.CheckConstraint(condition=Q(late__lte=F("quantity")), name="order_line_late"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.sku}"


class TimelineEntry(models.Model):
    """One act on an order: what, when, by whom."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="timeline")
    kind = models.CharField(
        max_length=40
    )  # placed, paid, payment_failed, deposit_awaited, cancelled, refunded …
    at = models.DateTimeField()
    actor = models.CharField(max_length=80)
    data = models.JSONField(default=dict)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d %H:%M}"

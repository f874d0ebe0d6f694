"""Coupons (쿠폰): what the shop offers, each person's right to use it once, and what was taken off an order with it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

LONGEST_CODE = 20


class Coupon(models.Model):
    """What the shop offers. Once somebody has a ticket, its terms were promised: see `changing`. Sums in won."""

    class Kind(models.TextChoices):
        FIXED = "fixed", _("Fixed sum")
        PERCENT = "percent", _("Per cent of the goods")

    title_ko = models.CharField(_("title (Korean)"), max_length=60)
    title_en = models.CharField(_("title (English)"), max_length=60)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    value = models.PositiveBigIntegerField(_("what it takes off"))  # won, or per cent of the goods
    most = models.PositiveBigIntegerField(_("at most (won)"), null=True, blank=True)  # per cent only
    least = models.PositiveBigIntegerField(_("from so many won of goods"), default=0)
    # letters and digits that give whoever enters them a ticket
    code = models.CharField(_("code"), max_length=LONGEST_CODE, null=True, blank=True, unique=True)
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    lives_days = models.PositiveSmallIntegerField(_("days a ticket lives"), null=True, blank=True)
    issue_limit = models.PositiveIntegerField(_("how many are given out"), null=True, blank=True)
    issued = models.PositiveIntegerField(_("given out"), default=0)  # one statement counts and compares
    on_joining = models.BooleanField(_("for new members"), default=False)
    offered_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("coupon")
        verbose_name_plural = _("coupons")
        ordering = ["-offered_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(value__gt=0) & (Q(kind="fixed") | Q(kind="percent", value__lte=100)),
                name="coupon_value",
            ),
            models.CheckConstraint(
                condition=Q(most=None) | Q(kind="percent", most__gt=0), name="coupon_most"
            ),
            models.CheckConstraint(condition=Q(starts_at__lt=F("ends_at")), name="coupon_begins_first"),
            models.CheckConstraint(
                condition=Q(lives_days=None) | Q(lives_days__gt=0), name="coupon_lives_a_day"
            ),
            models.CheckConstraint(
                condition=Q(issue_limit=None) | Q(issued__lte=F("issue_limit")), name="coupon_not_overissued"
            ),
            models.CheckConstraint(
                condition=Q(code=None) | Q(code__regex=r"^[A-Z0-9]{4,20}$"), name="coupon_code_plain"
            ),
        ]

    def __str__(self) -> str:
        return self.title_ko

    def title(self, language: str) -> str:
        """Return what it is called in a language."""
        return self.title_ko if language.startswith("ko") else self.title_en


class CouponTicket(models.Model):
    """One person's right to use a coupon once. Rows are never deleted: who left is taken out of them."""

    coupon = models.ForeignKey(Coupon, on_delete=models.PROTECT, related_name="tickets")
    customer = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="coupons"
    )
    cause = models.CharField(max_length=60)  # `code`, `joined`, `staff:…`: once for each
    given_by = models.CharField(max_length=80, blank=True)  # who of the shop did it
    issued_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        ordering = ["ends_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["coupon", "customer", "cause"], name="coupon_once_per_cause")
        ]

    def __str__(self) -> str:
        return f"ticket {self.pk} of coupon {self.coupon_id}"

    @property
    def taken_back(self) -> bool:
        """Return whether the shop took it back: no other one ends when it was given."""
        return self.ends_at <= self.issued_at


class CouponUse(models.Model):
    """A ticket took so many won off an order. A trigger lets nobody change it, except that it is given back once."""

    ticket = models.ForeignKey(CouponTicket, on_delete=models.PROTECT, related_name="uses", db_index=False)
    order = models.OneToOneField("commerce.Order", on_delete=models.PROTECT, related_name="coupon_use")
    amount = models.PositiveBigIntegerField()  # won
    used_at = models.DateTimeField()
    returned_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-used_at", "-pk"]
        indexes = [models.Index(fields=["ticket", "-used_at"], name="coupon_uses")]
        constraints = [
            models.UniqueConstraint(
                fields=["ticket"], condition=Q(returned_at=None), name="coupon_ticket_used_once"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="coupon_use_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.amount} off order {self.order_id}"

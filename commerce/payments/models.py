"""A projection of what PortOne says, and the inbox of what it told us."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from commerce.payments.states import PaymentState, RefundState


class Payment(models.Model):
    """The payment of an order. One `payment_id` may be tried many times and succeeds once."""

    order = models.OneToOneField("commerce.Order", on_delete=models.PROTECT, related_name="payment")
    payment_id = models.CharField(max_length=40, unique=True)
    amount = models.PositiveBigIntegerField()  # won
    currency = models.CharField(max_length=3, default="KRW")
    method = models.CharField(max_length=20)  # what the shopper chose: CARD, VIRTUAL_ACCOUNT, …
    state = models.CharField(max_length=20, choices=PaymentState.choices, default=PaymentState.OPEN)
    transaction_id = models.CharField(max_length=80, blank=True)
    provider = models.CharField(max_length=40, blank=True)
    method_detail = models.CharField(max_length=120, blank=True)  # "신한카드": for receipts
    account = models.JSONField(default=dict)  # virtual account: bank, number, holder, until
    failure = models.CharField(max_length=300, blank=True)
    cancelled_amount = models.PositiveBigIntegerField(default=0)  # won
    provider_changed_at = models.DateTimeField(null=True)
    checked_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField()
    window_at = models.DateTimeField(null=True)  # when its window was last opened
    paid_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(payment_id__regex=r"^[A-Za-z0-9]{6,40}$"), name="payment_id_for_every_provider"
            ),
            models.CheckConstraint(
                condition=Q(cancelled_amount__lte=F("amount")), name="payment_refund_bounded"
            ),
        ]
        indexes = [
            models.Index(
                fields=["opened_at"],
                name="payment_unsettled",
                condition=Q(state__in=["open", "pending", "failed", "awaiting_deposit"]),
            )
        ]

    def __str__(self) -> str:
        return self.payment_id


class PaymentNotice(models.Model):
    """A verified webhook, kept as it came. Unique, so a repetition changes nothing."""

    provider = models.CharField(max_length=20, default="portone")
    notice_id = models.CharField(max_length=120)
    kind = models.CharField(max_length=60)
    payment_id = models.CharField(max_length=80, blank=True)
    body = models.TextField()
    received_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["provider", "notice_id"], name="payment_notice_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.payment_id}"


class PaymentComparison(models.Model):
    """What a comparison of a day's payments with the provider's list found; no differences is the usual result."""

    since = models.DateTimeField()
    until = models.DateTimeField()
    at = models.DateTimeField(_("compared"))
    checked = models.PositiveIntegerField(_("payments"))
    differences = models.JSONField(_("differences"), default=list)  # see `comparison.Difference`

    class Meta:
        verbose_name = _("payment comparison")
        verbose_name_plural = _("payment comparisons")
        ordering = ["-since"]
        constraints = [models.UniqueConstraint(fields=["since", "until"], name="payment_comparison_once")]

    def __str__(self) -> str:
        return f"{self.since:%Y-%m-%d}: {len(self.differences)}"


class Refund(models.Model):
    """Money that goes back. Written before PortOne is asked, so that a crash in between is seen."""

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="refunds")
    amount = models.PositiveBigIntegerField()  # won
    reason = models.CharField(_("reason"), max_length=200)
    state = models.CharField(max_length=10, choices=RefundState.choices, default=RefundState.REQUESTED)
    cancellation_id = models.CharField(max_length=80, blank=True)
    failure = models.CharField(max_length=300, blank=True)
    requested_at = models.DateTimeField()
    completed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="refund_positive")]

    def __str__(self) -> str:
        return f"{self.amount} ({self.state})"

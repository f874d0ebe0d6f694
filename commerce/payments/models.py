"""A projection of what PortOne says, and the inbox of what it told us."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from commerce.payments.states import (
    PaymentState,
    ReceiptKind,
    ReceiptState,
    RefundKind,
    RefundState,
    Requester,
)


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
    received = models.PositiveBigIntegerField(
        default=0, db_default=0
    )  # won that came, whatever became of them
    cancelled_amount = models.PositiveBigIntegerField(default=0)  # won: the sum of the refunds that succeeded
    provider_changed_at = models.DateTimeField(null=True)
    checked_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField()
    window_at = models.DateTimeField(null=True)  # when its window was last opened
    paid_at = models.DateTimeField(null=True)
    confirming_at = models.DateTimeField(null=True)  # manual approval: when we last said that money may move

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(payment_id__regex=r"^[A-Za-z0-9]{6,40}$"), name="payment_id_for_every_provider"
            ),
            models.CheckConstraint(
                condition=Q(cancelled_amount__lte=F("received")), name="payment_refund_bounded"
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
    """Money that goes back and why. Written before PortOne is asked, so that a crash in between is seen.

    Won, VAT included: amount = goods (the sum of its lines) + shipping + goodwill − fee. `points` go back besides it.
    """

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="refunds")
    cause = models.CharField(max_length=80)  # what asked for it: asked again, it is the same refund
    kind = models.CharField(max_length=10, choices=RefundKind.choices, default=RefundKind.OURS)
    requester = models.CharField(max_length=10, choices=Requester.choices, default=Requester.SYSTEM)
    amount = models.PositiveBigIntegerField()
    goods_amount = models.PositiveBigIntegerField(default=0)
    shipping_amount = models.PositiveBigIntegerField(default=0)
    goodwill_amount = models.PositiveBigIntegerField(default=0)  # without a line, or not yet allocated to one
    fee = models.PositiveBigIntegerField(default=0)  # kept by the shop, for example for the way back
    points = models.PositiveBigIntegerField(default=0, db_default=0)  # to the customer's points
    vat = models.PositiveBigIntegerField(default=0)  # contained in the amount
    reason = models.CharField(_("reason"), max_length=200)
    state = models.CharField(max_length=20, choices=RefundState.choices, default=RefundState.REQUESTED)
    account = models.JSONField(default=dict)  # bank, number, holder; empty as soon as the money is back
    attempts = models.PositiveSmallIntegerField(default=0)  # how often PortOne was asked
    asked_at = models.DateTimeField(null=True)
    cancellation_id = models.CharField(max_length=80, blank=True)
    failure = models.CharField(max_length=300, blank=True)
    requested_at = models.DateTimeField()
    completed_at = models.DateTimeField(null=True)
    allocated_at = models.DateTimeField(null=True)  # when staff said what a refund of the console was for

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0) | Q(points__gt=0), name="refund_gives"),
            models.CheckConstraint(
                condition=Q(
                    amount=F("goods_amount") + F("shipping_amount") + F("goodwill_amount") - F("fee")
                ),
                name="refund_adds_up",
            ),
            models.CheckConstraint(condition=Q(vat__lte=F("amount")), name="refund_vat_inside"),
            models.CheckConstraint(
                condition=~Q(state__in=["succeeded", "abandoned"]) | Q(account={}),
                name="refund_account_forgotten",
            ),
            models.UniqueConstraint(fields=["payment", "cause"], name="refund_once_per_cause"),
            models.UniqueConstraint(
                fields=["payment", "cancellation_id"],
                condition=~Q(cancellation_id=""),
                name="refund_once_per_cancellation",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} ({self.state})"


class RefundLine(models.Model):
    """Units of an order's line whose money goes back; `amount` is what was paid for them, in won."""

    refund = models.ForeignKey(Refund, on_delete=models.CASCADE, related_name="lines")
    order_line = models.ForeignKey("commerce.OrderLine", on_delete=models.PROTECT, related_name="refunds")
    quantity = models.PositiveIntegerField()
    amount = models.PositiveBigIntegerField()
    cancelled = models.BooleanField(default=False)  # they never left the shop and never will
    restocked = models.BooleanField(default=False)  # they lie on the shelf again

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="refund_line_positive"),
            models.UniqueConstraint(fields=["refund", "order_line"], name="refund_line_once"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.order_line_id}"


class CashReceipt(models.Model):
    """The cash receipt (현금영수증) of a payment by transfer or deposit; one at most stands at PortOne."""

    payment = models.OneToOneField(Payment, on_delete=models.PROTECT, related_name="receipt")
    kind = models.CharField(max_length=10, choices=ReceiptKind.choices)
    asked = models.BooleanField(default=False)  # False: the shop must issue it all the same
    number = models.CharField(max_length=13, blank=True)  # digits it goes to; forgotten as soon as it stands
    last_digits = models.CharField(max_length=4)
    own_phone = models.BooleanField(default=False)  # the number is the orderer's phone
    amount = models.PositiveBigIntegerField(default=0)  # won that the standing receipt is over
    state = models.CharField(max_length=10, choices=ReceiptState.choices, default=ReceiptState.REQUESTED)
    issue_number = models.CharField(max_length=80, blank=True)
    url = models.URLField(max_length=500, blank=True)
    failure = models.CharField(max_length=300, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    requested_at = models.DateTimeField()
    issued_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["issued", "cancelled"]) | Q(number=""),
                name="receipt_number_forgotten",
            ),
            models.CheckConstraint(
                condition=~Q(state="issued") | Q(amount__gt=0) & ~Q(issue_number=""),
                name="receipt_issued_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} ({self.state})"

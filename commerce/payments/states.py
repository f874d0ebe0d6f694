"""PortOne's states of a payment, and which may follow which: a late, older answer never undoes a newer one."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PaymentState(models.TextChoices):
    OPEN = "open", _("Open")  # nothing heard from PortOne yet, or the window is open
    PENDING = "pending", _("Being processed")
    FAILED = "failed", _("Failed")  # this attempt; another may follow under the same payment id
    AWAITING_DEPOSIT = "awaiting_deposit", _("Waiting for deposit")
    PAID = "paid", _("Paid")
    PARTLY_CANCELLED = "partly_cancelled", _("Partly refunded")
    CANCELLED = "cancelled", _("Refunded")


class RefundState(models.TextChoices):
    REQUESTED = "requested", _("Requested")
    WAITING_FOR_ACCOUNT = "waiting_for_account", _("Waiting for an account")
    PENDING = "pending", _("Being processed")  # PortOne was asked; it works on it, or its answer was lost
    SUCCEEDED = "succeeded", _("Refunded")
    FAILED = "failed", _("Failed")  # PortOne refused; staff tries again or gives it up
    ABANDONED = "abandoned", _("Given up")  # counts for nothing any more


class RefundKind(models.TextChoices):
    OURS = "ours", _("By the shop")
    EXTERNAL = "external", _("At PortOne's console")


class Requester(models.TextChoices):
    CUSTOMER = "customer", _("Customer")
    STAFF = "staff", _("Staff")
    SYSTEM = "system", _("Automatic")


class ReceiptKind(models.TextChoices):
    """What a cash receipt is good for."""

    PERSONAL = "personal", _("Income deduction")  # 소득공제
    CORPORATE = "corporate", _("Proof of business expense")  # 지출증빙


class ReceiptState(models.TextChoices):
    REQUESTED = "requested", _("Requested")
    ISSUED = "issued", _("Issued")
    CANCELLED = "cancelled", _("Cancelled")  # all the money went back
    FAILED = "failed", _("Failed")  # staff tries again


# Before money came any state may follow any other (attempts); afterwards only refunds lead on.
MONEY_IS_IN = frozenset({PaymentState.PAID, PaymentState.PARTLY_CANCELLED, PaymentState.CANCELLED})
_RANK = {PaymentState.PAID: 1, PaymentState.PARTLY_CANCELLED: 2, PaymentState.CANCELLED: 3}


def may_follow(*, current: str, wanted: PaymentState) -> bool:
    """Return whether a payment in `current` may become `wanted`."""
    return _RANK.get(wanted, 0) >= _RANK.get(PaymentState(current), 0)

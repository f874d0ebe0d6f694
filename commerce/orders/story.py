"""What an order's page says: where the order stands, and what happened to it, in words."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from commerce.orders.models import Order
from commerce.orders.states import FulfilmentStatus, PaymentStatus, Status
from commerce.payments.states import PaymentState


class Standing(StrEnum):
    """Where an order stands, as far as a shopper must know. The page has one head for each."""

    TO_PAY = "to_pay"
    CHECKING = "checking"  # a payment was tried and its outcome is not known yet
    FAILED = "failed"
    LATE = "late"  # the time to pay is over; it will be cancelled
    AWAITING_DEPOSIT = "awaiting_deposit"
    PAID = "paid"
    PARTLY_SHIPPED = "partly_shipped"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    UNPAID = "unpaid"  # cancelled, nothing was paid
    REFUNDING = "refunding"
    REFUNDED = "refunded"
    SUSPICIOUS = "suspicious"  # staff looks at it


@dataclass(frozen=True, slots=True)
class Step:
    """An entry of the timeline in words."""

    text: str | Promise
    at: datetime
    detail: str | Promise = ""


_STEPS: dict[str, str | Promise] = {
    "placed": _("Order placed"),
    "deposit_awaited": _("Account for your deposit issued"),
    "deposit_reminded": _("Reminded of the deposit"),
    "payment_failed": _("Payment failed"),
    "paid": _("Payment confirmed"),
    "preparing": _("Being prepared"),
    "shipped": _("Handed to the courier"),
    "replacement_shipped": _("Replacement handed to the courier"),
    "sent_back": _("Your goods were sent back to you"),
    "tracking_corrected": _("Tracking number corrected"),
    "taken_back": _("Parcel taken back: it had not left yet"),
    "delivered": _("Delivered"),
    "confirmed": _("Purchase confirmed"),
    "cancelled": _("Order cancelled"),
    "refund_requested": _("Refund accepted"),
    "refund_account_given": _("Account for the refund received"),
    "refunded": _("Money given back"),
    "receipt_issued": _("Cash receipt issued"),
    "receipt_cancelled": _("Cash receipt cancelled"),
    "claim_requested": _("Return or exchange requested"),
    "claim_withdrawn": _("Request withdrawn"),
    "claim_approved": _("Request approved"),
    "claim_rejected": _("Request refused"),
    "claim_received": _("Returned goods arrived"),
    "claim_settled": _("Return or exchange settled"),
}
_REASONS: dict[str, str | Promise] = {
    "not paid in time": _("It was not paid in time."),
    "sold out": _("The goods were sold out."),
    "payment mismatch": _("The payment did not match the order."),
    "cancelled by the shopper": _("You cancelled it."),
    "ordered by mistake": _("You cancelled it."),
    "another product": _("You cancelled it."),
    "takes too long": _("You cancelled it."),
    "change of mind": _("You changed your mind."),
}


def standing(*, order: Order, checking: bool, now: datetime) -> Standing:
    """Return where the order stands; `checking` when a payment was just tried."""
    if order.status == Status.CANCELLED:
        return _cancelled(order)
    if order.status != Status.PLACED:
        return _delivery(order)
    if order.payment_status == PaymentStatus.AWAITING_DEPOSIT:
        return Standing.AWAITING_DEPOSIT
    if order.flag:
        return Standing.SUSPICIOUS
    return _unpaid(order, checking=checking, now=now)


def steps(*, order: Order) -> list[Step]:
    """Return what happened, oldest first; what only staff must know is left out."""
    return [
        Step(text=_STEPS[entry.kind], at=entry.at, detail=_detail(entry.kind, entry.data))
        for entry in order.timeline.all()
        if entry.kind in _STEPS
    ]


def _cancelled(order: Order) -> Standing:
    return {
        PaymentStatus.REFUNDING: Standing.REFUNDING,
        PaymentStatus.REFUNDED: Standing.REFUNDED,
        PaymentStatus.PARTLY_REFUNDED: Standing.REFUNDED,
    }.get(PaymentStatus(order.payment_status), Standing.UNPAID)


def _delivery(order: Order) -> Standing:
    return {
        FulfilmentStatus.PARTLY_SHIPPED: Standing.PARTLY_SHIPPED,
        FulfilmentStatus.SHIPPED: Standing.SHIPPED,
        FulfilmentStatus.DELIVERED: Standing.DELIVERED,
    }.get(FulfilmentStatus(order.fulfilment_status), Standing.PAID)


def _unpaid(order: Order, *, checking: bool, now: datetime) -> Standing:
    if order.payment.state == PaymentState.PENDING or (checking and order.payment.state == PaymentState.OPEN):
        return Standing.CHECKING
    if order.pay_until <= now:
        return Standing.LATE
    return Standing.FAILED if order.payment_status == PaymentStatus.FAILED else Standing.TO_PAY


def _detail(kind: str, data: dict[str, Any]) -> str | Promise:
    reason = data.get("reason", "")
    if kind == "payment_failed":
        return str(reason)  # the card company's own words
    if kind == "cancelled":
        return _REASONS.get(reason, "")
    if data.get("how") == "assumed":
        return _("as nobody said otherwise in time")
    courier = data.get("courier", {}).get(get_language() or "ko", "")
    return f"{courier} {data.get('tracking', '')}".strip()

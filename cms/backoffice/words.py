"""The shop's states, acts and refusals in the words of the back office."""

import re
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.dateformat import format as date_format
from django.utils.functional import Promise
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _

from commerce.checkout.settling import Outcome
from commerce.inventory.models import StockMovement
from commerce.money import amounts
from commerce.orders.models import Order
from commerce.orders.states import IN_THE_SHOP, FulfilmentStatus, PaymentStatus, Status
from commerce.payments.states import RefundState

Words = str | Promise
SEOUL = ZoneInfo("Asia/Seoul")

TONES: dict[str, str] = {
    Status.PLACED: "calm",
    Status.PAID: "good",
    Status.FULFILLED: "good",
    Status.CANCELLED: "mute",
    PaymentStatus.PENDING: "calm",
    PaymentStatus.AWAITING_DEPOSIT: "wait",
    PaymentStatus.FAILED: "bad",
    PaymentStatus.PAID: "good",
    PaymentStatus.PARTLY_REFUNDED: "wait",
    PaymentStatus.REFUNDING: "wait",
    PaymentStatus.REFUNDED: "mute",
    PaymentStatus.VOID: "mute",
    FulfilmentStatus.WAITING: "mute",
    FulfilmentStatus.PREPARING: "wait",
    FulfilmentStatus.PARTLY_SHIPPED: "wait",
    FulfilmentStatus.SHIPPED: "calm",
    FulfilmentStatus.DELIVERED: "good",
}

REFUND_TONES: dict[str, str] = {
    RefundState.REQUESTED: "wait",
    RefundState.WAITING_FOR_ACCOUNT: "wait",
    RefundState.ABANDONED: "mute",
    RefundState.PENDING: "wait",
    RefundState.SUCCEEDED: "good",
    RefundState.FAILED: "bad",
}

STEPS: dict[str, Words] = {
    "placed": _("Order placed"),
    "paid": _("Payment confirmed"),
    "payment_failed": _("Payment failed"),
    "deposit_awaited": _("Account for the deposit issued"),
    "shipped": _("Parcel sent"),
    "replacement_shipped": _("Replacement sent"),
    "sent_back": _("Refused goods sent back"),
    "tracking_corrected": _("Tracking number corrected"),
    "taken_back": _("Parcel taken back"),
    "delivered": _("Parcel delivered"),
    "confirmed": _("Purchase confirmed"),
    "cancelled": _("Order cancelled"),
    "refund_requested": _("Refund asked for"),
    "refund_account_given": _("Account for the refund named"),
    "refund_abandoned": _("Refund given up"),
    "refund_allocated": _("Refund of PortOne's console explained"),
    "allocation_taken_back": _("Explanation of a refund taken back"),
    "refunded": _("Money given back"),
    "receipt_issued": _("Cash receipt issued"),
    "receipt_cancelled": _("Cash receipt cancelled"),
    "claim_requested": _("Return or exchange requested"),
    "claim_withdrawn": _("Request withdrawn"),
    "claim_approved": _("Request approved"),
    "claim_rejected": _("Request refused"),
    "claim_received": _("Returned goods arrived"),
    "claim_settled": _("Return or exchange settled"),
    "flagged": _("Flagged"),
    "looked_at": _("Looked at"),
    "noted": _("Note"),
}

REASONS: dict[str, Words] = {
    "not paid in time": _("Not paid in time"),
    "cancelled by the shop": _("Cancelled by the shop"),
    "sold out": _("Sold out"),
    "refunded": _("Refunded at PortOne"),
    "payment mismatch": _("The payment is not the one that was opened"),
    "paid, but sold out": _("Paid, but sold out"),
    "paid after the order was cancelled": _("Paid after the order was cancelled"),
    "partly refunded at the provider": _("Partly refunded at PortOne"),
    "refunded at the provider": _("Refunded at PortOne's console"),
    "change of mind": _("Change of mind"),
    "cancelled by the shopper": _("Cancelled by the customer"),
    "ordered by mistake": _("Ordered by mistake"),
    "another product": _("Wants another product"),
    "takes too long": _("Takes too long"),
    "faulty or not as described": _("Faulty or not as described"),
    "cannot be delivered": _("Cannot be delivered"),
    "goodwill": _("Goodwill"),
    "a refund waits for the shopper's account": _("A refund waits for the customer's account"),
    "the money went back at the provider's console": _("The money went back at PortOne's console"),
    "a virtual account is open for a closed order": _("A virtual account is open for a closed order"),
}

NOTICES: dict[str, Words] = {
    "WebhookTransactionReady": _("Payment window opened"),
    "WebhookTransactionPaid": _("Paid"),
    "WebhookTransactionVirtualAccountIssued": _("Account for the deposit issued"),
    "WebhookTransactionPayPending": _("Still being paid"),
    "WebhookTransactionFailed": _("Payment failed"),
    "WebhookTransactionCancelPending": _("Cancellation under way"),
    "WebhookTransactionCancelledPartialCancelled": _("Partly refunded"),
    "WebhookTransactionCancelledCancelled": _("Refunded"),
}

OUTCOMES: dict[Outcome, Words] = {
    Outcome.OPEN: _("PortOne knows of no payment yet."),
    Outcome.PENDING: _("PortOne is still busy with this payment."),
    Outcome.FAILED: _("PortOne says that the last attempt failed."),
    Outcome.AWAITING_DEPOSIT: _("PortOne waits for the deposit."),
    Outcome.PAID: _("PortOne confirms: it is paid."),
    Outcome.REFUNDING: _("It was paid but cannot be delivered: the money goes back."),
    Outcome.CANCELLED: _("PortOne agrees: the order is closed."),
    Outcome.SUSPICIOUS: _("PortOne's payment is not the one that we opened. The order is flagged."),
}

MOVEMENTS: dict[str, Words] = {
    StockMovement.Kind.RECEIVED: _("Received"),
    StockMovement.Kind.RESERVED: _("Promised"),
    StockMovement.Kind.RELEASED: _("Released"),
    StockMovement.Kind.SOLD: _("Sold"),
    StockMovement.Kind.RETURNED: _("Returned"),
    StockMovement.Kind.ADJUSTED: _("Counted"),
    StockMovement.Kind.FILLED: _("Given to a waiting order"),
    StockMovement.Kind.TERMS: _("Backorder terms"),
}

HOW: dict[str, Words] = {
    "staff": _("The shop said so"),
    "shopper": _("The shopper said so"),
    "assumed": _("Nobody said otherwise in time"),
}

_HEADS: dict[str, Words] = {
    "refund failed": _("Refund failed"),
    "refund given up": _("Refund given up"),
    "out of balance": _("The sums do not add up"),
}

METHODS: dict[str, Words] = {
    "CARD": _("Card"),
    "VIRTUAL_ACCOUNT": _("Virtual account"),
    "TRANSFER": _("Bank transfer"),
    "EASY_PAY": _("Easy payment"),
}


FIELDS: dict[str, Words] = {
    "payment id": _("Payment id"),
    "store": _("Store"),
    "currency": _("Currency"),
    "amount": _("Amount"),
    "tax-free amount": _("Tax-free amount"),
    "version": _("Version"),
    "channel": _("Channel"),
    "channel type": _("Channel type"),
}
_MISMATCH = re.compile(r"^(?P<field>[a-z -]+): (?P<theirs>.*) instead of (?P<ours>.*)$")


def reason(text: str) -> Words:
    """Return a stored reason in words; a person's own words stay as they are."""
    if text in REASONS:
        return REASONS[text]
    head, _colon, rest = text.partition(": ")
    if head in _HEADS:
        return f"{_HEADS[head]}: {REASONS.get(rest, rest)}"
    if head == "payment mismatch":
        return f"{REASONS[head]}: {_mismatches(rest)}"
    return _mismatches(text)


def _mismatches(text: str) -> str:
    return "; ".join(map(_mismatch, text.split("; ")))


def _mismatch(text: str) -> str:
    found = _MISMATCH.match(text)
    if not found or found["field"] not in FIELDS:
        return text
    values = {"field": FIELDS[found["field"]], "theirs": found["theirs"], "ours": found["ours"]}
    return str(_("%(field)s %(theirs)s instead of %(ours)s") % values)


def notice(kind: str) -> Words:
    """Return what a notice of PortOne's says; one that we do not know by its name."""
    return NOTICES.get(kind, kind)


def status(order: Order, field: str) -> str:
    """Return one of an order's three states in words; nothing of the delivery of what never left and never will."""
    if (
        field == "fulfilment_status"
        and order.status == Status.CANCELLED
        and order.fulfilment_status in IN_THE_SHOP
    ):
        return ""
    return str(getattr(order, f"get_{field}_display")())


def parcel(data: dict[str, Any]) -> str:
    """Return the parcel of a timeline entry: courier and number, units, the wrong number before, how it is known."""
    if "tracking" not in data and "how" not in data:
        return ""
    courier = data.get("courier", {}).get(get_language() or "ko", "")
    parts = [f"{courier} {data.get('tracking', '')}".strip()]
    if data.get("units"):
        parts.append(ngettext("%(count)d unit", "%(count)d units", data["units"]) % {"count": data["units"]})
    if data.get("before"):
        parts.append(_("before: %(number)s") % {"number": data["before"]})
    if data.get("how"):
        parts.append(str(HOW.get(data["how"], data["how"])))
    return " · ".join(part for part in parts if part)


def calendar_day(date: Any) -> str:
    """Return a day with its weekday: 2026-11-27 (금), 2026-11-27 (Fri)."""
    weekday = date_format(date, "D").removesuffix("요일") if date else ""
    return f"{date:%Y-%m-%d} ({weekday})" if date else ""


def won(amount: int) -> str:
    """Return an amount as the person at the desk reads it."""
    return amounts.show(amount, language=get_language() or "ko")


def moment(at: Any) -> str:
    """Return a time in Seoul, whatever the reader's own clock says: 2026-11-24 18:30."""
    return f"{timezone.localtime(at, SEOUL):%Y-%m-%d %H:%M}" if at else ""


def day(at: Any) -> str:
    """Write the day in Seoul of a moment."""
    return f"{timezone.localtime(at, SEOUL):%Y-%m-%d}"

"""How the fields of a copy are called on the page for people."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

LABELS: dict[str, Promise] = {
    "email": _("E-mail"),
    "name": _("Name"),
    "phone": _("Phone"),
    "joined_at": _("Joined"),
    "last_login": _("Last sign-in"),
    "recipient_name": _("Recipient"),
    "recipient_phone": _("Recipient's phone"),
    "postcode": _("Postcode"),
    "address1": _("Address"),
    "address2": _("Address detail"),
    "delivery_note": _("Delivery request"),
    "is_default": _("Default"),
    "sku": _("SKU"),
    "title": _("Product"),
    "option": _("Option"),
    "quantity": _("Quantity"),
    "added_at": _("Added"),
    "number": _("Order number"),
    "order": _("Order number"),
    "status": _("Status"),
    "state": _("State"),
    "payment_status": _("Payment"),
    "fulfilment_status": _("Delivery"),
    "items_total": _("Goods (won)"),
    "shipping_total": _("Delivery fee (won)"),
    "discount_total": _("Discount (won)"),
    "points_total": _("Points used"),
    "points": _("Points"),
    "total": _("Total (won)"),
    "vat": _("VAT included (won)"),
    "terms_version": _("Version of the terms"),
    "text_version": _("Version of the text"),
    "placed_at": _("Ordered"),
    "paid_at": _("Paid at"),
    "confirmed_at": _("Purchase confirmed"),
    "payment_method": _("Paid with"),
    "payment_detail": _("Card or bank"),
    "lines": _("What was ordered"),
    "history": _("What happened"),
    "what": _("What"),
    "at": _("When"),
    "amount": _("Amount"),
    "reason": _("Reason"),
    "requested_at": _("Requested"),
    "kind": _("Kind"),
    "text": _("Description"),
    "reply": _("Our reply"),
    "photos": _("Photos"),
    "expires_at": _("Expires"),
    "coupon": _("Coupon"),
    "issued_at": _("Given out"),
    "used_for": _("Used for order"),
    "balance": _("Balance"),
}


def labelled(row: dict[str, Any]) -> list[tuple[str, Any]]:
    """Return the fields of a row that say something, with labels; rows inside it likewise."""
    return [
        (str(LABELS.get(name, name)), _value(value))
        for name, value in row.items()
        if value not in (None, "", [])
    ]


def _value(value: Any) -> Any:
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, list):
        return [labelled(one) if isinstance(one, dict) else [("", one)] for one in value]
    return _moment(value) if isinstance(value, str) and len(value) > 18 and value[10:11] == "T" else value


def _moment(text: str) -> str:
    try:
        return date_format(timezone.localtime(datetime.fromisoformat(text)), "DATETIME_FORMAT")
    except ValueError:
        return text

"""What the payment window is told, and what the page that opens it may load.

Fields: https://developers.portone.io/sdk/ko/v2-sdk/payment-request
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext, override

from commerce.orders.models import Order, OrderLine

NAME_BYTES = 100  # KCP counts bytes
LOCALES = {"ko": "KO_KR", "en": "EN_US"}


def request(*, order: Order, return_url: str, language: str) -> dict[str, Any]:
    """Return the argument of `PortOne.requestPayment` for an order; `return_url` is absolute."""
    payment = order.payment
    wanted = {
        "storeId": settings.PORTONE_STORE_ID,
        "channelKey": settings.PORTONE_CHANNEL_KEY,
        "paymentId": payment.payment_id,
        "orderName": order_name(lines=list(order.lines.all()), language=language),
        "totalAmount": payment.amount,
        "currency": payment.currency,
        "payMethod": payment.method,
        "customer": {"fullName": order.name, "phoneNumber": order.phone, "email": order.email},
        "redirectUrl": return_url,
        "forceRedirect": True,  # one way back for every device
        "locale": LOCALES.get(language, "EN_US"),
    }
    if payment.method == "VIRTUAL_ACCOUNT":
        wanted["virtualAccount"] = {"accountExpiry": {"validHours": settings.CHECKOUT_DEPOSIT_HOURS}}
    if settings.SHOP_BASE_URL.startswith("https://"):  # PortOne reaches no other address
        wanted["noticeUrls"] = [f"{settings.SHOP_BASE_URL.rstrip('/')}{reverse('portone-webhook')}"]
    return wanted


def fields(*, wanted: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Yield the request as fields of a form, for a browser without scripts: `customer.fullName`."""
    for name, value in wanted.items():
        if isinstance(value, Mapping):
            yield from fields(wanted=value, prefix=f"{prefix}{name}.")
        elif isinstance(value, list):
            yield from ((f"{prefix}{name}", item) for item in value)
        elif not isinstance(value, bool):
            yield f"{prefix}{name}", str(value)


def order_name(*, lines: Sequence[OrderLine], language: str) -> str:
    """Return what the bank statement says: the first product and how many more, in at most 100 bytes."""
    with override(language):
        more = gettext(" and %(count)d more") % {"count": len(lines) - 1} if len(lines) > 1 else ""
    room = NAME_BYTES - len(more.encode())
    return _cut(lines[0].title, room) + more


def policy() -> dict[str, list[str]]:
    """Return what the page may load beyond the shop's own files: PortOne's script and windows."""
    script = _origin(settings.PORTONE_BROWSER_SDK_URL)
    hosts = [*settings.PORTONE_CSP_HOSTS, script, _origin(settings.PORTONE_REDIRECT_URL)]
    allowed = list(dict.fromkeys(host for host in hosts if host))
    return {
        "script-src": [script] if script else ["'self'"],
        "connect-src": allowed,
        "frame-src": ["'self'", *allowed],  # the settings name none, so nothing is appended to
        "form-action": allowed,
        "img-src": allowed,
    }


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


def _cut(text: str, room: int) -> str:
    """Return `text` in at most `room` bytes, never half a letter."""
    if len(text.encode()) <= room:
        return text
    return text.encode()[: room - len("…".encode())].decode(errors="ignore").rstrip() + "…"

"""The address that a device keeps, if its owner asked for it: a signed cookie, until there are accounts."""

from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from commerce import cookies

COOKIE = "address"
FIELDS = (
    "name",
    "phone",
    "email",
    "same_recipient",
    "recipient_name",
    "recipient_phone",
    "postcode",
    "address1",
    "address2",
)
_SALT = "commerce.checkout.address"
_MOST_BYTES = 3_800  # browsers drop a cookie above 4096


def read(request: HttpRequest) -> dict[str, Any]:
    """Return what the device keeps, by the sheet's field names; empty when it keeps nothing."""
    try:
        kept = signing.loads(cookies.read(request, name=COOKIE), salt=_SALT, max_age=_seconds())
    except signing.BadSignature:
        return {}
    return {name: kept[name] for name in FIELDS if name in kept} if isinstance(kept, dict) else {}


def keep(response: HttpResponse, *, entries: dict[str, Any]) -> None:
    """Let the device keep the entries of a sheet for ninety days; one that is too long for a cookie is not kept."""
    chosen = {name: entries[name] for name in FIELDS if entries.get(name)}
    text = signing.dumps(chosen, salt=_SALT, compress=True)
    if len(text) > _MOST_BYTES:
        return
    cookies.write(response, name=COOKIE, value=text, seconds=_seconds())


def forget(response: HttpResponse) -> None:
    """Let the device forget it."""
    cookies.forget(response, name=COOKIE)


def _seconds() -> int:
    return int(settings.CHECKOUT_ADDRESS_DAYS) * 24 * 60 * 60

"""What the order sheet knows of who is signed in: the account's own entries, and the addresses to choose from."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation

from commerce.cart import session
from commerce.checkout.forms import REQUESTS
from commerce.customers import addresses
from commerce.customers.models import Address, User
from commerce.orders.services import Contact

OTHER = "other"
WORDS = {str(code): text for code, text in REQUESTS if code not in ("", OTHER)}


def choices(request: HttpRequest) -> list[Address]:
    """Return the addresses that who is signed in may choose from, the default first; none for a guest."""
    owner = session.customer_id(request)
    return list(addresses.of(customer_id=owner)) if owner else []


def entries(request: HttpRequest) -> dict[str, Any]:
    """Return what the sheet of somebody signed in begins with, by its field names; empty for a guest."""
    owner = session.customer_id(request)
    if owner is None:
        return {}
    user = User.objects.get(pk=owner)
    address = addresses.default_of(customer_id=owner)
    where = place(address=address) if address else {}
    own = {
        "name": user.first_name or where.get("recipient_name", ""),
        "phone": user.phone or where.get("recipient_phone", ""),
        "email": user.email,
    }
    same = not address or (own["name"], own["phone"]) == (address.recipient_name, address.recipient_phone)
    return {**own, **where, "same_recipient": same, "remember": not address}


def place(*, address: Address) -> dict[str, Any]:
    """Return a stored address by the sheet's field names."""
    return {
        "recipient_name": address.recipient_name,
        "recipient_phone": address.recipient_phone,
        "postcode": address.postcode,
        "address1": address.address1,
        "address2": address.address2,
        **request_of(note=address.delivery_note),
    }


def chosen(request: HttpRequest) -> Address | None:
    """Return the address that the sheet's button `use` names; None when it is not one of this customer's."""
    owner, typed = session.customer_id(request), request.POST.get("use", "")
    if owner is None or not (typed.isascii() and typed.isdigit() and len(typed) < 19):
        return None
    return addresses.one(customer_id=owner, address_id=int(typed))


def filled(data: Any, *, address: Address) -> Any:
    """Return what was typed so far with another address in it."""
    typed = data.copy()
    typed.pop("same_recipient", None)
    for name, value in place(address=address).items():
        typed[name] = value
    if (typed.get("name", "").strip(), typed["recipient_phone"]) == (address.recipient_name, _digits(typed)):
        typed["same_recipient"] = "on"
    return typed


def place_of(*, contact: Contact, request_code: str, note: str) -> addresses.Place:
    """Return where an order goes as an address that a customer keeps."""
    return addresses.Place(
        recipient_name=contact.recipient_name,
        recipient_phone=contact.recipient_phone,
        postcode=contact.postcode,
        address1=contact.address1,
        address2=contact.address2,
        delivery_note=note if request_code == OTHER else str(WORDS.get(request_code, "")),
    )


def request_of(*, note: str) -> dict[str, str]:
    """Return a stored delivery request as the two fields that say it."""
    code = next(
        (code for code, text in WORDS.items() if note in _in_every_language(text)), OTHER if note else ""
    )
    return {"delivery_request": code, "delivery_note": note if code == OTHER else ""}


def _in_every_language(text: Any) -> set[str]:
    """Return a request as it is said in each language of the shop: it was stored in the one of its day."""
    found = set()
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found.add(str(text))
    return found


def _digits(typed: Any) -> str:
    return "".join(sign for sign in typed.get("phone", "") if sign.isdigit())

"""Read what a program sends: any bytes become an order or a refusal in words."""

import json
import re
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext

from commerce.checkout.api.problems import Problem
from commerce.checkout.fields import Phone, Postcode
from commerce.orders.services import Contact
from commerce.payments.methods import METHODS

MOST_BYTES = 32 * 1024
MOST_LINES = 50
LANGUAGES = ("ko", "en")
_SKU = re.compile(r"[A-Z0-9][A-Z0-9-]{0,63}")


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderBody:
    """An order that a program wants to place; `expected_total` in won."""

    quantities: dict[str, int]  # units by SKU
    contact: Contact
    method: str
    expected_total: int
    language: str


class _Contact(forms.Form):
    """The fields of `contact`, by the rules of the order sheet."""

    name = forms.CharField(max_length=60)
    phone = Phone(max_length=30)
    email = forms.EmailField(max_length=254)
    recipient_name = forms.CharField(max_length=60, required=False)
    recipient_phone = Phone(max_length=30, required=False)
    postcode = Postcode(max_length=10)
    address1 = forms.CharField(max_length=200)
    address2 = forms.CharField(max_length=200, required=False)
    delivery_note = forms.CharField(max_length=100, required=False)


def read(request: HttpRequest) -> tuple[dict[str, Any], str]:
    """Return the object in the body of a request, and its text in one form for equal objects.

    Raises:
        Problem: it is too large, or no JSON object.
    """
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdigit() or int(length) > MOST_BYTES or len(request.body) > MOST_BYTES:
        raise Problem(413, "too_large", gettext("The body may have at most 32 kB."))
    try:
        data = json.loads(request.body, parse_constant=_refuse)
        text = json.dumps(data, ensure_ascii=False, sort_keys=True)
        text.encode()  # half of a surrogate pair is no text
    except (ValueError, RecursionError):
        raise Problem(400, "invalid_json", gettext("The body is not JSON.")) from None
    if not isinstance(data, dict):
        raise Problem(400, "invalid_json", gettext("The body must be a JSON object."))
    return data, text


def language(data: dict[str, Any]) -> str:
    """Return the language of an order and of what is answered; Korean unless another one is named."""
    wanted = data.get("language", "ko")
    return wanted if wanted in LANGUAGES else "ko"


def order(data: dict[str, Any]) -> OrderBody:
    """Return the order that an object describes.

    Raises:
        Problem: something of it is missing or wrong; `param` says what.
    """
    if data.get("language", "ko") not in LANGUAGES:
        raise _wrong("language", gettext("The language must be ko or en."))
    if data.get("method") not in METHODS:
        raise _wrong(
            "method", gettext("The method must be one of %(names)s.") % {"names": ", ".join(METHODS)}
        )
    total: Any = data.get("expected_total")
    if not _is_number(total) or total < 0:
        raise _wrong("expected_total", gettext("The total must be a whole number of won."))
    return OrderBody(
        quantities=_quantities(data.get("lines")),
        contact=_contact(data.get("contact")),
        method=data["method"],
        expected_total=total,
        language=language(data),
    )


def _quantities(lines: Any) -> dict[str, int]:
    if not isinstance(lines, list) or not 1 <= len(lines) <= MOST_LINES:
        raise _wrong("lines", gettext("An order has 1 to %(most)d lines.") % {"most": MOST_LINES})
    wanted: dict[str, int] = {}
    for place, line in enumerate(lines):
        here = f"lines[{place}]"
        if not isinstance(line, dict) or not _SKU.fullmatch(str(line.get("sku", ""))):
            raise _wrong(
                f"{here}.sku", gettext("Each line needs a sku of capital letters, digits and hyphens.")
            )
        if not _is_number(line.get("quantity")) or line["quantity"] < 1:
            raise _wrong(f"{here}.quantity", gettext("Each line needs a quantity of 1 or more."))
        wanted[line["sku"]] = wanted.get(line["sku"], 0) + line["quantity"]
    return wanted


def _contact(said: Any) -> Contact:
    if not isinstance(said, dict):
        raise _wrong("contact", gettext("The contact must be an object."))
    texts = {name: value for name, value in said.items() if isinstance(value, str)}
    form = _Contact(texts)
    if not form.is_valid():
        name, errors = next(iter(form.errors.items()))
        raise _wrong(f"contact.{name}", str(errors[0]))
    data = form.cleaned_data
    return Contact(
        **data
        | {
            "recipient_name": data["recipient_name"] or data["name"],
            "recipient_phone": data["recipient_phone"] or data["phone"],
        }
    )


def _is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _wrong(param: str, message: str) -> Problem:
    return Problem(400, "invalid", message, param=param)


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is not JSON")

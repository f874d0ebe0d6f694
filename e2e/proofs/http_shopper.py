"""A shopper without a browser: sends the forms that the pages show."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Self

import httpx

ANSWERS = {
    "name": "QA 자동시험",
    "phone": "010-0000-1234",
    "postcode": "04524",
    "address1": "서울특별시 중구 세종대로 110",
    "address2": "101호",
    "method": "CARD",
}


@dataclass
class Form:
    """A form of a page: where it goes, and what it sends untouched. Boxes that may be ticked are apart."""

    action: str
    values: dict[str, str] = field(default_factory=dict)
    boxes: dict[str, str] = field(default_factory=dict)


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Form] = []
        self._open: Form | None = None

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        got = {name: value or "" for name, value in attributes}
        if tag == "form":
            self._open = Form(got.get("action", ""))
            self.found.append(self._open)
        elif tag in ("input", "textarea", "select") and self._open is not None and got.get("name"):
            self._field(self._open, got)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None

    def _field(self, form: Form, got: dict[str, str]) -> None:
        kind, name, value = got.get("type", "text"), got["name"], got.get("value", "")
        if kind == "submit":
            return
        if kind in ("checkbox", "radio") and "checked" not in got:
            form.boxes.setdefault(name, value or "on")
            return
        form.values[name] = value or ("on" if kind == "checkbox" else "")


def form_with(page: str, name: str) -> Form:
    """Return the first form of a page that has a field of that name."""
    parser = _Forms()
    parser.feed(page)
    return next(form for form in parser.found if name in form.values or name in form.boxes)


class Shopper:
    """A guest with cookies of her own."""

    def __init__(self, *, url: str, number: int = 0) -> None:
        self.email = f"qa-{number}@example.invalid"
        self._client = httpx.Client(base_url=url, timeout=120, headers={"Connection": "close"})

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._client.close()

    def get(self, path: str) -> httpx.Response:
        """Look at a page."""
        return self._client.get(path)

    def add(self, *, slug: str, sku: str, quantity: int = 1) -> httpx.Response:
        """Put units of a variant into the cart from its product page."""
        form = form_with(self.get(f"/p/{slug}/").text, "quantity")
        return self._send(form, form.values | {"sku": sku, "quantity": str(quantity)})

    def sheet(self) -> Form:
        """Open the order sheet and fill it in."""
        return self.filled(self.get("/checkout/").text)

    def filled(self, page: str) -> Form:
        """Fill in the order sheet of a page, all boxes that must be ticked included."""
        form = form_with(page, "cart_token")
        required = {name: value for name, value in form.boxes.items() if name.startswith("agree")}
        same = {"same_recipient": "on"}
        form.values |= required | same | ANSWERS | {"email": self.email}
        return form

    def place(self, form: Form) -> httpx.Response:
        """Press the button with the sum."""
        return self._send(form, form.values)

    def open_window(self, answer: httpx.Response) -> dict[str, str]:
        """Follow the answer of `place` to the page that opens the payment window; return what it asks for."""
        page = self.get(answer.headers["location"])
        return form_with(page.text, "paymentId").values

    def press(self, *, path: str, having: str) -> httpx.Response:
        """Send the form of a page that has a field, as it stands."""
        form = form_with(self.get(path).text, having)
        return self._send(form, form.values)

    def _send(self, form: Form, values: dict[str, str]) -> httpx.Response:
        return self._client.post(form.action or "/checkout/", data=values)


def token_in(location: str) -> str:
    """Return the order's token of an address such as /checkout/pay/TOKEN/?attempt=1."""
    found = re.search(r"/(?:pay|orders|return)/([A-Za-z0-9_-]{20,})/", location)
    assert found, f"no order in {location}"
    return found.group(1)

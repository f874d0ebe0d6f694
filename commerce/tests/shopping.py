"""A browser that shops: what it sends, and what it reads."""

import re
from html import unescape
from typing import Any

from django.test import Client

from commerce.cart.models import Cart
from commerce.inventory.models import Reservation
from commerce.orders.models import Order
from commerce.payments.models import Payment

FORM = {
    "name": "김하나",
    "phone": "010-1234-5678",
    "email": "hana@example.com",
    "same_recipient": "on",
    "postcode": "03044",
    "address1": "서울 종로구 효자로 12",
    "address2": "3층",
    "delivery_request": "door",
    "method": "CARD",
    "agree_order": "on",
    "agree_terms": "on",
}


def text(answer: Any) -> str:
    """Return what the page says, without tags."""
    main = answer.content.decode().split("<main", 1)[1].split("</main>", 1)[0]
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", main)))


def fill(client: Client, quantity: int = 2, sku: str = "CUP", prefix: str = "") -> None:
    """Put something into the browser's cart."""
    assert client.post(f"{prefix}/cart/add/", {"sku": sku, "quantity": quantity}).status_code == 302


def token() -> str:
    """Return the token of the newest cart."""
    return str(Cart.objects.latest("pk").token)


def submit(
    client: Client, *, total: int = 51_000, prefix: str = "", drop: tuple[str, ...] = (), **changes: str
) -> Any:
    """Send the order sheet as it is filled in above, with changes."""
    data = FORM | {"cart_token": token(), "shown_total": str(total)} | changes
    return client.post(f"{prefix}/checkout/", {key: value for key, value in data.items() if key not in drop})


def nothing_ordered() -> None:
    """Check that no order, payment or promise exists."""
    assert not Order.objects.exists()
    assert not Payment.objects.exists()
    assert not Reservation.objects.exists()

"""The order sheet's key: one showing of the sheet is one order, however often it is sent."""

from collections.abc import Callable
from datetime import datetime

from commerce.checkout import idempotency
from commerce.checkout.forms import ShownPage
from commerce.checkout.idempotency import Answer
from commerce.orders.models import Order


def once(*, page: ShownPage, place: Callable[[], Order], now: datetime) -> Order:
    """Place the order of a sheet, or return the one that was placed when it was sent before.

    Two that are sent at once meet at the cart's lock, which lets one of them place the order and gives it to
    both; so neither is ever refused. A sheet without a key is protected by its cart alone.
    """
    if not page.key:
        return place()
    try:
        claim = idempotency.claim(
            scope="sheet",
            key=page.key,
            fingerprint=idempotency.fingerprint(request=f"{page.cart_token} {page.total}"),
            now=now,
        )
    except (idempotency.InFlight, idempotency.OtherRequest):
        return place()
    if isinstance(claim, Answer):
        return Order.objects.get(pk=claim.body["order_id"])
    try:
        order = place()
    except Exception:
        idempotency.drop(claim=claim)
        raise
    idempotency.keep(claim=claim, answer=Answer(303, {"order_id": order.pk}))
    return order

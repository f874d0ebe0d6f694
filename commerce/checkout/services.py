"""Placing an order: lock the cart, price it again, keep the stock, write the order. Paying is in `settling`."""

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from commerce.cart import quotes
from commerce.cart.models import Cart
from commerce.cart.quotes import Quote, QuoteLine
from commerce.inventory import stock
from commerce.orders import services as orders
from commerce.orders.models import Order
from commerce.orders.services import Contact, Item, Terms
from commerce.orders.states import Status
from commerce.payments import services as payments
from commerce.payments.gateway import Gateway
from commerce.payments.methods import METHODS

TERMS_VERSION = "2026-11"


class UnableToPlaceOrder(Exception):
    """No order was placed and nothing was reserved."""


class CartEmpty(UnableToPlaceOrder):
    """There is nothing to order."""


class CartChanged(UnableToPlaceOrder):
    """Price, stock or shipping is not what the shopper was shown; `quote` is what it is now."""

    def __init__(self, *, shown_total: int, quote: Quote) -> None:
        super().__init__(f"shown {shown_total}, now {quote.total}")
        self.shown_total, self.quote = shown_total, quote


@transaction.atomic(durable=True)
def place_order(
    *, cart_token: uuid.UUID, shown_total: int, contact: Contact, method: str, language: str, now: datetime
) -> Order:
    """Place the order of a cart, once: asked again, it returns the same order.

    `shown_total` is the sum in won on the button that the shopper pressed; any other sum stops the order.

    Raises:
        CartEmpty: there is nothing in the cart.
        CartChanged: a price, the shipping fee or the stock changed since the page was shown.
    """
    cart = Cart.objects.select_for_update().filter(token=cart_token).first()
    if cart is None:
        raise CartEmpty
    if cart.ordered_at:
        return Order.objects.get(cart=cart)
    quote = quotes.quote(token=cart.token, language=language)
    _refuse_changes(quote, shown_total)
    pay_until = now + timedelta(minutes=settings.CHECKOUT_PAYMENT_MINUTES)
    order = orders.open_order(
        cart_id=cart.pk,
        contact=contact,
        items=[_item(line) for line in quote.lines],
        terms=Terms(
            language=language,
            shipping_name=quote.shipping.name,
            shipping_total=quote.shipping.fee,
            parcel_fee=quote.shipping.parcel_fee,
            free_from=quote.shipping.free_from,
            terms_version=TERMS_VERSION,
            pay_until=pay_until,
        ),
        now=now,
    )
    payments.open_payment(order_id=order.pk, amount=order.total, method=method, now=now)
    _close(cart, now=now)
    _reserve(order, quote, shown_total, pay_until=pay_until, now=now)
    return order


def prepare_payment(*, order: Order, gateway: Gateway) -> None:
    """Tell PortOne the only amount that this payment may have. Runs outside any transaction.

    Raises:
        GatewayTrouble: PortOne cannot be reached; the order stays and may be paid later.
    """
    gateway.register(payment_id=order.payment.payment_id, amount=order.payment.amount)


@transaction.atomic(durable=True)
def choose_method(*, order_id: int, method: str, now: datetime) -> None:
    """Change how an unpaid order will be paid; an order that is paid or cancelled stays as it is."""
    order = Order.objects.select_for_update().get(pk=order_id)
    if order.status == Status.PLACED and method in METHODS:
        payments.choose_method(payment=order.payment, method=method, now=now)


def _refuse_changes(quote: Quote, shown_total: int) -> None:
    if not quote.lines:
        raise CartEmpty
    if not quote.orderable or quote.total != shown_total:
        raise CartChanged(shown_total=shown_total, quote=quote)


def _item(line: QuoteLine) -> Item:
    return Item(
        variant_id=line.variant_id,
        sku=line.sku,
        title=line.title,
        option_text=line.option_text,
        slug=line.slug,
        unit_price=line.unit_price,
        quantity=line.quantity,
        picture=line.stored_picture,
    )


def _close(cart: Cart, *, now: datetime) -> None:
    cart.ordered_at = now
    cart.save(update_fields=["ordered_at"])


def _reserve(order: Order, quote: Quote, shown_total: int, *, pay_until: datetime, now: datetime) -> None:
    """Touch the stock last: its rows are the hottest, and the lock ends with the commit that follows."""
    wanted = {line.variant_id: line.quantity for line in quote.lines}
    try:
        stock.reserve(quantities=wanted, reference=order.number, expires_at=pay_until, now=now)
    except stock.OutOfStock as short:
        again = quotes.with_stock(quote=quote, available=short.available)
        raise CartChanged(shown_total=shown_total, quote=again) from short

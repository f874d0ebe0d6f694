"""Placing an order: lock the cart, price it again, keep the stock, write the order. Paying is in `settling`."""

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from commerce import rows
from commerce.cart import quotes
from commerce.cart import selectors as carts
from commerce.cart.models import Cart
from commerce.cart.quotes import Quote, QuoteLine
from commerce.checkout import refunding, spending
from commerce.checkout.shown import Change, Shown, changes, of
from commerce.coupons import using
from commerce.coupons.rules import Reason
from commerce.inventory import stock
from commerce.orders import services as orders
from commerce.orders.models import Order
from commerce.orders.services import Contact, Item, Terms
from commerce.orders.states import Status
from commerce.payments import receipts
from commerce.payments import services as payments
from commerce.payments.gateway import Gateway
from commerce.payments.methods import METHODS
from commerce.payments.models import Payment
from commerce.points import paying
from commerce.shipping import selectors as shipping

TERMS_VERSION = "2026-11"


class UnableToPlaceOrder(Exception):
    """No order was placed and nothing was reserved."""


class CartEmpty(UnableToPlaceOrder):
    """There is nothing to order."""


class CartChanged(UnableToPlaceOrder):
    """Price, stock or shipping is not what the shopper was shown; `quote` is what it is now."""

    def __init__(self, *, shown_total: int, shown: Shown | None, quote: Quote) -> None:
        super().__init__(f"shown {shown_total}, now {quote.total}")
        self.shown_total, self.shown, self.quote = shown_total, shown, quote

    @property
    def lines(self) -> list[QuoteLine]:
        """Return the lines of which the page must say something beyond `changes`."""
        return [line for line in self.quote.changes if line.problem or not self.shown]

    @property
    def changes(self) -> list[Change]:
        """Return what differs from what was shown; only the total when the page did not say what it showed."""
        if self.shown:
            return changes(before=self.shown, quote=self.quote)
        if self.shown_total in (-1, self.quote.total):
            return []
        return [Change("total", before=self.shown_total, now=self.quote.total)]


class PointsRefused(UnableToPlaceOrder):
    """So many points cannot be used: at most `most`, because the customer has `have` or the order takes no more."""

    def __init__(self, *, have: int, most: int) -> None:
        super().__init__(f"at most {most}, has {have}")
        self.have, self.most = have, most


class CouponRefused(UnableToPlaceOrder):
    """The coupon cannot be used for this order; `missing`: won of goods, where more of them are needed."""

    def __init__(self, reason: Reason, *, missing: int = 0) -> None:
        super().__init__(reason)
        self.reason, self.missing = reason, missing


@transaction.atomic(durable=True)
def place_order(
    *,
    cart_token: uuid.UUID,
    shown_total: int,
    contact: Contact,
    method: str,
    language: str,
    now: datetime,
    shown: Shown | None = None,
    receipt: receipts.Wish | None = None,
    customer_id: int | None = None,
    coupon: int | None = None,
    points: int = 0,
) -> Order:
    """Place the order of a cart, once: asked again, it returns the same order.

    It belongs to the cart's customer, or to `customer_id`, who is signed in; a guest's to nobody.

    `shown_total` is the sum in won on the button that the shopper pressed, with the surcharge of the address;
    any other sum stops the order. So does anything that became worse than `shown`, all that the page said. `receipt`: the
    cash receipt that is wanted. `coupon` is a ticket of who is signed in, `points` are theirs: it takes something off the
    goods, they pay for goods; both go with the order, or not at all.

    Raises:
        CartEmpty: there is nothing in the cart, or it is another customer's.
        CartChanged: a price, the shipping fee, the stock or a day of dispatch changed since the page was shown.
        CouponRefused: the ticket cannot be used, by this customer, now, or for these goods.
        PointsRefused: the customer does not have so many points, or the order takes no more.
    """
    (cart, lines), tariff, order_id = rows.ask(
        carts.locked(token=cart_token, now=now),
        shipping.tariff_of(postcode=contact.postcode),
        rows.new_key(Order),
    )
    if cart is None:
        raise CartEmpty
    if customer_id and cart.customer_id not in (None, customer_id):
        raise CartEmpty
    if cart.ordered_at:
        return Order.objects.get(cart=cart)
    quote = quotes.quote(token=cart.token, language=language, now=now, read=lines, tariff=tariff)
    quote = _with_coupon(quote, coupon, owner=customer_id, now=now)
    quote = _with_points(quote, points, owner=customer_id, now=now)
    _refuse_changes(quote, shown_total, shown)
    pay_until = now + timedelta(minutes=settings.CHECKOUT_PAYMENT_MINUTES)
    with rows.together():
        order = orders.open_order(
            order_id=order_id,
            cart_id=cart.pk,
            customer_id=cart.customer_id or customer_id,
            contact=contact,
            items=[_item(line) for line in quote.lines],
            terms=Terms(
                language=language,
                shipping_name=quote.shipping.full_name,
                shipping_total=quote.shipping.fee,
                shipping_surcharge=quote.shipping.surcharge,
                parcel_fee=quote.shipping.parcel_fee,
                free_from=quote.shipping.free_from,
                discount_total=quote.coupon + quote.points,
                points_total=quote.points,
                terms_version=TERMS_VERSION,
                pay_until=pay_until,
            ),
            now=now,
        )
        payment = payments.open_payment(order_id=order.pk, amount=order.total, method=method, now=now)
        rows.hold(order, payment=payment)
        _close(cart, now=now)
        if coupon or points or receipt:
            rows.flush()
            _use_coupon(order, coupon, now=now)
            _take_points(order, quote, now=now)
            _ask_for_receipt(payment, receipt, contact.phone, now=now)
        _reserve(order, quote, shown_total, shown, pay_until=pay_until, now=now)
    return order


def window_opened(*, order: Order, now: datetime) -> None:
    """Remember that the payment window of an order opens: the order is kept while it may be in use."""
    order.payment.window_at = now
    rows.update(order.payment, "window_at")


def prepare_payment(*, order: Order, gateway: Gateway) -> None:
    """Tell PortOne the only amount that this payment may have. Runs outside any transaction.

    Raises:
        GatewayTrouble: PortOne cannot be reached; the order stays and may be paid later.
    """
    gateway.register(payment_id=order.payment.payment_id, amount=order.payment.amount)


@transaction.atomic(durable=True)
def choose_method(
    *,
    order_id: int,
    method: str,
    receipt: receipts.Wish | None | receipts.Kept = receipts.KEPT,
    now: datetime,
) -> None:
    """Change how an unpaid order will be paid; an order that is paid or cancelled stays as it is.

    `receipt`: the cash receipt that is wanted now, None for none. What pays otherwise than cash has none.
    """
    order, payment = refunding.lock(order_id=order_id)
    if order.status != Status.PLACED or payment.received or method not in METHODS:
        return
    payments.choose_method(payment=payment, method=method, now=now)
    if method not in receipts.CASH:
        receipts.ask_anew(payment=payment, wish=None, phone=order.phone, now=now)
    elif not isinstance(receipt, receipts.Kept):
        receipts.ask_anew(payment=payment, wish=receipt, phone=order.phone, now=now)


def _with_coupon(quote: Quote, coupon: int | None, *, owner: int | None, now: datetime) -> Quote:
    if coupon is None or not quote.lines:
        return quote
    try:
        return spending.reduced(quote=quote, ticket_id=coupon, customer_id=owner, now=now)
    except using.CouponRefused as refused:
        raise CouponRefused(refused.reason, missing=refused.missing) from refused


def _use_coupon(order: Order, coupon: int | None, *, now: datetime) -> None:
    """Use the ticket of a new order: what could be used a moment ago another tab may have used."""
    if coupon is None:
        return
    try:
        using.use(order=order, ticket_id=coupon, now=now)
    except using.CouponRefused as refused:
        raise CouponRefused(refused.reason) from refused


def _with_points(quote: Quote, points: int, *, owner: int | None, now: datetime) -> Quote:
    if not points:
        return quote
    purse = spending.purse(customer_id=owner, quote=quote, now=now)
    if purse is None or not 0 < points <= purse.most:
        raise PointsRefused(have=purse.have if purse else 0, most=purse.most if purse else 0)
    return spending.paid_with(quote=quote, points=points)


def _take_points(order: Order, quote: Quote, *, now: datetime) -> None:
    """Take the points of a new order: what was there a moment ago another tab may have used."""
    if not order.points_total:
        return
    try:
        paying.use(order=order, now=now)
    except paying.NotEnough as short:
        most = min(short.left, spending.most(quote=quote))
        raise PointsRefused(have=short.left, most=most) from short


def _ask_for_receipt(payment: Payment, wish: receipts.Wish | None, phone: str, *, now: datetime) -> None:
    if wish:
        receipts.ask(payment=payment, wish=wish, phone=phone, now=now)


def _refuse_changes(quote: Quote, shown_total: int, shown: Shown | None) -> None:
    if not quote.lines:
        raise CartEmpty
    differs = quote.total != shown_total or (shown and changes(before=shown, quote=quote))
    if not quote.orderable or differs:
        raise CartChanged(shown_total=shown_total, shown=shown, quote=quote)


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
        late=line.late,
        ships_on=line.ships_on,
    )


def _close(cart: Cart, *, now: datetime) -> None:
    cart.ordered_at = now
    rows.update(cart, "ordered_at")


def _reserve(
    order: Order,
    quote: Quote,
    shown_total: int,
    shown: Shown | None,
    *,
    pay_until: datetime,
    now: datetime,
) -> None:
    """Touch the stock last: its rows are the hottest, and the lock ends with the commit that follows.

    Units that were on the shelf a moment ago and must come first now were not agreed to.
    """
    wanted = {line.variant_id: line.quantity for line in quote.lines}
    try:
        late = stock.reserve(
            quantities=wanted,
            reference=order.number,
            expires_at=pay_until,
            holds={line.variant_id: line.hold for line in quote.lines if line.hold},
            now=now,
        )
    except stock.OutOfStock as short:
        again = quotes.with_stock(quote=quote, available=short.available)
        raise CartChanged(shown_total=shown_total, shown=shown, quote=again) from short
    differing = {line.variant_id for line in quote.lines if late[line.variant_id] != line.late}
    if any(late[line.variant_id] > line.late for line in quote.lines):
        again = quotes.with_late(quote=quote, late=late)
        raise CartChanged(shown_total=shown_total, shown=shown or of(quote=quote), quote=again)
    if not differing:
        return
    for line in order.lines.filter(variant_id__in=differing):  # somebody gave units back in between
        line.late = late[line.variant_id]
        line.ships_on = line.ships_on if line.late else None
        line.save(update_fields=["late", "ships_on"])

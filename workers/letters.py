"""What the shop writes to shoppers: subject and contents of each mail, in the order's language.

Everything comes from the order's own copies, so a mail says the same however late it is sent.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils import timezone, translation
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _

from commerce.coupons import selectors as coupons
from commerce.fulfilment import dates
from commerce.fulfilment.selectors import Packed, Parcel
from commerce.inventory import words
from commerce.money import amounts
from commerce.orders import receipt_words, refund_words
from commerce.orders.models import Order
from commerce.orders.states import PaymentStatus
from commerce.payments import banks, methods
from commerce.payments.models import Refund
from workers import links
from workers.models import WebhookEndpoint
from workers.sender import sender


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A mail before it is rendered. `kind` names its templates."""

    kind: str
    order_id: int | None
    to: str
    language: str
    subject: str
    context: dict[str, Any]
    stop: str = ""  # the address at which a mail reader ends such mails with one click


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A line as it is printed."""

    title: str
    options: str
    quantity: int
    unit: str
    total: str
    dispatch: str  # when units that are not here yet are sent


def order_paid(*, order: Order) -> Letter:
    """Compose the confirmation: the contract document of the Act on Consumer Protection in E-Commerce, §13(2)."""
    with _speaking(order):
        return _letter(
            order,
            "order_paid",
            _("Your order is confirmed"),
            paid_with=_paid_with(order),
            receipt=receipt_words.told(payment=order.payment, language=order.language),
        )


def deposit_awaited(*, order: Order) -> Letter:
    """Compose the instructions for a bank transfer."""
    with _speaking(order):
        return _deposit(order, _("Please transfer the money for your order"), soon=False)


def deposit_due_soon(*, order: Order) -> Letter:
    """Compose the reminder of a bank transfer that has not come yet."""
    with _speaking(order):
        return _deposit(order, _("Your deposit is due soon"), soon=True)


def order_cancelled(*, order: Order, reason: str) -> Letter:
    """Compose the news that an order will not be delivered. Reasons that staff wrote stay inside."""
    money_returns = order.payment_status in (PaymentStatus.REFUNDING, PaymentStatus.REFUNDED)
    with _speaking(order):
        return _letter(
            order,
            "order_cancelled",
            _("Your order was cancelled"),
            unpaid=reason == "not paid in time",
            sold_out=reason == "sold out",
            money_returns=money_returns,
        )


def refund_completed(*, order: Order, refund: Refund) -> Letter:
    """Compose the news that money was given back, and what it is made of."""
    with _speaking(order):
        return _letter(
            order,
            "refund_completed",
            _("Your refund is on its way") if refund.amount else _("Your points are back"),
            moneyless=not refund.amount,
            refunded=amounts.show(refund.amount, language=order.language),
            parts=refund_words.parts(refund=refund, language=order.language),
            points_back=refund_words.points(refund=refund, language=order.language),
            paid_with=_paid_with(order),
        )


def shipment_dispatched(*, parcel: Parcel, left: Sequence[Packed], corrected: bool = False) -> Letter:
    """Compose the news that a parcel left, or that its number was wrong; `left` is what follows later."""
    shipment = parcel.shipment
    order = shipment.order
    with _speaking(order):
        headline = _("Part of your order is on its way") if left else _("Your parcel is on its way")
        if shipment.purpose == shipment.Purpose.BACK:
            headline = _("Your goods are on their way back to you")
        return _letter(
            order,
            "shipment_dispatched",
            _("The tracking number of your parcel has changed") if corrected else headline,
            corrected=corrected,
            courier=shipment.courier.name,
            tracking_number=shipment.tracking_number,
            tracking_page=shipment.address,
            sent=_day(dates.day_of(at=shipment.shipped_at), order.language),
            packed=parcel.items,
            left=left,
        )


def shipment_delivered(*, parcel: Parcel, all_arrived: bool) -> Letter:
    """Compose the news that a parcel arrived, and how and until when it can be returned (Act §17 and §18)."""
    shipment = parcel.shipment
    order, at = shipment.order, shipment.delivered_at
    if at is None or parcel.withdraw_until is None:
        raise ValueError("the parcel has not arrived")
    assumed = shipment.arrival == shipment.Arrival.ASSUMED
    with _speaking(order):
        return _letter(
            order,
            "shipment_delivered",
            _("Has your parcel arrived?") if assumed else _("Your parcel has arrived"),
            assumed=assumed,
            waited=settings.FULFILMENT_DELIVERED_DAYS,
            delivered=_day(dates.day_of(at=at), order.language),
            withdraw_until=_day(parcel.withdraw_until, order.language),
            confirmed=_day(dates.confirm_from(delivered_at=at), order.language) if all_arrived else "",
            packed=parcel.items,
        )


def refund_account_needed(*, order: Order, refund: Refund) -> Letter:
    """Compose the question to which account a deposit may go back. The account itself is never in a mail."""
    with _speaking(order):
        return _letter(
            order,
            "refund_account_needed",
            _("Where may we send your refund?"),
            refunded=amounts.show(refund.amount, language=order.language),
            parts=refund_words.parts(refund=refund, language=order.language),
            points_back=refund_words.points(refund=refund, language=order.language),
            account_page=links.refund_account(order=order),
        )


def webhook_disabled(
    *, endpoint: WebhookEndpoint, reason: str, to: str, language: str, moment: datetime
) -> Letter:
    """Compose the news for the shop itself that webhooks to an address have stopped."""
    with translation.override(language):
        shop, headline = sender(language=language), _("A webhook was switched off")
        return Letter(
            kind="webhook_disabled",
            order_id=None,
            to=to,
            language=language,
            subject=f"[{shop.brand}] {headline} · {endpoint.name}",
            context={
                "headline": headline,
                "shop": shop,
                "home": links.home(),
                "endpoint": endpoint,
                "gone": reason == WebhookEndpoint.DisabledReason.GONE,
                "at": _moment(moment, language),
                "page": links.webhook_page(endpoint=endpoint),
            },
        )


def _paid_with(order: Order) -> str:
    return methods.paid_with(detail=order.payment.method_detail, language=order.language)


@contextmanager
def _speaking(order: Order) -> Iterator[None]:
    with translation.override(order.language):
        yield


def _letter(order: Order, kind: str, headline: str, **more: Any) -> Letter:
    shop = sender(language=order.language)
    return Letter(
        kind=kind,
        order_id=order.pk,
        to=order.email,
        language=order.language,
        subject=f"[{shop.brand}] {headline} · {order.number}",
        context={
            "headline": headline,
            "shop": shop,
            "home": links.home(),
            "order": order,
            "placed": _moment(order.placed_at, order.language),
            "order_page": links.order_page(order=order),
            "items": [_item(line, order.language) for line in order.lines.all()],
            "goods": amounts.show(order.items_total, language=order.language),
            "shipping": amounts.show(order.shipping_total, language=order.language),
            "discount": amounts.show(-order.reduction, language=order.language),
            "coupon": _coupon(order),
            "points_used": amounts.show(-order.points_total, language=order.language),
            "total": amounts.show(order.total, language=order.language),
            "vat": amounts.show(order.vat, language=order.language),
            **more,
        },
    )


def _coupon(order: Order) -> str:
    """Return how the coupon is called that an order used; empty for none."""
    used = coupons.of_order(order=order)
    return used.ticket.coupon.title(order.language) if used else ""


def _deposit(order: Order, headline: str, *, soon: bool) -> Letter:
    account = order.payment.account
    return _letter(
        order,
        "deposit_awaited",
        headline,
        soon=soon,
        bank=banks.name(code=account.get("bank", ""), language=order.language),
        account=account.get("number", ""),
        holder=account.get("holder", ""),
        until=_moment(order.pay_until, order.language),
    )


def _moment(at: datetime, language: str) -> str:
    """Return a time on the shop's clocks; Django's own Korean format puts 오전 and 오후 behind the hour."""
    return format_date(timezone.localtime(at), "Y년 n월 j일 H:i" if language == "ko" else "N j, Y, H:i")


def _day(day: date, language: str) -> str:
    """Return a day with its weekday."""
    return format_date(day, "Y년 n월 j일 l" if language == "ko" else "D, N j, Y")


def _item(line: Any, language: str) -> Item:
    return Item(
        title=line.title,
        options=line.option_text,
        quantity=line.quantity,
        unit=amounts.show(line.unit_price, language=language),
        total=amounts.show(line.total, language=language),
        dispatch=words.dispatch(late=line.late, quantity=line.quantity, ships_on=line.ships_on),
    )


# What the letters of other subjects are made with.
compose, speaking, day = _letter, _speaking, _day

"""Everything that the shop keeps about a customer, part by part: how it is copied out, and how it is forgotten.

`settings.PERSONAL_DATA` names the tuples of parts. Whoever keeps something new about people adds a `Part`; until then
`commerce.privacy.elsewhere` speaks for the tables that point at accounts.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from commerce.cart.models import Cart, CartLine
from commerce.claims.models import Claim, ClaimPhoto
from commerce.consents import services as consents
from commerce.coupons import selectors as coupon_uses
from commerce.coupons import services as coupons
from commerce.coupons.models import CouponTicket
from commerce.customers.models import Address, User
from commerce.orders.models import Order
from commerce.payments.models import Refund
from commerce.points import services as points
from commerce.points.models import PointsEntry
from commerce.privacy import elsewhere
from commerce.privacy.models import PersonalExport
from commerce.privacy.shapes import Part, Rows


def all_parts() -> list[Part]:
    """Return every part that the shop's settings name, then the tables that none of them names."""
    named = [part for path in settings.PERSONAL_DATA for part in import_string(path)]
    return named + elsewhere.parts(known={model for part in named for model in part.models})


def photo_names(*, customer_id: int) -> list[str]:
    """Return the names of the photos that a customer sent, in the private storage."""
    rows = ClaimPhoto.objects.filter(claim__order__customer_id=customer_id)
    return list(rows.order_by("pk").values_list("name", flat=True))


def _account(customer_id: int) -> Rows:
    user = User.objects.get(pk=customer_id)
    return [
        {
            "email": user.email,
            "name": user.first_name,
            "phone": user.phone,
            "joined_at": _time(user.date_joined),
            "last_login": _time(user.last_login),
        }
    ]


def _addresses(customer_id: int) -> Rows:
    names = ("recipient_name", "recipient_phone", "postcode", "address1", "address2", "delivery_note")
    return _values(Address.objects.filter(customer_id=customer_id).order_by("pk"), (*names, "is_default"))


def _forget_addresses(customer_id: int, _now: datetime) -> None:
    Address.objects.filter(customer_id=customer_id).delete()


def _carts(customer_id: int) -> Rows:
    rows = CartLine.objects.filter(cart__customer_id=customer_id, cart__ordered_at=None).order_by("pk")
    return [
        {"sku": line.variant.sku, "quantity": line.quantity, "added_at": _time(line.added_at)}
        for line in rows.select_related("variant")
    ]


def _forget_carts(customer_id: int, _now: datetime) -> None:
    Cart.objects.filter(customer_id=customer_id, ordered_at=None).delete()
    Cart.objects.filter(customer_id=customer_id).update(customer=None)


def _orders(customer_id: int) -> Rows:
    rows = Order.objects.filter(customer_id=customer_id).order_by("pk")
    return [_order(order) for order in rows.select_related("payment").prefetch_related("lines", "timeline")]


def _order(order: Order) -> dict[str, Any]:
    names = ("number", "status", "payment_status", "fulfilment_status", "email", "name", "phone")
    where = ("recipient_name", "recipient_phone", "postcode", "address1", "address2", "delivery_note")
    sums = (
        "items_total",
        "shipping_total",
        "discount_total",
        "points_total",
        "total",
        "vat",
        "terms_version",
    )
    return {
        **{name: getattr(order, name) for name in (*names, *where, *sums)},
        "placed_at": _time(order.placed_at),
        "paid_at": _time(order.paid_at),
        "confirmed_at": _time(order.confirmed_at),
        "coupon": _coupon(order),
        "payment_method": order.payment.method,
        "payment_detail": order.payment.method_detail,
        "lines": [
            {
                "sku": line.sku,
                "title": line.title,
                "option": line.option_text,
                "quantity": line.quantity,
                "total": line.total,
            }
            for line in order.lines.all()
        ],
        "history": [{"what": entry.kind, "at": _time(entry.at)} for entry in order.timeline.all()],
    }


def _coupon(order: Order) -> str:
    used = coupon_uses.of_order(order=order)
    return used.ticket.coupon.title_ko if used else ""


def _refunds(customer_id: int) -> Rows:
    rows = Refund.objects.filter(payment__order__customer_id=customer_id).order_by("pk")
    return [
        {
            "order": refund.payment.order.number,
            "amount": refund.amount,
            "points": refund.points,
            "state": refund.state,
            "reason": refund.reason,
            "requested_at": _time(refund.requested_at),
        }
        for refund in rows.select_related("payment__order")
    ]


def _claims(customer_id: int) -> Rows:
    rows = Claim.objects.filter(order__customer_id=customer_id).order_by("pk").select_related("order")
    return [
        {
            "order": claim.order.number,
            "kind": claim.kind,
            "state": claim.state,
            "reason": claim.reason,
            "text": claim.text,
            "reply": claim.reply,
            "requested_at": _time(claim.requested_at),
            "photos": claim.photos.count(),
        }
        for claim in rows
    ]


def _consents(customer_id: int) -> Rows:
    """Return what was agreed to with each order; what was agreed to at sign-up is another part's."""
    rows = Order.objects.filter(customer_id=customer_id).order_by("pk")
    return [
        {
            "kind": "terms",
            "order": order.number,
            "text_version": order.terms_version,
            "at": _time(order.placed_at),
        }
        for order in rows
    ]


def _exports(customer_id: int) -> Rows:
    rows = PersonalExport.objects.filter(customer_id=customer_id).order_by("pk")
    return [{"requested_at": _time(row.requested_at), "state": row.state} for row in rows]


def _time(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _values(rows: Any, names: Iterable[str]) -> Rows:
    return list(rows.values(*names))


def _points(customer_id: int) -> Rows:
    rows = PointsEntry.objects.filter(account__customer_id=customer_id).order_by("pk")
    return [
        {"kind": row.kind, "amount": row.amount, "at": _time(row.at), "expires_at": _time(row.expires_at)}
        for row in rows
    ]


def _coupons(customer_id: int) -> Rows:
    rows = CouponTicket.objects.filter(customer_id=customer_id).order_by("pk")
    return [
        {
            "title": row.coupon.title_ko,
            "issued_at": _time(row.issued_at),
            "expires_at": _time(row.ends_at),
            "used_for": [use.order.number for use in row.uses.order_by("pk") if use.returned_at is None],
        }
        for row in rows.select_related("coupon").prefetch_related("uses__order")
    ]


def _forget_coupons(customer_id: int, _now: datetime) -> None:
    coupons.forget(customer_id=customer_id)


def _forfeit_points(customer_id: int, now: datetime) -> None:
    points.forfeit(customer_id=customer_id, now=now)


def _bare_consents(customer_id: int, _now: datetime) -> None:
    """Leave the acts, which prove what was agreed to and name nobody any more (PIPA §22), without the addresses."""
    consents.forget_addresses(user_id=customer_id)


PARTS: tuple[Part, ...] = (
    Part(name="account", title=_("Account"), collect=_account),
    Part(
        name="addresses",
        title=_("Addresses"),
        collect=_addresses,
        forget=_forget_addresses,
        models=("commerce.Address",),
    ),
    Part(name="cart", title=_("Cart"), collect=_carts, forget=_forget_carts, models=("commerce.Cart",)),
    Part(name="orders", title=_("Orders"), collect=_orders, models=("commerce.Order",)),
    Part(
        name="points",
        title=_("Points"),
        collect=_points,
        forget=_forfeit_points,
        models=("commerce.PointsAccount",),
    ),
    Part(
        name="coupons",
        title=_("Coupons"),
        collect=_coupons,
        forget=_forget_coupons,
        models=("commerce.CouponTicket",),
    ),
    Part(name="refunds", title=_("Refunds"), collect=_refunds),
    Part(name="claims", title=_("Returns and exchanges"), collect=_claims),
    Part(
        name="consents",
        title=_("What you agreed to"),
        collect=_consents,
        forget=_bare_consents,
        models=("commerce.Consent",),
    ),
    Part(
        name="exports", title=_("Copies of your data"), collect=_exports, models=("commerce.PersonalExport",)
    ),
)

"""The page of an order: everything that staff must know, on one screen."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import Http404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.admin.views import generic
from wagtail.admin.widgets.button import HeaderButton

from cms.backoffice import (
    accesses,
    claim_views,
    coupon_block,
    customers,
    order_acts,
    parcel_block,
    people,
    policies,
    receipt_facts,
    refund_page,
    refund_words,
    words,
)
from commerce.catalog.shapes import DEFAULT_LANGUAGE, Picture
from commerce.orders import selectors as orders
from commerce.orders.models import Order, OrderLine, TimelineEntry
from commerce.orders.states import Status
from commerce.payments import methods
from commerce.payments.models import Payment, PaymentNotice

_TONES = {
    "paid": "good",
    "delivered": "good",
    "confirmed": "good",
    "refunded": "wait",
    "refund_requested": "wait",
    "taken_back": "wait",
    "claim_requested": "wait",
    "claim_received": "wait",
    "claim_settled": "good",
    "claim_rejected": "bad",
    "payment_failed": "bad",
    "flagged": "bad",
    "cancelled": "mute",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """An entry of the timeline in words."""

    text: words.Words
    at: str
    person: str
    detail: words.Words
    tone: str


class OrderPage(generic.InspectView):
    """The page."""

    template_name = "backoffice/order.html"
    fields = ["number"]
    object: Order

    def get_object(self, queryset: Any = None) -> Order:
        """Read the order with its lines, timeline and payment."""
        try:
            return orders.by_id(order_id=self.pk)
        except Order.DoesNotExist as unknown:
            raise Http404 from unknown

    def get_page_title(self) -> str:
        """Call the page by the order's number."""
        return self.object.number

    def get_page_subtitle(self) -> str:
        """Say nothing twice."""
        return ""

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Lead back to the list."""
        return [
            *self.breadcrumbs_items,
            {"url": reverse(self.index_url_name), "label": _("Orders")},
            {"url": "", "label": self.object.number},
        ]

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        """Offer the page that the shopper sees."""
        new_tab = {"target": "_blank", "rel": "noreferrer"}
        return [
            HeaderButton(
                _("Shopper's page"), url=shop_page(order=self.object), icon_name="view", attrs=new_tab
            ),
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what the template shows."""
        order, user = self.object, self.request.user
        if user.has_perm(policies.SEE_PEOPLE):
            accesses.note(self.request, act="order", subject=f"order:{order.pk}")
        coupons = coupon_block.of(order=order, user=user)
        return {
            **super().get_context_data(**kwargs),
            "order": order,
            "total": words.won(order.total),
            "placed_at": words.moment(order.placed_at),
            "lines": [_line(line) for line in order.lines.all()],
            "sums": _sums(order, coupon_block.label(coupon=coupons["coupon"])),
            **coupons,
            "customer": customers.of(order=order, sees_people=user.has_perm(policies.SEE_PEOPLE)),
            "tags": _tags(order),
            "flag": words.reason(order.flag) if order.flag else "",
            "steps": _steps(list(order.timeline.all())),
            "may_act": user.has_perm(policies.ACT_ON_ORDERS),
            "may_refund": user.has_perm(policies.ACT_ON_ORDERS) and refund_page.is_possible(order=order),
            "acts": order_acts.possible(order=order) if user.has_perm(policies.ACT_ON_ORDERS) else [],
            "claims": claim_views.block(order=order),
            **parcel_block.of(order=order, may_act=user.has_perm(policies.ACT_ON_ORDERS)),
            **_money(getattr(order, "payment", None), closed=order.status == Status.CANCELLED),
        }


def shop_page(*, order: Order) -> str:
    """Return the address of the page that the shopper sees, in the order's language."""
    prefix = "" if order.language == settings.LANGUAGE_CODE else f"/{order.language}"
    return f"{prefix}/orders/{order.token}/"


def _line(line: OrderLine) -> dict[str, Any]:
    return {
        "row": line,
        "picture": Picture.of(line.picture, language=get_language() or "ko"),
        "price": words.won(line.unit_price),
        "total": words.won(line.total),
    }


def _sums(order: Order, reduced_by: words.Words) -> list[tuple[words.Words, str]]:
    rows: list[tuple[words.Words, str]] = [
        (_("Goods"), words.won(order.items_total)),
        (order.shipping_name, words.won(order.shipping_total)),
    ]
    if order.reduction:
        rows.append((reduced_by, words.won(-order.reduction)))
    if order.points_total:
        rows.append((_("Points used"), words.won(-order.points_total)))
    return [*rows, (_("Total"), words.won(order.total)), (_("VAT included"), words.won(order.vat))]


def _tags(order: Order) -> list[tuple[words.Words, str, str]]:
    fields = {
        "status": _("Order status"),
        "payment_status": _("Payment"),
        "fulfilment_status": _("Fulfilment"),
    }
    return [
        (label, words.status(order, field), words.TONES.get(getattr(order, field), "calm"))
        for field, label in fields.items()
        if words.status(order, field)
    ]


def _steps(entries: list[TimelineEntry]) -> list[Step]:
    names = people.names(entry.actor for entry in entries)
    return [
        Step(
            text=words.STEPS.get(entry.kind, entry.kind),
            at=words.moment(entry.at),
            person=names[entry.actor],
            detail=_detail(entry.data),
            tone=_TONES.get(entry.kind, "calm"),
        )
        for entry in reversed(entries)
    ]


def _detail(data: dict[str, Any]) -> str:
    parts = [str(words.reason(data["reason"])) if data.get("reason") else "", data.get("note", "")]
    parts.append(words.parcel(data))
    if data.get("amount"):
        parts.append(words.won(data["amount"]))
    return " · ".join(part for part in parts if part)


def _money(payment: Payment | None, *, closed: bool) -> dict[str, Any]:
    if payment is None:
        return {"payment": None}
    rows = payment.refunds.prefetch_related("lines")
    notices = PaymentNotice.objects.filter(payment_id=payment.payment_id).order_by("-received_at")[:20]
    return {
        "payment": payment,
        "facts": _facts(payment),
        "receipt": receipt_facts.of(payment=payment),
        "refunds": [refund_words.listed(row=row, closed=closed) for row in rows.order_by("-pk")],
        "notices": [(words.notice(row.kind), words.moment(row.received_at)) for row in notices],
    }


def _facts(payment: Payment) -> list[tuple[words.Words, Any]]:
    method = words.METHODS.get(payment.method, payment.method)
    paid_with = methods.paid_with(detail=payment.method_detail, language=get_language() or DEFAULT_LANGUAGE)
    account = payment.account
    rows: list[tuple[words.Words, Any]] = [
        (_("State at PortOne"), payment.get_state_display()),
        (_("Amount"), words.won(payment.amount)),
        (_("Given back"), words.won(payment.cancelled_amount) if payment.cancelled_amount else ""),
        (_("Method"), " · ".join(str(part) for part in (method, paid_with) if part)),
        (_("Provider"), payment.provider),
        (_("Deposit to"), " ".join(account.get(key, "") for key in ("bank", "number")).strip()),
        (_("Last failure"), payment.failure),
        (_("Payment id"), payment.payment_id),
        (_("Transaction id"), payment.transaction_id),
        (_("Paid at"), words.moment(payment.paid_at)),
        (_("Last asked"), words.moment(payment.checked_at) or _("never")),
    ]
    return [(label, value) for label, value in rows if value]

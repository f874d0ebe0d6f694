"""A customer's orders, as my page lists them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from commerce.catalog.shapes import Picture
from commerce.orders.models import Order, OrderLine
from commerce.orders.states import IN_THE_SHOP, FulfilmentStatus, PaymentStatus, Status

PER_PAGE = 10


class Stage(StrEnum):
    """How far an order is, as a shopper thinks of it; each order has exactly one."""

    UNPAID = "unpaid"
    PREPARING = "preparing"
    UNDER_WAY = "under_way"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"


LABELS: dict[Stage, Promise] = {
    Stage.UNPAID: _("Waiting for payment"),
    Stage.PREPARING: _("Being prepared"),
    Stage.UNDER_WAY: _("On its way"),
    Stage.DELIVERED: _("Delivered"),
    Stage.CANCELLED: _("Cancelled"),
}
PERIODS: dict[str, timedelta] = {
    "1m": timedelta(days=31),
    "3m": timedelta(days=92),
    "6m": timedelta(days=183),
    "1y": timedelta(days=366),
}
_CONDITIONS: dict[Stage, Q] = {
    Stage.UNPAID: Q(status=Status.PLACED),
    Stage.PREPARING: Q(status=Status.PAID, fulfilment_status__in=IN_THE_SHOP),
    Stage.UNDER_WAY: Q(status=Status.PAID) & ~Q(fulfilment_status__in=IN_THE_SHOP),
    Stage.DELIVERED: Q(status=Status.FULFILLED),
    Stage.CANCELLED: Q(status=Status.CANCELLED),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """An order as a card; its first product stands for it."""

    order: Order
    stage: Stage
    label: str | Promise
    title: str
    more: int  # other products
    picture: Picture | None
    may_cancel: bool
    may_return: bool


def page(
    *,
    customer_id: int,
    language: str,
    words: str = "",
    since: datetime | None = None,
    stage: str = "",
    number: int = 1,
) -> Page[Order]:
    """Return a page of a customer's orders, newest first; `words` are searched in numbers, titles and SKUs.

    Its `object_list` holds `Listed`. A page that does not exist is the last one.
    """
    rows = Order.objects.filter(customer_id=customer_id)
    if words:
        rows = rows.filter(_about(words))
    if since:
        rows = rows.filter(placed_at__gte=since)
    if stage in set(Stage):
        rows = rows.filter(_CONDITIONS[Stage(stage)])
    found = Paginator(rows.prefetch_related("lines").order_by("-placed_at", "-pk"), PER_PAGE).get_page(number)
    found.object_list = listed(found.object_list, language=language)  # type: ignore[assignment]  # cards of them
    return found


def recent(*, customer_id: int, language: str, most: int = 3) -> list[Listed]:
    """Return a customer's newest orders."""
    rows = Order.objects.filter(customer_id=customer_id).prefetch_related("lines")
    return listed(rows.order_by("-placed_at", "-pk")[:most], language=language)


def counts(*, customer_id: int, since: datetime) -> list[tuple[Stage, str | Promise, int]]:
    """Return how many of a customer's orders since then are in each stage, in one query."""
    rows: QuerySet[Order] = Order.objects.filter(customer_id=customer_id, placed_at__gte=since)
    found = [stage_of(order) for order in rows.only("status", "fulfilment_status")]
    return [(stage, label, found.count(stage)) for stage, label in LABELS.items()]


def listed(rows: Iterable[Order], *, language: str) -> list[Listed]:
    """Return orders as cards."""
    return [_listed(order, language) for order in rows]


def stage_of(order: Order) -> Stage:
    """Return how far an order is."""
    if order.status == Status.CANCELLED:
        return Stage.CANCELLED
    if order.status == Status.FULFILLED:
        return Stage.DELIVERED
    if order.status == Status.PLACED:
        return Stage.UNPAID
    return Stage.PREPARING if FulfilmentStatus(order.fulfilment_status) in IN_THE_SHOP else Stage.UNDER_WAY


def _about(words: str) -> Q:
    lines = OrderLine.objects.filter(order_id=OuterRef("pk"))
    goods = lines.filter(Q(title__icontains=words) | Q(sku__icontains=words))
    return Q(number__icontains=words) | Q(Exists(goods))


def _listed(order: Order, language: str) -> Listed:
    lines = list(order.lines.all())
    first = lines[0] if lines else None
    stage = stage_of(order)
    kept = order.payment_status != PaymentStatus.REFUNDED
    return Listed(
        order=order,
        stage=stage,
        label=LABELS[stage],
        title=first.title if first else "",
        more=max(len(lines) - 1, 0),
        picture=Picture.of(first.picture, language=language) if first else None,
        may_cancel=stage == Stage.UNPAID or order.holds_everything,
        may_return=stage == Stage.DELIVERED and kept,
    )

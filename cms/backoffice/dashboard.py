"""The first thing that staff sees: what waits, what came in, what runs out."""

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.admin.ui.components import Component

from cms.backoffice import figures, words
from commerce.sales.selectors import Seller

logger = logging.getLogger(__name__)
_SECONDS = 60  # many people look, few orders come between two looks


class ShopPanel(Component):
    """The shop's numbers, each a link to what it counts; shows only what the person may see."""

    name = "shop"
    order = 50
    template_name = "backoffice/dashboard.html"

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Add the numbers."""
        user = parent_context["request"].user if parent_context else None
        if user is None:
            return {}
        sees_orders, sees_stock = (user.has_perm(f"commerce.view_{name}") for name in ("order", "stockitem"))
        orders = _kept("orders", lambda: figures.of_orders(now=timezone.now())) if sees_orders else None
        stock = _kept("stock", figures.of_stock) if sees_stock else None
        tiles = (_orders(orders) if orders else []) + (_stock(stock) if stock else [])
        tiles += _voices(user)
        sellers = _kept("sellers", lambda: figures.best_sellers(now=timezone.now())) if sees_orders else ()
        return {"tiles": tiles, "days": _week(orders) if orders else None, "sellers": _sellers(sellers)}


def _kept(name: str, count: Callable[[], Any]) -> Any:
    """Count at most once a minute; count every time when the cache is away: staff works on without it."""
    key = f"backoffice-{name}"
    try:
        found = cache.get(key)
    except Exception as trouble:  # noqa: BLE001  # whatever the cache's client raises
        logger.warning("the dashboard counts without the cache: %s", trouble)
        return count()
    if found is None:
        found = count()
        cache.set(key, found, _SECONDS)
    return found


def _orders(found: figures.OrderFigures) -> list[dict[str, Any]]:
    address = reverse("orders:index")
    today = found.days[-1]
    unpaid = "status=placed&payment_status=pending&payment_status=failed"
    day = f"{today.date:%Y-%m-%d}"
    return [
        _tile(
            _("To ship"),
            found.to_ship,
            f"{reverse('to-ship:index')}{'?stage=overdue' if found.overdue else ''}",
            "bad" if found.overdue else "wait",
            ngettext("%(count)s overdue", "%(count)s overdue", found.overdue) % {"count": found.overdue}
            if found.overdue
            else "",
        ),
        _tile(
            _("Paid today"),
            words.won(today.won),
            f"{address}?paid_at_from={day}&paid_at_to={day}",
            "good",
            ngettext("%(count)s order", "%(count)s orders", today.orders) % {"count": today.orders},
        ),
        _tile(
            _("Waiting for payment"),
            found.awaiting_payment + found.awaiting_deposit,
            f"{address}?{unpaid}&payment_status=awaiting_deposit",
            "calm",
            _("%(count)s of them for a deposit") % {"count": found.awaiting_deposit},
        ),
        _tile(
            _("Returns and exchanges"),
            found.claims,
            f"{reverse('claims:index')}?{'clock=overdue' if found.claims_overdue else 'state=open'}",
            "bad" if found.claims_overdue else "wait",
            ngettext("%(count)s overdue", "%(count)s overdue", found.claims_overdue)
            % {"count": found.claims_overdue}
            if found.claims_overdue
            else "",
        ),
        _tile(_("Payments to check"), found.flagged, f"{address}?flagged=true", "bad"),
    ]


def _stock(found: figures.StockFigures) -> list[dict[str, Any]]:
    address = reverse("stock:index")
    return [
        _tile(_("Sold out"), found.sold_out, f"{address}?level=out&on_sale=true", "bad"),
        _tile(_("Low stock"), found.low, f"{address}?level=low&on_sale=true", "wait"),
    ]


def _voices(user: Any) -> list[dict[str, Any]]:
    tiles = []
    if user.has_perm("commerce.view_review"):
        count = _kept("reviews", figures.reviews_to_judge)
        tiles.append(_tile(_("Reviews to judge"), count, f"{reverse('reviews:index')}?state=pending", "wait"))
    if user.has_perm("commerce.view_question"):
        count = _kept("questions", figures.questions_to_answer)
        tiles.append(_tile(_("Open questions"), count, f"{reverse('questions:index')}?state=open", "wait"))
    return tiles


def _tile(label: str, value: Any, address: str, tone: str, detail: str = "") -> dict[str, Any]:
    quiet = value == 0
    return {
        "label": label,
        "value": value,
        "address": address,
        "tone": "mute" if quiet else tone,
        "detail": detail,
    }


def _sellers(found: Sequence[Seller]) -> list[dict[str, Any]]:
    return [
        {
            "title": seller.title,
            "address": reverse("product", args=[seller.slug]),
            "units": seller.units,
            "won": words.won(seller.won),
        }
        for seller in found
    ]


def _week(found: figures.OrderFigures) -> dict[str, Any]:
    most = max((day.won for day in found.days), default=0) or 1
    return {
        "total": words.won(sum(day.won for day in found.days)),
        "orders": sum(day.orders for day in found.days),
        "bars": [
            {
                "label": f"{day.date:%m-%d}",
                "won": words.won(day.won),
                "orders": day.orders,
                "height": round(100 * day.won / most),
                "top": 100 - round(100 * day.won / most),
            }
            for day in found.days
        ],
    }

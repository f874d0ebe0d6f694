"""Packing slips and order documents for the printer, one order per page, and the file of what is to ship."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from wagtail.log_actions import log

from cms.backoffice import accesses, customers, policies, to_ship_file
from commerce.fulfilment import selectors
from commerce.fulfilment.selectors import Packed
from commerce.orders import document
from commerce.orders.models import Order

MOST = 200  # orders at once: a browser prints no more with ease
KINDS = ("slip", "document")


@never_cache
@require_safe
def sheets(request: HttpRequest, kind: str) -> HttpResponse:
    """Show the sheets of the orders `?order=`, or of everything that is to ship; `?parcel=` of one parcel."""
    if not request.user.has_perm("commerce.view_order"):
        raise PermissionDenied
    if kind not in KINDS:
        raise Http404
    orders = list(_chosen(request).select_related("payment")[:MOST])
    _record(request, "backoffice.print", orders, kind=kind)
    sees_people = request.user.has_perm(policies.SEE_PEOPLE)
    pages = _slips(orders, request.GET.get("parcel", "")) if kind == "slip" else _documents(orders)
    for page in pages:
        page["customer"] = customers.of(order=page["order"], sees_people=sees_people)
        page["language"] = page["order"].language  # the sheet goes to the shopper
    return render(request, "backoffice/print.html", {"pages": pages, "kind": kind, "most": MOST})


@never_cache
@require_safe
def download(request: HttpRequest) -> HttpResponse:
    """Hand over the orders `?order=`, or everything that is to ship, as a file for couriers."""
    if not request.user.has_perm(policies.EXPORT_ORDERS):
        raise PermissionDenied
    encoding = request.GET.get("encoding", "utf-8")
    if encoding not in to_ship_file.ENCODINGS:
        raise Http404
    orders = [order for order in _chosen(request) if order.paid_at]
    _record(request, "backoffice.export_to_ship", orders)
    data = to_ship_file.write(
        orders=orders,
        encoding=encoding,
        sees_people=request.user.has_perm(policies.SEE_PEOPLE),
    )
    answer = HttpResponse(data, content_type=f"text/csv; charset={encoding}")
    answer["Content-Disposition"] = f'attachment; filename="{to_ship_file.name(now=timezone.now())}"'
    return answer


def _chosen(request: HttpRequest) -> QuerySet[Order]:
    ids = [int(text) for text in request.GET.getlist("order") if text.isascii() and text.isdigit()]
    rows = Order.objects.filter(pk__in=ids).order_by("paid_at", "pk") if ids else selectors.to_ship()
    return rows.prefetch_related("lines")


def _record(request: HttpRequest, action: str, orders: Sequence[Order], **more: Any) -> None:
    if request.user.has_perm(policies.SEE_PEOPLE):
        subject = f"order:{orders[0].pk}" if len(orders) == 1 else "orders"
        act = "print" if action == "backoffice.print" else "export"
        accesses.note(request, act=act, subject=subject, count=len(orders))
    log(instance=request.user, action=action, user=request.user, data={"orders": len(orders), **more})


def _slips(orders: Sequence[Order], parcel: str) -> list[dict[str, Any]]:
    return [_slip(order, parcel) for order in orders]


def _slip(order: Order, parcel: str) -> dict[str, Any]:
    """Return what lies in the box: a parcel's contents, or what is left to send, or else the whole order."""
    found = selectors.parcels(order=order)
    sent = next((row for row in found.parcels if str(row.shipment.pk) == parcel), None)
    whole = [Packed(line=line, quantity=line.quantity) for line in order.lines.all()]
    packed = sent.items if sent else found.left or whole
    units = {row.line.pk: row.quantity for row in packed}
    refunded = selectors.withdrawn(order=order)
    return {
        "order": order,
        "refunded": [replace(row, quantity=refunded[row.line.pk]) for row in whole if refunded[row.line.pk]],
        "shipment": sent.shipment if sent else None,
        "packed": packed,
        "units": sum(units.values()),
        "elsewhere": [
            row for row in whole if units.get(row.line.pk, 0) + refunded[row.line.pk] < row.quantity
        ],
    }


def _documents(orders: Sequence[Order]) -> list[dict[str, Any]]:
    pages = []
    for order in orders:
        with translation.override(order.language):
            pages.append({"order": order, "document": document.of(order=order)})
    return pages

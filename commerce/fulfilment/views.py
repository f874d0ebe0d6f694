"""What a shopper says of parcels: it is here, and I keep it. Each is asked once, then done."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods

from commerce.fulfilment import selectors, services
from commerce.fulfilment.models import Shipment
from commerce.orders import selectors as orders
from commerce.orders.models import Order

unshared = cache_control(private=True, no_store=True)


@unshared
@require_http_methods(["GET", "HEAD", "POST"])
def received(request: HttpRequest, token: str, parcel: int) -> HttpResponse:
    """Ask whether a parcel is here (GET), and write it down (POST)."""
    order = _order(token)
    found = next((row for row in selectors.parcels(order=order).parcels if row.shipment.pk == parcel), None)
    if found is None or found.shipment.delivered_at:
        return _back(order)
    if request.method != "POST":
        return _ask(request, "commerce/parcel_received.html", order=order, parcel=found)
    now = timezone.now()
    try:
        services.mark_delivered(shipment_id=parcel, at=now, now=now, how=Shipment.Arrival.SHOPPER)
    except Shipment.DoesNotExist:
        return _back(order)
    messages.success(request, gettext("Thank you. We noted that the parcel is here."))
    return _back(order)


@unshared
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Ask whether the shopper keeps everything (GET), and write it down (POST)."""
    order = _order(token)
    found = selectors.parcels(order=order)
    if order.confirmed_at or not services.may_confirm(order=order):
        return _back(order)
    if request.method != "POST":
        return _ask(request, "commerce/order_confirm.html", order=order, found=found)
    try:
        services.confirm_purchase(order_id=order.pk, now=timezone.now())
    except services.NotDelivered:
        return _back(order)
    messages.success(request, gettext("Your purchase is confirmed. Thank you."))
    return _back(order)


def _ask(request: HttpRequest, template: str, **context: object) -> HttpResponse:
    response = render(request, template, context)
    response["Referrer-Policy"] = "same-origin"  # the address is the key to the page
    response["X-Robots-Tag"] = "noindex"
    return response


def _back(order: Order) -> HttpResponse:
    return redirect("order", token=order.token)


def _order(token: str) -> Order:
    order = orders.by_token(token=token)
    if order is None:
        raise Http404
    return order

"""Show the order sheet: its form, and the sum of what was chosen so far."""

import uuid
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from commerce.cart import quotes, session
from commerce.checkout import coupon_entry, forms, known, points_entry, saved, selectors, services, shown
from commerce.checkout.views import answers
from commerce.money import amounts


def show(
    request: HttpRequest,
    *,
    form: forms.OrderSheet,
    quote: quotes.Quote,
    changed: services.CartChanged | None = None,
    said: dict[str, str] | None = None,
) -> HttpResponse:
    """Show the sheet; `changed` is why an order was not placed, `said` what a coupon or its code did."""
    checking = changed is not None or any(
        act in request.POST for act in ("adjust", "apply", "use", "coupon_act", "points_act")
    )
    owner = session.customer_id(request)
    context = sums(quote=quote) | {
        **(said or {}),
        "form": form,
        "coupons": coupon_entry.read(request, quote=quote, now=timezone.now()),
        "points": points_entry.read(request, quote=quote, now=timezone.now()),
        "changed": changed,
        "show_errors": form.is_bound and not checking,
        "sandbox": answers.sandbox(),
        "kept": not owner and bool(saved.read(request)),
        "owner": owner,
        "addresses": known.choices(request),
        "postcode_search": settings.POSTCODE_SCRIPT_URL,
    }
    return render(request, "commerce/checkout.html", context)


def again(request: HttpRequest, *, form: forms.OrderSheet, cart_token: uuid.UUID | None) -> HttpResponse:
    """Show the sheet with the sum of what was typed so far."""
    quote = priced(request, cart_token=cart_token, postcode=forms.postcode(request.POST))
    if not quote.lines:
        return nothing_to_order(request, cart_token=cart_token)
    return show(request, form=form, quote=quote)


def nothing_to_order(request: HttpRequest, *, cart_token: uuid.UUID | None) -> HttpResponse:
    """Lead to the order that the cart became, or to the empty cart."""
    order = selectors.placed_from(cart_token=cart_token)
    if order is None:
        return answers.SeeOther(reverse("cart"))
    messages.info(request, gettext("You have already placed this order."))
    return answers.SeeOther(reverse("order", args=[order.token]))


def priced(request: HttpRequest, *, cart_token: uuid.UUID | None, postcode: str = "") -> quotes.Quote:
    """Return the sum for a cart, less the coupon and the points that were chosen so far."""
    quote = quotes.quote(token=cart_token, language=answers.language(), now=timezone.now(), postcode=postcode)
    quote = coupon_entry.priced(request, quote=quote, now=timezone.now())
    return points_entry.priced(request, quote=quote, now=timezone.now())


def sums(*, quote: quotes.Quote) -> dict[str, Any]:
    """Return what the parts of the sheet need that depend on the sum; each showing has a key of its own."""
    return {"quote": quote, "shown": shown.write(quote=quote), "key": uuid.uuid4()}


def to_agree_again(request: HttpRequest) -> forms.OrderSheet:
    """Return the form as it was typed, except that the shopper has not seen this order yet."""
    typed = request.POST.copy()
    typed.pop("agree_order", None)
    return forms.OrderSheet(typed)


def news(*, before: shown.Shown | None, quote: quotes.Quote) -> str:
    """Return in words what the postcode does to the sum; a sentence also when it changes nothing."""
    names = {
        "zone": quote.shipping.zone,
        "surcharge": amounts.show(quote.shipping.surcharge, language=answers.language()),
        "total": amounts.show(quote.total, language=answers.language()),
    }
    if quote.shipping.surcharge:
        return gettext("Delivery to %(zone)s costs %(surcharge)s more. The total is %(total)s.") % names
    if before and before.total != quote.total:
        return gettext("The total is now %(total)s.") % names
    return gettext("Delivery to this postcode costs nothing extra. The total is %(total)s.") % names

"""The cart page and the three things that can be done to a cart. Whatever was typed, the page answers in words."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language, gettext, ngettext
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from commerce.cart import forms, quotes, services, session
from commerce.cart.models import MAX_QUANTITY
from commerce.catalog import selectors as catalog
from commerce.catalog import shapes

SUGGESTIONS = 4  # products that an empty cart offers

private = cache_control(private=True, no_cache=True)
View = Callable[[HttpRequest], HttpResponse]


def acts(view: View) -> View:
    """Let a view act on POST only; who merely visits its address (a changed language, a bookmark) sees the cart."""

    @wraps(view)
    @require_http_methods(["GET", "HEAD", "POST"])
    def guarded(request: HttpRequest) -> HttpResponse:
        return view(request) if request.method == "POST" else redirect("cart")

    return guarded


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A line that stayed as it was: what was typed, and why it was not taken."""

    sku: str
    typed: str
    why: str
    product: shapes.ProductView | None = None  # for what is not in the cart yet


@private
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Show the cart; `?removed=SKU&quantity=2` offers to put that line back."""
    removed = forms.Removed(request.GET)
    return _page(request, removed=removed.cleaned_data if removed.is_valid() else None)


@private
@acts
def add(request: HttpRequest) -> HttpResponse:
    """Put units of a variant into the cart, then go to `next` (an address of this shop) or to the cart."""
    form = forms.Add(request.POST)
    if not form.is_valid():
        return _page(request, refused_add=_not_added(request, _first_error(form)))
    try:
        cart = services.add(
            token=session.guest_token(request),
            customer_id=session.customer_id(request),
            now=timezone.now(),
            **form.cleaned_data,
        )
    except services.UnableToChangeCart as refusal:
        return _page(request, refused_add=_not_added(request, _why(refusal)))
    target = _next(request)
    if target == reverse("cart"):
        messages.success(request, gettext("Added to your cart."))
    response = redirect(target)
    if cart.customer_id is None:
        session.remember(response, token=cart.token)
    return response


@private
@acts
def change(request: HttpRequest) -> HttpResponse:
    """Set the quantity of a line; 0 takes it out and offers to put it back."""
    form = forms.Change(request.POST)
    if not form.is_valid():
        return _page(request, refused=_not_changed(request, _first_error(form)))
    sku, quantity = form.cleaned_data["sku"], form.cleaned_data["quantity"]
    if quantity == 0:
        return _remove(request, sku)
    try:
        services.change(token=session.token(request), sku=sku, quantity=quantity, now=timezone.now())
    except services.UnableToChangeCart as refusal:
        return _page(request, refused=_not_changed(request, _why(refusal)))
    messages.success(request, gettext("The quantity was changed."))
    return redirect("cart")


@private
@acts
def remove(request: HttpRequest) -> HttpResponse:
    """Take a line out and offer to put it back."""
    form = forms.Sku(request.POST)
    return _remove(request, form.cleaned_data["sku"]) if form.is_valid() else redirect("cart")


def _remove(request: HttpRequest, sku: str) -> HttpResponse:
    units = services.remove(token=session.token(request), sku=sku, now=timezone.now())
    if not units:
        return redirect("cart")
    return redirect(f"{reverse('cart')}?{urlencode({'removed': sku, 'quantity': units})}")


def _page(
    request: HttpRequest,
    *,
    removed: dict[str, Any] | None = None,
    refused: Refused | None = None,
    refused_add: Refused | None = None,
) -> HttpResponse:
    language = get_language() or shapes.DEFAULT_LANGUAGE
    quote = quotes.quote(token=session.token(request), language=language, now=timezone.now())
    return render(
        request,
        "commerce/cart.html",
        {
            "quote": quote,
            "cart_count": quote.units,  # known already: the header need not ask
            "removed": removed,
            "refused": refused,
            "refused_add": refused_add,
            "most": MAX_QUANTITY,
            "cards": []
            if quote.lines
            else catalog.newest(limit=SUGGESTIONS, language=language, now=timezone.now()),
        },
    )


def _not_added(request: HttpRequest, why: str) -> Refused:
    """Keep what was typed, beside the product it was meant for if that is for sale."""
    named = forms.Sku(request.POST)
    sku = named.cleaned_data["sku"] if named.is_valid() else ""
    variant = catalog.sellable(skus=[sku]).get(sku)
    language = get_language() or shapes.DEFAULT_LANGUAGE
    product = (
        catalog.product_page(slug=variant.product.slug, language=language, sku=sku, now=timezone.now())
        if variant
        else None
    )
    return Refused(
        sku=sku,
        typed=request.POST.get("quantity", "")[:20],
        why=why if product else gettext("This product is no longer sold."),
        product=product,
    )


def _not_changed(request: HttpRequest, why: str) -> Refused:
    return Refused(sku=request.POST.get("sku", "")[:64], typed=request.POST.get("quantity", "")[:20], why=why)


def _first_error(form: forms.Add | forms.Change) -> str:
    errors = form.errors.get("quantity") or [gettext("This product is no longer sold.")]
    return str(errors[0])


def _why(refusal: services.UnableToChangeCart) -> str:
    match refusal:
        case services.NotEnough(available=0):
            return gettext("This product is sold out.")
        case services.NotEnough(available=left):
            return ngettext(
                "Only %(count)d is left, counting what is in your cart.",
                "Only %(count)d are left, counting what is in your cart.",
                left,
            ) % {"count": left}
        case services.TooMany(limit=limit):
            return gettext("You can order at most %(limit)d of one product.") % {"limit": limit}
    return gettext("This product is no longer sold.")


def _next(request: HttpRequest) -> str:
    """Return where the form wants to go on, if that is an address of this shop."""
    wanted = request.POST.get("next", "")
    allowed = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if allowed and wanted.startswith("/") else reverse("cart")

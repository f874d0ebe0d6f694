"""Wait for what is sold out, take the unit that was kept, and stop waiting."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from commerce import oneclick
from commerce.cart import services as carts
from commerce.cart import session as cart_session
from commerce.catalog import selectors as catalog
from commerce.catalog.models import Variant
from commerce.catalog.shapes import DEFAULT_LANGUAGE
from commerce.events import outbox
from commerce.inventory import selectors as inventory
from commerce.orders import tries
from commerce.restock import selectors, services
from commerce.restock.forms import RestockForm
from commerce.restock.models import RestockRequest

TRIES, SECONDS = 20, 600  # requests per address: nobody fills other people's letter boxes

unshared = cache_control(private=True, no_store=True)


@unshared
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Show the form for `?sku=` (GET) and wait for it (POST)."""
    sku = request.GET.get("sku", "").replace("\x00", "")[:64]
    variant = catalog.sellable(skus=[sku]).get(sku)
    if variant is None:
        raise Http404
    if variant.stock.available > 0:
        messages.info(request, gettext("This can be ordered right now."))
        return redirect(_product(variant))
    own = {"email": request.user.email} if request.user.is_authenticated else None
    if request.method != "POST":
        return _form(request, variant, RestockForm(initial=own))
    form = RestockForm(request.POST)
    if not form.is_valid():
        return _form(request, variant, form, status=422)
    now = timezone.now()
    if wait := tries.wait(request, name="restock", tries=TRIES, seconds=SECONDS, now=now):
        form.add_error(None, tries.words(wait=wait))
        return tries.refused(_form(request, variant, form), wait=wait)
    try:
        _wait(request, variant, form.cleaned_data["email"])
    except services.InStock:
        messages.info(request, gettext("This can be ordered right now."))
        return redirect(_product(variant))
    except services.NotForSale as gone:
        raise Http404 from gone
    messages.success(request, gettext("We write to you as soon as it is back."))
    return redirect(_product(variant))


@unshared
@require_safe
def show(request: HttpRequest, token: str) -> HttpResponse:
    """Show what somebody waits for, whether a unit is kept, and how to stop."""
    found = _found(token)
    kept = bool(inventory.held(reference=found.reference))
    return _page(request, "commerce/restock.html", {**_about(found.variant), "wait": found, "kept": kept})


@unshared
@require_POST
def take(request: HttpRequest, token: str) -> HttpResponse:
    """Put the kept unit into the visitor's cart."""
    found = _found(token)
    try:
        with outbox.acting("shopper"):
            cart = services.take(token=token, cart_token=cart_session.token(request), now=timezone.now())
    except services.HoldOver:
        messages.info(
            request, gettext("The unit was kept until its time was over. Perhaps there are others.")
        )
        return redirect(_product(found.variant))
    except carts.UnableToChangeCart:
        messages.error(request, gettext("This product is no longer sold."))
        return redirect("cart")
    messages.success(request, gettext("Added to your cart."))
    response = redirect("cart")
    cart_session.remember(response, token=cart.token)
    return response


@unshared
@require_POST
def cancel(request: HttpRequest, token: str) -> HttpResponse:
    """Stop waiting, or let go of the kept unit."""
    found = _found(token)
    with outbox.acting("shopper"):
        services.cancel(request_id=found.pk, now=timezone.now())
    messages.success(request, gettext("You will get no mail about this product."))
    return redirect(_product(found.variant))


@csrf_exempt  # a mail reader posts here too, and only a mail has the address
@unshared
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Ask whether an address should wait for nothing any more (GET), and do so (POST); a kept unit stays kept."""
    one_click = oneclick.asked(request)
    found = selectors.by_token(token=token)
    if found is None and one_click:
        return oneclick.told(gettext("There is no such request any more."), status=404)
    if found is None:
        raise Http404
    if request.method != "POST":
        return _page(request, "commerce/restock_stop.html", {"wait": found})
    with outbox.acting("shopper"):
        services.stop(email=found.email, now=timezone.now())
    if one_click:
        return oneclick.told(gettext("Done: we will not tell you of products that are back any more."))
    messages.success(request, gettext("We will not tell you of products that are back any more."))
    return redirect("restock", token=token)


@unshared
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """Show a signed-in customer what she waits for."""
    if not request.user.is_authenticated:
        return redirect(f"{resolve_url(settings.LOGIN_URL)}?next={request.path}")
    rows = [{**_about(row.variant), "wait": row} for row in selectors.of_person(customer_id=request.user.pk)]
    return _page(request, "commerce/restock_mine.html", {"rows": rows})


def _wait(request: HttpRequest, variant: Variant, email: str) -> None:
    with outbox.acting("shopper"):
        services.ask(
            sku=variant.sku,
            email=email,
            language=get_language() or DEFAULT_LANGUAGE,
            customer_id=request.user.pk if request.user.is_authenticated else None,
            now=timezone.now(),
        )


def _found(token: str) -> RestockRequest:
    found = selectors.by_token(token=token)
    if found is None:
        raise Http404
    return found


def _about(variant: Variant) -> dict[str, Any]:
    language = get_language() or DEFAULT_LANGUAGE
    titles = {text.language: text.title for text in variant.product.texts.all()}
    words = (option.get(language) or option.get(DEFAULT_LANGUAGE, "") for option in variant.options)
    return {
        "variant": variant,
        "title": titles.get(language) or titles.get(DEFAULT_LANGUAGE) or variant.sku,
        "option": " / ".join(word for word in words if word),
        "address": _product(variant),
    }


def _form(request: HttpRequest, variant: Variant, form: RestockForm, *, status: int = 200) -> HttpResponse:
    return _page(request, "commerce/restock_form.html", {**_about(variant), "form": form}, status=status)


def _product(variant: Variant) -> str:
    return f"{reverse('product', args=[variant.product.slug])}?variant={variant.sku}"


def _page(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    response = render(request, template, context, status=status)
    response["Referrer-Policy"] = "same-origin"  # the address may be a key
    response["X-Robots-Tag"] = "noindex"
    return response

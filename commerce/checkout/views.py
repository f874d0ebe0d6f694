"""From the cart to a paid order: the order sheet, the payment window, and the way back from it."""

import logging
import uuid
from typing import Any

from csp.decorators import csp_update
from django.conf import settings
from django.contrib import messages
from django.core.cache import cache
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from commerce.cart import quotes, session
from commerce.cart import services as carts
from commerce.catalog.shapes import DEFAULT_LANGUAGE
from commerce.checkout import (
    confirming,
    coupon_entry,
    forms,
    known,
    placing,
    points_entry,
    postcode_search,
    saved,
    selectors,
    services,
    shown,
    window,
)
from commerce.checkout.settling import Outcome, settle_payment
from commerce.coupons import words
from commerce.customers import addresses
from commerce.money import amounts
from commerce.orders import selectors as orders
from commerce.orders.models import Order
from commerce.payments import portone
from commerce.payments.gateway import GatewayTrouble

logger = logging.getLogger(__name__)
_LONGEST_TOKEN = 1000
unshared = cache_control(private=True, no_store=True)


class SeeOther(HttpResponseRedirect):
    """Go on with a GET, whatever the form's method was."""

    status_code = 303


# --- the order sheet --------------------------------------------------------------------------------------


@csp_update(postcode_search.policy())
@unshared
@require_http_methods(["GET", "HEAD", "POST"])
def sheet(request: HttpRequest) -> HttpResponse:
    """Show the order sheet, or place the order that it describes."""
    if request.method == "POST":
        acts = {"adjust": _adjust, "apply": _apply, "forget": _forget, "use": _use}
        acts |= {"coupon_act": _coupon, "points_act": _points}
        return next((act for name, act in acts.items() if name in request.POST), _place)(request)
    kept = known.entries(request) or saved.read(request)
    quote = _quote(request, session.token(request), kept.get("postcode", ""))
    if not quote.lines:
        return _nothing_to_order(request, session.token(request))
    if not quote.orderable:
        messages.warning(
            request, gettext("Some things in your cart have changed. Please look at them first.")
        )
        return redirect("cart")
    kept = {"same_recipient": False, "remember": True, **kept} if kept else {}
    return _sheet(request, forms.OrderSheet(initial=kept), quote)


@unshared
@require_POST
def sums(request: HttpRequest) -> HttpResponse:
    """Answer the parts of the sheet that depend on the postcode typed so far, for its script."""
    page = forms.Shown.read(request.POST)
    quote = _quote(request, page.cart_token, forms.postcode(request.POST))
    points = points_entry.read(request, quote=quote, now=timezone.now())
    about = request.POST.get("about")
    if about == "coupon":
        news = coupon_entry.news(coupon_entry.read(request, quote=quote, now=timezone.now()), quote=quote)
    else:
        news = points_entry.news(points, quote=quote) if about == "points" else _news(page.shown, quote)
    context = _sums(quote) | {"news": news, "points": points, "about": about}
    return render(request, "commerce/checkout_sums.html", context)


def _place(request: HttpRequest) -> HttpResponse:
    form, page = _filled_in(request), forms.Shown.read(request.POST)
    if page.cart_token is None:
        return _nothing_to_order(request, session.token(request))
    if not form.is_valid():
        return _incomplete(request, form, page)
    try:
        order = placing.once(page=page, place=lambda: _order_of(request, form, page), now=timezone.now())
    except services.CartEmpty:
        return _nothing_to_order(request, page.cart_token)
    except services.CouponRefused as refused:
        why = words.refusal(reason=refused.reason, missing=refused.missing)
        return _to_choose_again(request, "coupon", why, page)
    except services.PointsRefused as refused:
        why = points_entry.refusal(have=refused.have, most=refused.most)
        return _to_choose_again(request, "points", why, page)
    except services.CartChanged as changed:
        return _sheet(request, _to_agree_again(request), changed.quote, changed=changed)
    except OperationalError as busy:  # a lock or a statement took too long: nothing was written
        logger.warning("an order could not be placed: %s", busy)
        messages.error(
            request, gettext("The shop is very busy right now. Nothing was ordered yet; please try again.")
        )
        return _again(request, form, page.cart_token)
    response = _to_window(request, order)
    _remember(request, response, form)
    return response


def _filled_in(request: HttpRequest) -> forms.OrderSheet:
    form = forms.OrderSheet(request.POST)
    if waiting := coupon_entry.waiting(request):
        form.add_error("coupon_code", waiting)
    return form


def _incomplete(request: HttpRequest, form: forms.OrderSheet, page: forms.ShownPage) -> HttpResponse:
    """Name what is wrong; a sum that became another one meanwhile is said, and must be agreed to again."""
    quote = _quote(request, page.cart_token, forms.postcode(request.POST))
    if not quote.lines:
        return _nothing_to_order(request, page.cart_token)
    if page.total in (-1, quote.total):
        return _sheet(request, form, quote)
    messages.info(request, _news(page.shown, quote))
    return _sheet(request, _to_agree_again(request), quote)


def _to_choose_again(request: HttpRequest, name: str, why: str, page: forms.ShownPage) -> HttpResponse:
    """Say why the coupon, or so many points, cannot be used; the sum without them was not agreed to."""
    form = _to_agree_again(request)
    form.is_valid()
    form.add_error(name, why)
    return _again(request, form, page.cart_token)


def _order_of(request: HttpRequest, form: forms.OrderSheet, page: forms.ShownPage) -> Order:
    if page.cart_token is None:
        raise services.CartEmpty
    return services.place_order(
        cart_token=page.cart_token,
        shown_total=page.total,
        shown=page.shown,
        contact=form.contact(),
        method=form.cleaned_data["method"],
        receipt=form.receipt_wish(),
        language=_language(),
        customer_id=session.customer_id(request),
        coupon=form.cleaned_data["coupon"] if session.customer_id(request) else None,
        points=form.cleaned_data["points"] if session.customer_id(request) else 0,
        now=timezone.now(),
    )


def _remember(request: HttpRequest, response: HttpResponse, form: forms.OrderSheet) -> None:
    """Keep the address where that is asked for: a customer's in the account, a guest's on the device."""
    owner, data = session.customer_id(request), form.cleaned_data
    if owner:
        place = known.place_of(
            contact=form.contact(), request_code=data["delivery_request"], note=data["delivery_note"]
        )
        if data["remember"]:
            addresses.remember(customer_id=owner, place=place, now=timezone.now())
    elif form.cleaned_data["remember"]:
        saved.keep(response, entries=form.cleaned_data)
    else:
        saved.forget(response)


def _adjust(request: HttpRequest) -> HttpResponse:
    """Take what cannot be had out of the cart, and go on with what was typed."""
    cart_token = forms.Shown.read(request.POST).cart_token
    quote = _quote(request, cart_token)
    for line in quote.lines:
        if line.problem:
            left = line.available if line.problem == quotes.Problem.SHORT else 0
            _set_quantity(quote, line.sku, left)
    messages.info(request, gettext("What cannot be had was taken out. Please look at the new total."))
    return _again(request, _to_agree_again(request), cart_token)


def _apply(request: HttpRequest) -> HttpResponse:
    """Show what delivery to the postcode costs, without any complaint about what is not filled in yet."""
    page = forms.Shown.read(request.POST)
    code = forms.postcode(request.POST)
    if not code:
        messages.warning(request, gettext("Please enter the five digits of the postcode."))
    elif news := _news(page.shown, _quote(request, page.cart_token, code)):
        messages.info(request, news)
    return _again(request, forms.as_typed(request.POST), page.cart_token)


def _use(request: HttpRequest) -> HttpResponse:
    """Fill another of the customer's addresses in, and go on with everything else that was typed."""
    page, address = forms.Shown.read(request.POST), known.chosen(request)
    if address is None:
        return _again(request, forms.as_typed(request.POST), page.cart_token)
    quote = _quote(request, page.cart_token, address.postcode)
    if not quote.lines:
        return _nothing_to_order(request, page.cart_token)
    if news := _news(page.shown, quote):
        messages.info(request, news)
    return _sheet(request, forms.as_typed(known.filled(request.POST, address=address)), quote)


def _coupon(request: HttpRequest) -> HttpResponse:
    """Take a coupon off the sum, the one that was chosen or that of a code, and go on with all else that was typed."""
    page, owner, wrong = forms.Shown.read(request.POST), session.customer_id(request), ""
    if owner and request.POST["coupon_act"] == coupon_entry.REGISTER:
        wrong = coupon_entry.register(request, customer_id=owner, now=timezone.now())
    quote = _quote(request, page.cart_token, forms.postcode(request.POST))
    if not quote.lines:
        return _nothing_to_order(request, page.cart_token)
    entry = coupon_entry.read(request, quote=quote, now=timezone.now())
    said = {"coupon_news": "" if wrong else coupon_entry.news(entry, quote=quote), "code_error": wrong}
    return _sheet(request, forms.as_typed(request.POST), quote, said=said)


def _points(request: HttpRequest) -> HttpResponse:
    """Take points off the sum, those that were typed or all, and go on with everything else that was typed."""
    page = forms.Shown.read(request.POST)
    quote = _quote(request, page.cart_token, forms.postcode(request.POST))
    if request.POST["points_act"] == points_entry.ALL:
        points_entry.fill_all(request, quote=quote, now=timezone.now())
        quote = points_entry.priced(request, quote=quote, now=timezone.now())
    entry = points_entry.read(request, quote=quote, now=timezone.now())
    level = messages.WARNING if entry and entry.error else messages.INFO
    messages.add_message(request, level, points_entry.news(entry, quote=quote))
    return _again(request, forms.as_typed(request.POST), page.cart_token)


def _forget(request: HttpRequest) -> HttpResponse:
    """Let the device forget the address, and empty the sheet."""
    messages.success(request, gettext("This device has forgotten your address."))
    response = SeeOther(reverse("checkout"))
    saved.forget(response)
    return response


def _news(before: shown.Shown | None, quote: quotes.Quote) -> str:
    """Return in words what the postcode does to the sum; a sentence also when it changes nothing."""
    names = {
        "zone": quote.shipping.zone,
        "surcharge": amounts.show(quote.shipping.surcharge, language=_language()),
        "total": amounts.show(quote.total, language=_language()),
    }
    if quote.shipping.surcharge:
        return gettext("Delivery to %(zone)s costs %(surcharge)s more. The total is %(total)s.") % names
    if before and before.total != quote.total:
        return gettext("The total is now %(total)s.") % names
    return gettext("Delivery to this postcode costs nothing extra. The total is %(total)s.") % names


def _set_quantity(quote: quotes.Quote, sku: str, quantity: int) -> None:
    try:
        carts.change(token=quote.token, sku=sku, quantity=quantity, now=timezone.now())
    except carts.UnableToChangeCart:
        logger.info("%s changed again while it was adjusted", sku)  # the next page says how


def _again(request: HttpRequest, form: forms.OrderSheet, cart_token: uuid.UUID | None) -> HttpResponse:
    quote = _quote(request, cart_token, forms.postcode(request.POST))
    return _sheet(request, form, quote) if quote.lines else _nothing_to_order(request, cart_token)


def _quote(request: HttpRequest, cart_token: uuid.UUID | None, postcode: str = "") -> quotes.Quote:
    quote = quotes.quote(token=cart_token, language=_language(), now=timezone.now(), postcode=postcode)
    quote = coupon_entry.priced(request, quote=quote, now=timezone.now())
    return points_entry.priced(request, quote=quote, now=timezone.now())


def _to_agree_again(request: HttpRequest) -> forms.OrderSheet:
    """Return the form as it was typed, except that the shopper has not seen this order yet."""
    typed = request.POST.copy()
    typed.pop("agree_order", None)
    return forms.OrderSheet(typed)


def _sheet(
    request: HttpRequest,
    form: forms.OrderSheet,
    quote: quotes.Quote,
    changed: services.CartChanged | None = None,
    said: dict[str, str] | None = None,
) -> HttpResponse:
    checking = changed is not None or any(
        act in request.POST for act in ("adjust", "apply", "use", "coupon_act", "points_act")
    )
    owner = session.customer_id(request)
    context = _sums(quote) | {
        **(said or {}),
        "form": form,
        "coupons": coupon_entry.read(request, quote=quote, now=timezone.now()),
        "points": points_entry.read(request, quote=quote, now=timezone.now()),
        "changed": changed,
        "show_errors": form.is_bound and not checking,
        "sandbox": _sandbox(),
        "kept": not owner and bool(saved.read(request)),
        "owner": owner,
        "addresses": known.choices(request),
        "postcode_search": settings.POSTCODE_SCRIPT_URL,
    }
    return render(request, "commerce/checkout.html", context)


def _sums(quote: quotes.Quote) -> dict[str, Any]:
    """Return what the parts of the sheet need that depend on the sum; each showing has a key of its own."""
    return {"quote": quote, "shown": shown.write(quote=quote), "key": uuid.uuid4()}


def _nothing_to_order(request: HttpRequest, cart_token: uuid.UUID | None) -> HttpResponse:
    """Lead to the order that the cart became, or to the empty cart."""
    order = selectors.placed_from(cart_token=cart_token)
    if order is None:
        return SeeOther(reverse("cart"))
    messages.info(request, gettext("You have already placed this order."))
    return SeeOther(reverse("order", args=[order.token]))


# --- the payment window -----------------------------------------------------------------------------------


@csp_update(window.policy())  # type: ignore[arg-type]  # its types know no view with arguments
@unshared
@require_safe
def pay(request: HttpRequest, token: str) -> HttpResponse:
    """Open the payment window of an order; the only page that loads anything of PortOne's."""
    order = _order(token, lines=True)
    if not selectors.may_be_paid(order=order, now=timezone.now()):
        return redirect("order", token=order.token)
    language = _language()
    return_url = request.build_absolute_uri(reverse("payment-return", args=[order.token]))
    services.window_opened(order=order, now=timezone.now())
    wanted = window.request(order=order, return_url=return_url, language=language)
    response = render(
        request,
        "commerce/pay.html",
        {
            "order": order,
            "wanted": wanted,
            "fields": list(window.fields(wanted=wanted)),
            "sdk": settings.PORTONE_BROWSER_SDK_URL,
            "form_action": settings.PORTONE_REDIRECT_URL,
            "sandbox": _sandbox(),
        },
    )
    response["Cross-Origin-Opener-Policy"] = "same-origin-allow-popups"  # some windows are pop-ups
    return response


@unshared
@require_POST
def retry(request: HttpRequest, token: str) -> HttpResponse:
    """Pay an order that is not paid yet, the same way or another."""
    order = _order(token)
    form = forms.Retry(request.POST, payment=order.payment)
    if not selectors.may_be_paid(order=order, now=timezone.now()):
        return _to_window(request, order)
    if not form.is_valid():
        answer = render(request, "commerce/retry.html", {"order": order, "form": form}, status=422)
        answer["Referrer-Policy"] = "same-origin"  # the address is the key to the page
        answer["X-Robots-Tag"] = "noindex"
        return answer
    services.choose_method(
        order_id=order.pk,
        method=form.cleaned_data["method"],
        receipt=form.wanted(),
        now=timezone.now(),
    )
    return _to_window(request, order)


def _to_window(request: HttpRequest, order: Order) -> HttpResponse:
    if not selectors.may_be_paid(order=order, now=timezone.now()):
        return SeeOther(reverse("order", args=[order.token]))
    try:
        services.prepare_payment(order=order, gateway=portone.gateway())
    except GatewayTrouble as trouble:
        logger.warning("the payment of order %s could not be prepared: %s", order.number, trouble)
        messages.error(
            request,
            gettext(
                "The payment service cannot be reached right now. Your order is kept; please try to pay again."
            ),
        )
        return SeeOther(reverse("order", args=[order.token]))
    attempt = int(
        timezone.now().timestamp() * 1000
    )  # a new address: its window opens by itself, the way back does not
    return SeeOther(f"{reverse('pay', args=[order.token])}?attempt={attempt}")


# --- the way back -----------------------------------------------------------------------------------------


@unshared
@require_safe
def payment_return(request: HttpRequest, token: str) -> HttpResponse:
    """Find out what became of a payment and show the order. The address's own claims are not believed."""
    order = _order(token)
    page = reverse("order", args=[order.token])
    broken_off = "code" in request.GET
    _confirm(request, order)
    outcome = _settle(order)
    if outcome in (None, Outcome.PENDING) or (outcome == Outcome.OPEN and not broken_off):
        return redirect(f"{page}?checking={_tries(request)}")
    if outcome == Outcome.OPEN:
        messages.warning(request, gettext("The payment was not completed. Nothing was charged."))
    return redirect(page)


@unshared
@require_safe
def payment_state(request: HttpRequest, token: str) -> JsonResponse:
    """Answer where the order stands, for the page that waits; PortOne is asked at most every other second."""
    order = _order(token)
    if _may_ask(order) and _settle(order) is not None:
        order.refresh_from_db()
    return JsonResponse({"state": f"{order.status} {order.payment_status}"})


def _settle(order: Order) -> Outcome | None:
    """Return what became of the payment; None when PortOne cannot be asked now."""
    try:
        return settle_payment(
            payment_id=order.payment.payment_id, gateway=portone.gateway(), now=timezone.now()
        )
    except GatewayTrouble as trouble:
        logger.warning("the payment of order %s cannot be checked: %s", order.number, trouble)
        return None


def _confirm(request: HttpRequest, order: Order) -> None:
    """Let money move that the shopper agreed to, where the channel waits for our word (수동 승인)."""
    token = request.GET.get("paymentToken", "")
    if not token or len(token) > _LONGEST_TOKEN:
        return
    try:
        confirming.confirm_payment(
            order_id=order.pk,
            payment_token=token,
            transaction_id=request.GET.get("txId", "")[:80],
            gateway=portone.gateway(),
            now=timezone.now(),
        )
    except GatewayTrouble as trouble:
        logger.warning("the payment of order %s could not be confirmed: %s", order.number, trouble)


def _may_ask(order: Order) -> bool:
    try:
        return bool(cache.add(f"payment-asked:{order.pk}", 1, timeout=2))
    except Exception:  # noqa: BLE001  # whatever the cache's driver raises: who paid must not wait for it
        logger.warning("the cache is away: PortOne is asked about order %s each time", order.number)
        return True


def _tries(request: HttpRequest) -> int:
    typed = request.GET.get("try", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= 3 else 1


def _order(token: str, *, lines: bool = False) -> Order:
    order = orders.to_pay(token=token, lines=lines)
    if order is None:
        raise Http404
    return order


def _language() -> str:
    return get_language() or DEFAULT_LANGUAGE


def _sandbox() -> bool:
    """Return whether payments go anywhere but to PortOne itself: then the page says that they are tests."""
    return not settings.PORTONE_API_BASE_URL.startswith("https://api.portone.io")

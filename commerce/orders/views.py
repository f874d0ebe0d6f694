"""The page of an order, which is also its confirmation, and the way back to it for guests."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext, ngettext
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from commerce import limits
from commerce.catalog.shapes import DEFAULT_LANGUAGE, Picture
from commerce.orders import document, forms, receipt_words, refund_words, selectors, story
from commerce.payments import banks, methods

TRIES, SECONDS = 10, 600  # look-ups per address
REFRESHES = 10  # how often the page asks for the outcome of a payment by itself

unshared = cache_control(private=True, no_store=True)


@unshared
@require_safe
def show(request: HttpRequest, token: str) -> HttpResponse:
    """Show an order to whoever has its address; `?checking=1` while the outcome of a payment is awaited."""
    order = selectors.by_token(token=token)
    if order is None:
        raise Http404
    language = get_language() or DEFAULT_LANGUAGE
    now = timezone.now()
    tried = _number(request.GET.get("checking", ""))
    standing = story.standing(order=order, checking=0 < tried <= REFRESHES, now=now)
    account, back = order.payment.account, refund_words.units_back(order=order)
    response = render(
        request,
        "commerce/order.html",
        {
            "order": order,
            "payment": order.payment,
            "standing": standing.value,
            "now": now,
            "lines": [
                (line, Picture.of(line.picture, language=language), back[line.pk])
                for line in order.lines.all()
            ],
            "steps": story.steps(order=order),
            "refunds": refund_words.told(order=order, language=language),
            "receipt": receipt_words.told(payment=order.payment, language=language),
            "account_wanted": refund_words.waits_for_account(order=order),
            "bank": banks.name(code=account.get("bank", ""), language=language),
            "paid_with": methods.paid_with(detail=order.payment.method_detail, language=language),
            "goes_back": refund_words.going_back(order=order, language=language),
            "next_try": tried + 1,
            "tries_left": tried < REFRESHES,
        },
    )
    response["Referrer-Policy"] = "same-origin"  # the address is the key to the page
    response["X-Robots-Tag"] = "noindex"
    return response


@unshared
@require_safe
def print_document(request: HttpRequest, token: str) -> HttpResponse:
    """Show the order document (거래명세서) for the printer to whoever has the order's address."""
    order = selectors.by_token(token=token)
    if order is None:
        raise Http404
    response = render(
        request, "commerce/document_page.html", {"order": order, "document": document.of(order=order)}
    )
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex"
    return response


@unshared
@require_http_methods(["GET", "HEAD", "POST"])
def lookup(request: HttpRequest) -> HttpResponse:
    """Lead a guest to an order by its number and contact. A wrong number and a wrong contact sound the same."""
    form = forms.Lookup(request.POST or None)
    if request.method != "POST":
        return render(request, "commerce/order_lookup.html", {"form": form})
    wait = limits.seconds_to_wait(
        name="order-lookup", who=limits.client(request), tries=TRIES, seconds=SECONDS, now=timezone.now()
    )
    if wait:
        return _too_often(request, form, wait)
    if form.is_valid():
        order = selectors.look_up(**form.cleaned_data)
        if order:
            return redirect("order", token=order.token)
        form.add_error(None, gettext("We found no order with this number and contact. Please check both."))
    return render(request, "commerce/order_lookup.html", {"form": form})


def _too_often(request: HttpRequest, form: forms.Lookup, wait: int) -> HttpResponse:
    minutes = -(-wait // 60)
    text = ngettext(
        "Too many tries. Please try again in %(count)d minute.",
        "Too many tries. Please try again in %(count)d minutes.",
        minutes,
    ) % {"count": minutes}
    form.is_valid()
    form.add_error(None, text)
    response = render(request, "commerce/order_lookup.html", {"form": form}, status=429)
    response["Retry-After"] = str(wait)
    return response


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 3 else 0

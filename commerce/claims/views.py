"""A shopper asks to return or exchange something, and may take that back."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext, ngettext
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods

from commerce import limits
from commerce.claims import choices, photos, refusals, selectors, services
from commerce.claims.forms import ClaimForm
from commerce.claims.states import Kind, Reason, State
from commerce.events import outbox
from commerce.fulfilment import dates
from commerce.money import amounts
from commerce.orders import selectors as orders
from commerce.orders.models import Order

TRIES, SECONDS = 20, 600  # requests per address: photos cost work

unshared = cache_control(private=True, no_store=True)


@unshared
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, token: str) -> HttpResponse:
    """Show the form (GET) and take the request (POST); what was typed stays when something is wrong."""
    order = _order(token)
    now = timezone.now()
    today = dates.day_of(at=now)
    found = selectors.returnable(order=order, today=today)
    options = {pk: choices.of(line=row.line) for pk, row in found.items()}
    form_of = partial(ClaimForm, found=found, options=options, today=today)
    if request.method != "POST":
        return _show(request, order, form_of()) if found else _back(order)
    who = limits.client(request)
    wait = limits.seconds_to_wait(name="claim", who=who, tries=TRIES, seconds=SECONDS, now=now)
    if wait:
        return _too_often(request, order, form_of(), wait)
    form = form_of(request.POST, request.FILES)
    if not form.is_valid():
        if "key" in form.cleaned_data and order.claims.filter(key=form.cleaned_data["key"]).exists():
            return _back(order)  # the button was pressed twice: nothing is left of those units
        return _show(request, order, form, status=422)
    typed = form.cleaned_data
    try:
        with outbox.acting("shopper"):
            services.request(
                order_id=order.pk,
                kind=Kind(typed["kind"]),
                quantities=form.units(),
                reason=Reason(typed["reason"]),
                text=typed["text"],
                pictures=typed["pictures"],
                wanted=form.wanted(),
                noticed_on=typed["noticed_on"],
                key=typed["key"],
                now=now,
            )
    except refusals.UnableToClaim as refusal:
        form.add_error(None, _why(refusal))
        return _show(request, order, form, status=422)
    messages.success(request, gettext("We have your request and write to you about it."))
    return _back(order)


@unshared
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, token: str, claim: int) -> HttpResponse:
    """Ask whether the shopper keeps the goods after all (GET), and write it down (POST)."""
    order = _order(token)
    found = order.claims.filter(pk=claim, state__in=[State.REQUESTED, State.APPROVED]).first()
    if found is None:
        return _back(order)
    if request.method != "POST":
        return _page(request, "commerce/claim_withdraw.html", {"order": order, "claim": found})
    try:
        with outbox.acting("shopper"):
            services.withdraw(claim_id=found.pk, now=timezone.now())
    except refusals.MovedOn:
        messages.info(request, gettext("Your parcel arrived here in the meantime."))
        return _back(order)
    messages.success(request, gettext("Your request is withdrawn."))
    return _back(order)


def _why(refusal: refusals.UnableToClaim) -> str:
    if isinstance(refusal, refusals.TooLate):
        return gettext(
            "The time for this reason is over: seven days from delivery for a change of mind, three months for "
            "faulty goods. If you think otherwise, please call or write to us."
        )
    if isinstance(refusal, refusals.NoticedTooLate):
        return gettext(
            "The thirty days since you noticed it were over on %(day)s. If you think otherwise, please call or "
            "write to us."
        ) % {"day": date_format(refusal.until, "DATE_FORMAT")}
    if isinstance(refusal, refusals.NotAnOption):
        return gettext("This option cannot be had any more. Please choose another one.")
    if isinstance(refusal, refusals.TooMany):
        return gettext("You asked for more than you have: some of it is being given back already.")
    return gettext("This is not possible. Please check what you entered.")


def _too_often(request: HttpRequest, order: Order, form: ClaimForm, wait: int) -> HttpResponse:
    minutes = -(-wait // 60)
    text = ngettext(
        "Too many tries. Please try again in %(count)d minute.",
        "Too many tries. Please try again in %(count)d minutes.",
        minutes,
    ) % {"count": minutes}
    messages.error(request, text)
    response = _show(request, order, form, status=429)
    response["Retry-After"] = str(wait)
    return response


def _show(request: HttpRequest, order: Order, form: ClaimForm, *, status: int = 200) -> HttpResponse:
    until = max((row.until for row in form.found.values() if row.in_time), default=None)
    fee = selectors.exchange_fee(order=order, reason=Reason.CHANGED_MIND)
    context = {
        "order": order,
        "form": form,
        "until": until,
        "fee": amounts.show(fee, language=get_language() or "ko") if fee else "",
        "kept_days": photos.KEPT.days,
    }
    return _page(request, "commerce/claim.html", context, status=status)


def _page(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    response = render(request, template, context, status=status)
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

"""A shopper who paid by deposit says where a refund may go."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import cache_control
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from commerce.checkout import refunding
from commerce.checkout.refund_account import forms
from commerce.events import outbox
from commerce.orders import refund_words, selectors
from commerce.orders.models import Order
from commerce.payments.states import RefundState


@sensitive_post_parameters()
@sensitive_variables("form")
@cache_control(private=True, no_store=True)
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, token: str) -> HttpResponse:
    """Ask for the account while a refund waits for one; afterwards lead back to the order."""
    order = selectors.by_token(token=token)
    if order is None:
        raise Http404
    form = forms.RefundAccount(request.POST or None)
    if form.is_valid():
        with outbox.acting("shopper"):
            named = refunding.name_account(order_id=order.pk, account=form.account(), now=timezone.now())
        if named:
            messages.success(request, gettext("Thank you. We send the money to this account now."))
        return redirect("order", token=order.token)
    waiting = order.payment.refunds.filter(state=RefundState.WAITING_FOR_ACCOUNT)
    if not waiting.exists():
        return redirect("order", token=order.token)
    response = render(request, "commerce/refund_account.html", {"form": form, **_sums(order)})
    response["Referrer-Policy"] = "same-origin"  # the address is the key to the page
    response["X-Robots-Tag"] = "noindex"
    return response


def _sums(order: Order) -> dict[str, object]:
    language = get_language() or "ko"
    waiting = order.payment.refunds.filter(state=RefundState.WAITING_FOR_ACCOUNT).order_by("pk")
    rows = [part for refund in waiting for part in refund_words.parts(refund=refund, language=language)]
    return {"order": order, "parts": rows, "total": sum(refund.amount for refund in waiting)}

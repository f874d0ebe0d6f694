"""The payment window, and another try."""

import logging

from csp.decorators import csp_update
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from commerce.checkout import forms, selectors, services, window
from commerce.checkout.views import answers
from commerce.orders.models import Order
from commerce.payments import portone
from commerce.payments.gateway import GatewayTrouble

logger = logging.getLogger(__name__)


@csp_update(window.policy())  # type: ignore[arg-type]  # its types know no view with arguments
@answers.unshared
@require_safe
def pay(request: HttpRequest, token: str) -> HttpResponse:
    """Open the payment window of an order; the only page that loads anything of PortOne's."""
    order = answers.order_of(token=token, lines=True)
    if not selectors.may_be_paid(order=order, now=timezone.now()):
        return redirect("order", token=order.token)
    language = answers.language()
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
            "sandbox": answers.sandbox(),
        },
    )
    response["Cross-Origin-Opener-Policy"] = "same-origin-allow-popups"  # some windows are pop-ups
    return response


@answers.unshared
@require_POST
def retry(request: HttpRequest, token: str) -> HttpResponse:
    """Pay an order that is not paid yet, the same way or another."""
    order = answers.order_of(token=token)
    form = forms.Retry(request.POST, payment=order.payment)
    if not selectors.may_be_paid(order=order, now=timezone.now()):
        return to_window(request, order=order)
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
    return to_window(request, order=order)


def to_window(request: HttpRequest, *, order: Order) -> HttpResponse:
    """Lead to the payment window of an order, or to the order when there is nothing to pay or nobody to ask."""
    if not selectors.may_be_paid(order=order, now=timezone.now()):
        return answers.SeeOther(reverse("order", args=[order.token]))
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
        return answers.SeeOther(reverse("order", args=[order.token]))
    attempt = int(
        timezone.now().timestamp() * 1000
    )  # a new address: its window opens by itself, the way back does not
    return answers.SeeOther(f"{reverse('pay', args=[order.token])}?attempt={attempt}")

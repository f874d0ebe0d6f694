"""The way back from the payment window, and the page that waits for the money."""

import logging

from django.contrib import messages
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from commerce.checkout import confirming
from commerce.checkout.settling import Outcome, settle_payment
from commerce.checkout.views import answers
from commerce.orders.models import Order
from commerce.payments import portone
from commerce.payments.gateway import GatewayTrouble

logger = logging.getLogger(__name__)
_LONGEST_TOKEN = 1000


@answers.unshared
@require_safe
def payment_return(request: HttpRequest, token: str) -> HttpResponse:
    """Find out what became of a payment and show the order. The address's own claims are not believed."""
    order = answers.order_of(token=token)
    page = reverse("order", args=[order.token])
    broken_off = "code" in request.GET
    _confirm(request, order)
    outcome = _settle(order)
    if outcome in (None, Outcome.PENDING) or (outcome == Outcome.OPEN and not broken_off):
        return redirect(f"{page}?checking={_tries(request)}")
    if outcome == Outcome.OPEN:
        messages.warning(request, gettext("The payment was not completed. Nothing was charged."))
    return redirect(page)


@answers.unshared
@require_safe
def payment_state(request: HttpRequest, token: str) -> JsonResponse:
    """Answer where the order stands, for the page that waits; PortOne is asked at most every other second."""
    order = answers.order_of(token=token)
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

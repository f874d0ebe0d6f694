"""Cancelling in two clicks: the button on the order's page leads here, and one button here does it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import cache_control
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from commerce.checkout import closing, refunding
from commerce.checkout.settling import Outcome
from commerce.claims import sums
from commerce.claims.cancellation import services
from commerce.claims.cancellation.forms import Cancellation
from commerce.claims.cancellation.services import What
from commerce.coupons import selectors as coupons
from commerce.events import outbox
from commerce.money import amounts
from commerce.orders import selectors
from commerce.orders.models import Order
from commerce.orders.refund_math import Proposal, UnableToPropose
from commerce.payments import portone, refunds
from commerce.payments.gateway import GatewayTrouble
from commerce.payments.models import Refund
from commerce.payments.states import RefundState


@sensitive_post_parameters("number", "holder")
@sensitive_variables("form")
@cache_control(private=True, no_store=True)
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, token: str) -> HttpResponse:
    """Show what would be cancelled and what goes back (GET), and do it (POST)."""
    order = selectors.by_token(token=token)
    if order is None:
        raise Http404
    kind = services.what(order=order)
    if kind == What.NOTHING:
        if request.method == "POST" and not _is_done(request, order):
            messages.info(request, gettext("This can no longer be cancelled here: it has left or is closed."))
        return redirect("order", token=order.token)
    form = Cancellation(request.POST or None, order=order, left=services.units(order=order))
    with outbox.acting("shopper"):
        if kind == What.UNPAID:
            return _unpaid(request, order, form)
        return _paid(request, order, form)


def _unpaid(request: HttpRequest, order: Order, form: Cancellation) -> HttpResponse:
    if not form.is_valid():
        return _show(request, order, form)
    try:
        services.cancel_unpaid(
            order_id=order.pk, reason=form.reason_code(), gateway=portone.gateway(), now=timezone.now()
        )
    except GatewayTrouble:
        return _show(
            request,
            order,
            form,
            refusal=gettext("We cannot reach the payment service. Nothing was changed: please try again."),
        )
    except closing.NotUnpaid as refusal:
        return _moved_on(request, order, refusal.outcome)
    messages.success(request, gettext("Your order is cancelled. Nothing was charged."))
    return redirect("order", token=order.token)


def _moved_on(request: HttpRequest, order: Order, outcome: Outcome) -> HttpResponse:
    if outcome == Outcome.PAID:
        messages.info(
            request, gettext("Your payment arrived in the meantime. Cancel again and it goes back to you.")
        )
        return redirect("order-cancel", token=order.token)
    if outcome == Outcome.PENDING:
        messages.info(
            request, gettext("Your payment is being processed at this moment. Please try again in a minute.")
        )
    return redirect("order", token=order.token)


def _paid(request: HttpRequest, order: Order, form: Cancellation) -> HttpResponse:
    wanted = services.units(order=order)
    if form.is_bound:
        if not form.is_valid():
            return _show(request, order, form)
        wanted = form.units()
        if "sum" not in request.POST:
            return _cancel(request, order, form)
    return _show(request, order, form, quantities=wanted)


def _cancel(request: HttpRequest, order: Order, form: Cancellation) -> HttpResponse:
    shown = request.POST.get("shown", "")
    try:
        refund = services.cancel_paid(
            order_id=order.pk,
            quantities=form.units(),
            reason=form.reason_code(),
            expected=int(shown) if shown.isascii() and shown.isdigit() else -1,
            cause=str(form.cleaned_data["cause"]),
            account=form.account(),
            now=timezone.now(),
        )
    except refunding.SumChanged as changed:
        language = get_language() or "ko"
        said = gettext("What goes back is now %(amount)s. Please look at it once more, then cancel.")
        refusal = said % {"amount": amounts.show(changed.amount, language=language)}
        return _show(request, order, form, quantities=form.units(), refusal=refusal)
    except (services.NotCancellable, UnableToPropose, refunds.UnableToRefund):
        return _show(request, order, form, quantities=form.units())
    messages.success(request, _told(refund))
    return redirect("order", token=order.token)


def _show(
    request: HttpRequest,
    order: Order,
    form: Cancellation,
    *,
    quantities: dict[int, int] | None = None,
    refusal: str = "",
) -> HttpResponse:
    proposal: Proposal | None = None
    if form.lines:
        try:
            proposal = services.preview(order=order, quantities=quantities or services.units(order=order))
        except services.NotCancellable:
            refusal = gettext("Some of it has left the shop meanwhile. Please choose again.")
        except (UnableToPropose, refunds.UnableToRefund):
            refusal = gettext(
                "Nothing would go back for this after the delivery costs. Please cancel more of it."
            )
    context: dict[str, Any] = {
        "order": order,
        "form": form,
        "unpaid": not form.lines,
        "proposal": proposal,
        "parts": sums.parts(order=order, proposal=proposal) if proposal else [],
        "coupon": _coupon(order, proposal) if proposal or not form.lines else "",
        "refusal": refusal,
    }
    response = render(request, "commerce/order_cancel.html", context, status=422 if refusal else 200)
    response["Referrer-Policy"] = "same-origin"  # the address is the key to the page
    response["X-Robots-Tag"] = "noindex"
    return response


def _coupon(order: Order, proposal: Proposal | None) -> str:
    """Return what becomes of the coupon that an order used; empty without one, and of one that is of no use any more."""
    used = coupons.of_order(order=order)
    if used is None or used.ticket.coupon.withdrawn_at:
        return ""
    if proposal is None or proposal.last and not refunding.is_dispatched(order=order):
        return gettext("The coupon that you used comes back to you.")
    return gettext(
        "You used a coupon, so what goes back is what you paid. You keep some of the order: the coupon stays used."
    )


def _is_done(request: HttpRequest, order: Order) -> bool:
    """Return whether this very form was sent before: the button was pressed twice."""
    cause = request.POST.get("cause", "")[:40]
    return order.payment.refunds.filter(cause=f"cancel:{cause}").exists()


def _told(refund: Refund) -> str:
    language = get_language() or "ko"
    amount = {"amount": amounts.show(refund.amount, language=language)}
    points = {"points": amounts.show(refund.points, language=language)}
    if not refund.amount:
        return gettext("Cancelled. %(points)s in points come back to you.") % points
    if refund.state == RefundState.WAITING_FOR_ACCOUNT:
        return gettext("Cancelled. %(amount)s go back as soon as you tell us your account.") % amount
    if refund.points:
        return gettext("Cancelled. %(amount)s go back to you now, and %(points)s in points.") % (
            amount | points
        )
    return gettext("Cancelled. %(amount)s go back to you now.") % amount

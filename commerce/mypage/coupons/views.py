"""Coupons of my page: what can be used and until when, what is over, and a field for a code."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from commerce.coupons import entering, selectors
from commerce.coupons.entering import Entered
from commerce.events import outbox
from commerce.mypage import guard
from commerce.orders import tries


@guard.signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def coupons(request: HttpRequest) -> HttpResponse:
    """Show a customer's coupons (GET), or register a code (POST); a code that gives nothing stays where it was typed."""
    if request.method != "POST":
        return _show(request)
    with outbox.acting("shopper"):
        done = entering.enter(
            customer_id=guard.customer_id(request), typed=request.POST.get("code", ""), now=timezone.now()
        )
    if done.ticket is None:
        return _show(request, done)
    messages.success(request, entering.said(ticket=done.ticket))
    return redirect("account-coupons")


def _show(request: HttpRequest, refused: Entered | None = None) -> HttpResponse:
    wallet = selectors.wallet(customer_id=guard.customer_id(request), now=timezone.now())
    context = {
        "wallet": wallet,
        "code": request.POST.get("code", ""),
        "returned_days": settings.COUPON_RETURN_DAYS,
        "wrong": refused.error if refused else "",
    }
    response = render(request, "mypage/coupons.html", context, status=422 if refused else 200)
    return tries.refused(response, wait=refused.wait) if refused and refused.wait else response

"""My page: where the orders are, and the way to everything else."""

from datetime import timedelta

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from commerce.coupons import selectors as coupons
from commerce.customers import addresses
from commerce.mypage import guard
from commerce.mypage.orders import selectors
from commerce.points import selectors as ledger

RECENTLY = timedelta(days=92)


@guard.signed_in
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Show what is under way, the newest orders, and where parcels go."""
    customer_id = guard.customer_id(request)
    return render(
        request,
        "mypage/overview.html",
        {
            "stages": selectors.counts(customer_id=customer_id, since=timezone.now() - RECENTLY),
            "recent": selectors.recent(customer_id=customer_id, language=get_language() or "ko"),
            "points": _shown(request),
            "coupons": _coupons(request),
            "address": addresses.default_of(customer_id=customer_id),
        },
    )


@guard.signed_in
@require_safe
def points(request: HttpRequest) -> HttpResponse:
    """Show how many points there are, what expires soon, and where they came from and went."""
    customer_id = guard.customer_id(request)
    if not settings.POINTS_PERCENT and not ledger.known(customer_id=customer_id):
        raise Http404
    found = ledger.of(customer_id=customer_id, now=timezone.now(), number=request.GET.get("page", ""))
    context = {
        "points": found,
        "page_numbers": found.page.paginator.get_elided_page_range(
            found.page.number, on_each_side=1, on_ends=1
        ),
        "percent": settings.POINTS_PERCENT,
        "days": settings.POINTS_DAYS,
        "returned_days": settings.POINTS_RETURN_DAYS,
        "least": settings.POINTS_LEAST_PAYMENT,
    }
    return render(request, "mypage/points.html", context)


def _coupons(request: HttpRequest) -> int | None:
    """Return how many coupons can be used now; None in a shop that has none."""
    customer_id = guard.customer_id(request)
    if not coupons.known(customer_id=customer_id):
        return None
    return coupons.usable(customer_id=customer_id, now=timezone.now())


def _shown(request: HttpRequest) -> int | None:
    """Return the points of who is signed in; None where the shop gives none and there are none."""
    have = ledger.spendable(customer_id=guard.customer_id(request), now=timezone.now())
    return have if have or settings.POINTS_PERCENT else None

"""My page: where the orders are, and the way to everything else."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from commerce.account import guard
from commerce.account.orders import selectors
from commerce.customers import addresses

RECENTLY = timedelta(days=92)


@guard.signed_in
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Show what is under way, the newest orders, and where parcels go."""
    customer_id = guard.customer_id(request)
    return render(
        request,
        "account/overview.html",
        {
            "stages": selectors.counts(customer_id=customer_id, since=timezone.now() - RECENTLY),
            "recent": selectors.recent(customer_id=customer_id, language=get_language() or "ko"),
            "address": addresses.default_of(customer_id=customer_id),
        },
    )

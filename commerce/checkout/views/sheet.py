"""The order sheet: one page, and one address for whatever its buttons ask."""

from csp.decorators import csp_update
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from commerce.cart import session
from commerce.checkout import coupon_entry, forms, known, points_entry, postcode_search, saved
from commerce.checkout.views import acts, answers, ordering, showing

_ACTS = {
    "adjust": acts.adjust,
    "apply": acts.apply,
    "forget": acts.forget,
    "use": acts.use,
    "coupon_act": acts.coupon,
    "points_act": acts.points,
}  # by the name of the button; any other one orders


@csp_update(postcode_search.policy())
@answers.unshared
@require_http_methods(["GET", "HEAD", "POST"])
def sheet(request: HttpRequest) -> HttpResponse:
    """Show the order sheet, or place the order that it describes."""
    if request.method == "POST":
        return next((act for name, act in _ACTS.items() if name in request.POST), ordering.place)(request)
    kept = known.entries(request) or saved.read(request)
    quote = showing.priced(request, cart_token=session.token(request), postcode=kept.get("postcode", ""))
    if not quote.lines:
        return showing.nothing_to_order(request, cart_token=session.token(request))
    if not quote.orderable:
        messages.warning(
            request, gettext("Some things in your cart have changed. Please look at them first.")
        )
        return redirect("cart")
    kept = {"same_recipient": False, "remember": True, **kept} if kept else {}
    return showing.show(request, form=forms.OrderSheet(initial=kept), quote=quote)


@answers.unshared
@require_POST
def sums(request: HttpRequest) -> HttpResponse:
    """Answer the parts of the sheet that depend on the postcode typed so far, for its script."""
    page = forms.Shown.read(request.POST)
    quote = showing.priced(request, cart_token=page.cart_token, postcode=forms.postcode(request.POST))
    points = points_entry.read(request, quote=quote, now=timezone.now())
    about = request.POST.get("about")
    if about == "coupon":
        news = coupon_entry.news(coupon_entry.read(request, quote=quote, now=timezone.now()), quote=quote)
    elif about == "points":
        news = points_entry.news(points, quote=quote)
    else:
        news = showing.news(before=page.shown, quote=quote)
    context = showing.sums(quote=quote) | {"news": news, "points": points, "about": about}
    return render(request, "commerce/checkout_sums.html", context)

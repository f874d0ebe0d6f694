"""My orders: the list, ordering again, and letting a guest's order find its customer."""

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from commerce.cart import session
from commerce.mypage import guard, services, signing_in
from commerce.mypage.orders import forms, reordering, selectors
from commerce.orders import selectors as orders
from commerce.orders.models import Order

unshared = cache_control(private=True, no_store=True)


@guard.signed_in
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """List the orders of who is signed in, narrowed by `?q=`, `?period=` and `?status=`."""
    form = forms.Narrow(request.GET)
    page = selectors.page(
        customer_id=guard.customer_id(request),
        language=get_language() or "ko",
        number=_number(request.GET.get("page", "")),
        **form.asked(now=timezone.now()),
    )
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return render(
        request,
        "mypage/orders.html",
        {"form": form, "page": page, "page_numbers": numbers, "asked": form.cleaned_data},
    )


@unshared
@require_POST
def again(request: HttpRequest, token: str) -> HttpResponse:
    """Put what was ordered into the cart once more, for whoever has the order's page."""
    order = _order(token)
    done = reordering.reorder(
        order=order,
        token=session.guest_token(request),
        customer_id=session.customer_id(request),
        now=timezone.now(),
    )
    _say(request, done)
    response = redirect("cart")
    if done.cart and done.cart.customer_id is None:
        session.remember(response, token=done.cart.token)
    return response


@unshared
@require_POST
def claim(request: HttpRequest, token: str) -> HttpResponse:
    """Give a guest's order to who is signed in; others sign up or sign in first, and it is theirs then."""
    order = _order(token)
    page = reverse("order", args=[order.token])
    if not request.user.is_authenticated:
        signing_in.remember_claim(request, token=order.token)
        way = guard.sign_in_page() if "sign_in" in request.POST else guard.sign_up_page()
        return redirect_to_login(page, way)
    try:
        services.claim_order(customer_id=guard.customer_id(request), token=token, now=timezone.now())
    except services.OthersOrder:
        messages.warning(
            request,
            gettext(
                "The order was placed with another e-mail address than yours, so it was not added to your account."
            ),
        )
    else:
        messages.success(
            request, gettext("Order %(number)s is in your account now.") % {"number": order.number}
        )
    return redirect(page)


def _order(token: str) -> Order:
    order = orders.by_token(token=token)
    if order is None:
        raise Http404
    return order


def _say(request: HttpRequest, done: reordering.Reordered) -> None:
    if done.added or done.fewer:
        messages.success(request, gettext("What you ordered is in your cart again, at today's prices."))
    if done.fewer:
        names = ", ".join(done.fewer)
        messages.warning(request, gettext("Fewer than you ordered are left: %(names)s") % {"names": names})
    if done.missing:
        names = ", ".join(done.missing)
        messages.warning(request, gettext("Cannot be ordered right now: %(names)s") % {"names": names})


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 4 else 1

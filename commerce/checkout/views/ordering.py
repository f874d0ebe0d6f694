"""Place the order that the sheet describes."""

import logging

from django.contrib import messages
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext

from commerce.cart import session
from commerce.checkout import coupon_entry, forms, known, placing, points_entry, saved, services
from commerce.checkout.views import answers, paying, showing
from commerce.coupons import words
from commerce.customers import addresses
from commerce.orders.models import Order

logger = logging.getLogger(__name__)


def place(request: HttpRequest) -> HttpResponse:
    """Place the order that the sheet describes, or show the sheet with what stands against it."""
    form, page = _filled_in(request), forms.Shown.read(request.POST)
    if page.cart_token is None:
        return showing.nothing_to_order(request, cart_token=session.token(request))
    if not form.is_valid():
        return _incomplete(request, form, page)
    try:
        order = placing.once(page=page, place=lambda: _order_of(request, form, page), now=timezone.now())
    except services.CartEmpty:
        return showing.nothing_to_order(request, cart_token=page.cart_token)
    except services.CouponRefused as refused:
        why = words.refusal(reason=refused.reason, missing=refused.missing)
        return _to_choose_again(request, "coupon", why, page)
    except services.PointsRefused as refused:
        why = points_entry.refusal(have=refused.have, most=refused.most)
        return _to_choose_again(request, "points", why, page)
    except services.CartChanged as changed:
        return showing.show(
            request, form=showing.to_agree_again(request), quote=changed.quote, changed=changed
        )
    except OperationalError as busy:  # a lock or a statement took too long: nothing was written
        logger.warning("an order could not be placed: %s", busy)
        messages.error(
            request, gettext("The shop is very busy right now. Nothing was ordered yet; please try again.")
        )
        return showing.again(request, form=form, cart_token=page.cart_token)
    response = paying.to_window(request, order=order)
    _remember(request, response, form)
    return response


def _filled_in(request: HttpRequest) -> forms.OrderSheet:
    form = forms.OrderSheet(request.POST)
    if waiting := coupon_entry.waiting(request):
        form.add_error("coupon_code", waiting)
    return form


def _incomplete(request: HttpRequest, form: forms.OrderSheet, page: forms.ShownPage) -> HttpResponse:
    """Name what is wrong; a sum that became another one meanwhile is said, and must be agreed to again."""
    quote = showing.priced(request, cart_token=page.cart_token, postcode=forms.postcode(request.POST))
    if not quote.lines:
        return showing.nothing_to_order(request, cart_token=page.cart_token)
    if page.total in (-1, quote.total):
        return showing.show(request, form=form, quote=quote)
    messages.info(request, showing.news(before=page.shown, quote=quote))
    return showing.show(request, form=showing.to_agree_again(request), quote=quote)


def _to_choose_again(request: HttpRequest, name: str, why: str, page: forms.ShownPage) -> HttpResponse:
    """Say why the coupon, or so many points, cannot be used; the sum without them was not agreed to."""
    form = showing.to_agree_again(request)
    form.is_valid()
    form.add_error(name, why)
    return showing.again(request, form=form, cart_token=page.cart_token)


def _order_of(request: HttpRequest, form: forms.OrderSheet, page: forms.ShownPage) -> Order:
    if page.cart_token is None:
        raise services.CartEmpty
    return services.place_order(
        cart_token=page.cart_token,
        shown_total=page.total,
        shown=page.shown,
        contact=form.contact(),
        method=form.cleaned_data["method"],
        receipt=form.receipt_wish(),
        language=answers.language(),
        customer_id=session.customer_id(request),
        coupon=form.cleaned_data["coupon"] if session.customer_id(request) else None,
        points=form.cleaned_data["points"] if session.customer_id(request) else 0,
        now=timezone.now(),
    )


def _remember(request: HttpRequest, response: HttpResponse, form: forms.OrderSheet) -> None:
    """Keep the address where that is asked for: a customer's in the account, a guest's on the device."""
    owner, data = session.customer_id(request), form.cleaned_data
    if owner:
        place = known.place_of(
            contact=form.contact(), request_code=data["delivery_request"], note=data["delivery_note"]
        )
        if data["remember"]:
            addresses.remember(customer_id=owner, place=place, now=timezone.now())
    elif form.cleaned_data["remember"]:
        saved.keep(response, entries=form.cleaned_data)
    else:
        saved.forget(response)

"""What the buttons of the order sheet do besides ordering; whatever was typed stays, and nothing is ordered."""

import logging

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from commerce.cart import quotes, session
from commerce.cart import services as carts
from commerce.checkout import coupon_entry, forms, known, points_entry, saved
from commerce.checkout.views import answers, showing

logger = logging.getLogger(__name__)


def adjust(request: HttpRequest) -> HttpResponse:
    """Take what cannot be had out of the cart, and go on with what was typed."""
    cart_token = forms.Shown.read(request.POST).cart_token
    quote = showing.priced(request, cart_token=cart_token)
    for line in quote.lines:
        if line.problem:
            left = line.available if line.problem == quotes.Problem.SHORT else 0
            _set_quantity(quote, line.sku, left)
    messages.info(request, gettext("What cannot be had was taken out. Please look at the new total."))
    return showing.again(request, form=showing.to_agree_again(request), cart_token=cart_token)


def apply(request: HttpRequest) -> HttpResponse:
    """Show what delivery to the postcode costs, without any complaint about what is not filled in yet."""
    page = forms.Shown.read(request.POST)
    code = forms.postcode(request.POST)
    if not code:
        messages.warning(request, gettext("Please enter the five digits of the postcode."))
    elif news := showing.news(
        before=page.shown, quote=showing.priced(request, cart_token=page.cart_token, postcode=code)
    ):
        messages.info(request, news)
    return showing.again(request, form=forms.as_typed(request.POST), cart_token=page.cart_token)


def use(request: HttpRequest) -> HttpResponse:
    """Fill another of the customer's addresses in, and go on with everything else that was typed."""
    page, address = forms.Shown.read(request.POST), known.chosen(request)
    if address is None:
        return showing.again(request, form=forms.as_typed(request.POST), cart_token=page.cart_token)
    quote = showing.priced(request, cart_token=page.cart_token, postcode=address.postcode)
    if not quote.lines:
        return showing.nothing_to_order(request, cart_token=page.cart_token)
    if news := showing.news(before=page.shown, quote=quote):
        messages.info(request, news)
    return showing.show(
        request, form=forms.as_typed(known.filled(request.POST, address=address)), quote=quote
    )


def coupon(request: HttpRequest) -> HttpResponse:
    """Take a coupon off the sum, the one that was chosen or that of a code, and go on with all else that was typed."""
    page, owner, wrong = forms.Shown.read(request.POST), session.customer_id(request), ""
    if owner and request.POST["coupon_act"] == coupon_entry.REGISTER:
        wrong = coupon_entry.register(request, customer_id=owner, now=timezone.now())
    quote = showing.priced(request, cart_token=page.cart_token, postcode=forms.postcode(request.POST))
    if not quote.lines:
        return showing.nothing_to_order(request, cart_token=page.cart_token)
    entry = coupon_entry.read(request, quote=quote, now=timezone.now())
    said = {"coupon_news": "" if wrong else coupon_entry.news(entry, quote=quote), "code_error": wrong}
    return showing.show(request, form=forms.as_typed(request.POST), quote=quote, said=said)


def points(request: HttpRequest) -> HttpResponse:
    """Take points off the sum, those that were typed or all, and go on with everything else that was typed."""
    page = forms.Shown.read(request.POST)
    quote = showing.priced(request, cart_token=page.cart_token, postcode=forms.postcode(request.POST))
    if request.POST["points_act"] == points_entry.ALL:
        points_entry.fill_all(request, quote=quote, now=timezone.now())
        quote = points_entry.priced(request, quote=quote, now=timezone.now())
    entry = points_entry.read(request, quote=quote, now=timezone.now())
    level = messages.WARNING if entry and entry.error else messages.INFO
    messages.add_message(request, level, points_entry.news(entry, quote=quote))
    return showing.again(request, form=forms.as_typed(request.POST), cart_token=page.cart_token)


def forget(request: HttpRequest) -> HttpResponse:
    """Let the device forget the address, and empty the sheet."""
    messages.success(request, gettext("This device has forgotten your address."))
    response = answers.SeeOther(reverse("checkout"))
    saved.forget(response)
    return response


def _set_quantity(quote: quotes.Quote, sku: str, quantity: int) -> None:
    try:
        carts.change(token=quote.token, sku=sku, quantity=quantity, now=timezone.now())
    except carts.UnableToChangeCart:
        logger.info("%s changed again while it was adjusted", sku)  # the next page says how

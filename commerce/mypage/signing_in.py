"""What happens beside a sign-in: the guest's cart and wishes join the customer's, and orders find their customer.

The only receivers of `commerce`: Django and allauth say in no other way that somebody signed in. They translate and
call a use case, as views do.
"""

import importlib
import logging
from typing import Any

from django.apps import apps
from django.contrib import messages
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from commerce.cart import merging, session
from commerce.coupons import services as coupons
from commerce.mypage import services
from commerce.wishlist import session as wishes

logger = logging.getLogger(__name__)
CLAIMS = "claim_orders"  # of the session: tokens of orders that wait for who placed them
MOST_CLAIMS = 5


def connect() -> None:
    """Begin to listen."""
    user_logged_in.connect(welcome, dispatch_uid="commerce.mypage.welcome")
    if apps.is_installed("allauth.account"):
        signals = importlib.import_module("allauth.account.signals")  # it may not be there
        signals.email_confirmed.connect(address_proven, dispatch_uid="commerce.mypage.address_proven")


def welcome(sender: Any, request: HttpRequest | None, user: Any, **_more: Any) -> None:
    """Take a guest's cart and orders over; what goes wrong with it keeps nobody from signing in."""
    if request is None:
        return
    try:
        _merge(request, user)
        wishes.join(request, now=timezone.now())
        _claim(request, user)
        _claim_proven(user)
    except Exception:
        logger.exception("what was a guest's could not be taken over")


def address_proven(sender: Any, request: Any, email_address: Any, **_more: Any) -> None:
    """Give a customer the earlier orders of an address that was proven to be theirs."""
    services.claim_guest_orders(
        customer_id=email_address.user_id, email=email_address.email, now=timezone.now()
    )
    coupons.welcome(customer_id=email_address.user_id, now=timezone.now())


def remember_claim(request: HttpRequest, *, token: str) -> None:
    """Keep in the session that an order waits for who signs in or signs up next."""
    waiting = [known for known in request.session.get(CLAIMS, []) if known != token]
    request.session[CLAIMS] = [*waiting, token][-MOST_CLAIMS:]


def _merge(request: HttpRequest, user: Any) -> None:
    token = session.guest_token(request)
    merged = merging.take_over(token=token, customer_id=user.pk, now=timezone.now())
    if merged.capped:
        text = gettext(
            "What was in your cart on this device is in your own cart now. Of some products fewer are left than"
            " you wanted: please look at the quantities."
        )
        messages.warning(request, text, fail_silently=True)
    elif merged.added:
        text = ngettext(
            "%(count)d product from this device is in your own cart now.",
            "%(count)d products from this device are in your own cart now.",
            merged.added,
        ) % {"count": merged.added}
        messages.info(request, text, fail_silently=True)


def _claim(request: HttpRequest, user: Any) -> None:
    store = getattr(request, "session", None)
    for token in store.pop(CLAIMS, []) if store is not None else []:
        try:
            order = services.claim_order(customer_id=user.pk, token=token, now=timezone.now())
        except services.OthersOrder:
            text = gettext(
                "The order was placed with another e-mail address than yours, so it was not added to your account."
            )
            messages.warning(request, text, fail_silently=True)
        else:
            text = gettext("Order %(number)s is in your account now.") % {"number": order.number}
            messages.success(request, text, fail_silently=True)


def _claim_proven(user: Any) -> None:
    """Look for earlier orders of an address that was proven before, or by whom the customer signed up with."""
    if not apps.is_installed("allauth.account"):
        return
    model: Any = apps.all_models["account"]["emailaddress"]
    proven = list(model.objects.filter(user_id=user.pk, verified=True).values_list("email", flat=True))
    for email in proven:
        services.claim_guest_orders(customer_id=user.pk, email=email, now=timezone.now())
    if proven:  # of who signed up with a provider nobody says that the address was proven
        coupons.welcome(customer_id=user.pk, now=timezone.now())

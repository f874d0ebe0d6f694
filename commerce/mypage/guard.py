"""Who may see my page: whoever is signed in, and only what is theirs."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import resolve_url
from django.urls import NoReverseMatch, reverse
from django.views.decorators.cache import cache_control

View = Callable[..., HttpResponseBase]
_unshared = cache_control(private=True, no_store=True)


def customer_id(request: HttpRequest) -> int:
    """Return who is signed in, in a view that `signed_in` guards."""
    return int(request.user.pk or 0)


def signed_in(view: View) -> View:
    """Let only those in who are signed in; others sign in first and come back. No copy of the page is kept."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated:
            response: HttpResponseBase = _unshared(view)(request, *args, **kwargs)
            response["X-Robots-Tag"] = "noindex"
            return response
        back = request.get_full_path() if request.method in ("GET", "HEAD") else reverse("account")
        return redirect_to_login(back, sign_in_page())

    return guarded


def sign_in_page() -> str:
    """Return the address on which shoppers sign in."""
    return _first("account_login")


def sign_up_page() -> str:
    """Return the address on which shoppers become customers."""
    return _first("account_signup", "account_login")


def _first(*names: str) -> str:
    for name in names:
        try:
            return reverse(name)
        except NoReverseMatch:
            continue
    return resolve_url(settings.LOGIN_URL)

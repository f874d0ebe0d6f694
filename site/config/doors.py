"""Who gets through the doors: staff with a second factor only, and nobody by guessing while tries cannot be counted."""

import logging
from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from commerce.accounts import staff
from config.csp import SIGN_IN_PREFIXES

Handler = Callable[[HttpRequest], HttpResponse]
logger = logging.getLogger(__name__)
DESKS = ("/admin/", "/django-admin/")
_SIGN_IN = ("wagtailadmin_login", "admin:login")
_OPEN = ("wagtailadmin_logout", "admin:logout", "wagtailadmin_javascript_catalog", "admin:jsi18n")


class DoorsMiddleware:
    """Stands behind the sessions and allauth's own middleware."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        stopped = _at_desk(request) if settings.STAFF_MFA_REQUIRED else None
        response = stopped or self.get_response(request)
        if _of_accounts(request):  # codes, secrets of apps, whom a sign-up is about: no copy is kept anywhere
            response.headers["Cache-Control"] = "private, no-store"
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer what fails on the pages of accounts for reasons that lie elsewhere; what is ours stays a fault."""
        if not _of_accounts(request):
            return None
        if not _counts():
            logger.error("the cache is away: nobody can sign in, because tries cannot be counted")
            return render(request, "accounts/unavailable.html", status=503)
        match = request.resolver_match
        if match and (match.url_name or "").endswith("_callback") and isinstance(exception, _ODD_PROFILE):
            logger.error("%s answered what nobody understands: %r", match.url_name, type(exception))
            return render(request, "socialaccount/authentication_error.html", status=502)
        return None


_ODD_PROFILE = (KeyError, TypeError, ValueError, AttributeError)  # what a profile without its parts ends in


def _at_desk(request: HttpRequest) -> HttpResponse | None:
    """Return where somebody must go before the back office opens, or None."""
    if not request.path_info.startswith(DESKS):
        return None
    if request.path_info in _paths(_SIGN_IN):
        wanted = request.GET.get("next") or request.path_info.replace("login/", "")
        return redirect_to_login(wanted, reverse("account_login"))
    if request.path_info in _paths(_OPEN) or not staff.must_prove(request.user):
        return None
    if staff.has_proved(request):
        return None
    if staff.has_second_factor(request.user):
        return redirect_to_login(request.get_full_path(), reverse("mfa_reauthenticate"))
    messages.warning(request, _("The back office asks for a second factor. Please set one up now."))
    return redirect(f"{reverse('mfa_activate_totp')}?next={reverse('wagtailadmin_home')}")


def _paths(names: tuple[str, ...]) -> set[str]:
    return {reverse(name) for name in names}


def _of_accounts(request: HttpRequest) -> bool:
    return request.path_info.startswith(SIGN_IN_PREFIXES)


def _counts() -> bool:
    try:
        cache.get("doors")
    except Exception:  # noqa: BLE001  # whatever the cache's driver raises
        return False
    return True

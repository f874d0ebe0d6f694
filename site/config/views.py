"""Plain files that machines ask for."""

from datetime import timedelta
from email.utils import parseaddr

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

PRIVATE = ("/admin/", "/django-admin/", "/cart/", "/checkout/", "/orders/", "/search/", "/accounts/")
VALID = timedelta(days=180)  # RFC 9116 2.5.5: less than a year


@require_safe
@cache_control(public=True, max_age=3600)
def robots(request: HttpRequest) -> HttpResponse:
    """Keep robots out of what belongs to one shopper, and show them the map."""
    if not settings.ROBOTS_ALLOWED:
        return _text(["User-agent: *", "Disallow: /"])
    prefixes = [f"/{code}" for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
    closed = [f"Disallow: {prefix}{path}" for prefix in ("", *prefixes) for path in PRIVATE]
    return _text(["User-agent: *", *closed, "", f"Sitemap: {_base()}{reverse('sitemap')}"])


@require_safe
@cache_control(public=True, max_age=3600)
def security(request: HttpRequest) -> HttpResponse:
    """Say where a security problem is reported (RFC 9116)."""
    _name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    expires = (timezone.now() + VALID).strftime("%Y-%m-%dT00:00:00Z")
    return _text(
        [
            f"Contact: mailto:{address}",
            f"Expires: {expires}",
            "Preferred-Languages: ko, en",
            f"Canonical: {_base()}{reverse('security')}",
        ]
    )


def _base() -> str:
    return str(settings.SHOP_BASE_URL).rstrip("/")


def _text(lines: list[str]) -> HttpResponse:
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")

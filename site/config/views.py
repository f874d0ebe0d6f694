"""Plain files that machines ask for."""

from datetime import timedelta
from email.utils import parseaddr

from django.conf import settings
from django.contrib.sitemaps import views as maps
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from config.sitemaps import SITEMAPS

PRIVATE = (
    "/admin/",
    "/django-admin/",
    "/cart/",
    "/checkout/",
    "/orders/",
    "/search/",
    "/accounts/",
    "/account/",
    "/wishlist/",
    "/restock/",
)
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
def sitemap(request: HttpRequest) -> HttpResponseBase:
    """Show the map of the shop; one that has more than a page becomes a list of maps (sitemaps.org)."""
    sections = {
        name: section() if isinstance(section, type) else section for name, section in SITEMAPS.items()
    }
    if all(section.paginator.num_pages == 1 for section in sections.values()):
        return maps.sitemap(request, dict(SITEMAPS))
    parts = [
        {"location": f"{_base()}{reverse('sitemap-part', args=[name])}" + (f"?p={page}" if page > 1 else "")}
        for name, section in sections.items()
        for page in section.paginator.page_range
    ]
    return TemplateResponse(request, "sitemap_index.xml", {"sitemaps": parts}, content_type="application/xml")


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

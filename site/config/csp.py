"""Two content security policies: the strict one of the settings for the shop, a looser one for the admin.

Wagtail's editor needs inline scripts; a nonce there would switch 'unsafe-inline' off, so it has none.
"""

from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

ADMIN_PREFIXES = ("/admin/", "/django-admin/")
SIGN_IN_PREFIXES = ("/accounts/", "/en/accounts/")  # their buttons lead to a provider, by way of the shop
ADMIN_POLICY = {
    "default-src": ["'self'"],
    "script-src": ["'self'", "'unsafe-inline'"],
    "style-src": ["'self'", "'unsafe-inline'"],
    "img-src": ["'self'", "data:", "blob:"],
    "font-src": ["'self'", "data:"],
    "connect-src": ["'self'"],
    "frame-src": ["'self'"],
    "form-action": ["'self'"],
    "frame-ancestors": ["'self'"],
    "base-uri": ["'self'"],
    "object-src": ["'none'"],
}


def _with_pictures(policy: dict[str, list[str]]) -> dict[str, list[str]]:
    """Let pictures and films come from the bucket, where there is one."""
    bucket = [*filter(None, [settings.MEDIA_ORIGIN])]
    return {**policy, "img-src": [*policy["img-src"], *bucket], "media-src": ["'self'", *bucket]}


class PolicyMiddleware(CSPMiddleware):
    """Choose the policy by address; previews of pages are shop pages and get the strict one."""

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        parts: PolicyParts = super().get_policy_parts(request, response, report_only)
        if not report_only and request.path_info.startswith(ADMIN_PREFIXES):
            parts.config = _with_pictures(ADMIN_POLICY)
        elif (
            not report_only
            and settings.SOCIAL_FORM_TARGETS
            and request.path_info.startswith(SIGN_IN_PREFIXES)
        ):
            parts.update = {**(parts.update or {}), "form-action": settings.SOCIAL_FORM_TARGETS}
        return parts

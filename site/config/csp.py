"""Two content security policies: the strict one of the settings for the shop, a looser one for the admin.

Wagtail's editor needs inline scripts; a nonce there would switch 'unsafe-inline' off, so it has none.
"""

from collections.abc import Callable

from csp.constants import HEADER
from csp.middleware import CheckableLazyObject, CSPMiddleware, PolicyParts
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

Handler = Callable[[HttpRequest], HttpResponseBase]
_OWN = (  # what a view of django-csp's may leave at its answer, but for `_csp_update`
    "_csp_config",
    "_csp_replace",
    "_csp_exempt",
    "_csp_update_ro",
    "_csp_config_ro",
    "_csp_replace_ro",
)
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


def _usual(request: HttpRequest, response: HttpResponseBase) -> bool:
    """Return whether an answer gets the policy of the settings, at most with an addition by its view."""
    own = any(hasattr(response, name) for name in _OWN) or getattr(request, "_csp_nonce", None)
    apart = request.path_info.startswith((*ADMIN_PREFIXES, *SIGN_IN_PREFIXES))
    tried = getattr(settings, "CONTENT_SECURITY_POLICY_REPORT_ONLY", None)
    excluded = settings.CONTENT_SECURITY_POLICY.get("EXCLUDE_URL_PREFIXES")
    return not (own or apart or tried or excluded or settings.DEBUG)


def _with_pictures(policy: dict[str, list[str]]) -> dict[str, list[str]]:
    """Let pictures and films come from the bucket, where there is one."""
    bucket = [*filter(None, [settings.MEDIA_ORIGIN])]
    return {**policy, "img-src": [*policy["img-src"], *bucket], "media-src": ["'self'", *bucket]}


class PolicyMiddleware(CSPMiddleware):
    """Choose the policy by address; previews of pages are shop pages and get the strict one.

    The policy of shop pages is put together once for each addition that views ask for: it was a fifth of a kept page.
    """

    def __init__(self, get_response: Handler) -> None:
        super().__init__(get_response)
        self._texts: dict[str, str] = {}

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Add the policy to an answer."""
        if not _usual(request, response):
            answer: HttpResponseBase = super().process_response(request, response)
            return answer
        update = getattr(response, "_csp_update", None)
        known = repr(update)
        if known not in self._texts:
            self._texts[known] = build_policy(update=update)
        response.setdefault(HEADER, self._texts[known])
        request.csp_nonce = CheckableLazyObject(self._csp_nonce_post_response)  # type: ignore[attr-defined]  # too late for one
        return response

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

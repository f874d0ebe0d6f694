"""Answer pages that every visitor sees alike from the cache, and fill in what is a visitor's own.

Which pages these are their views say (`copies.alike`). Three holes are filled in each time: the token of forms, the
number of things in the cart, and which hearts are full. Whoever has a session, as staff have, or a message waiting gets a page of their
own. A copy counts only under the version that was current before its page was read (`commerce.copies`). What a process
found it answers again without asking the cache; which version counts it asks every `PAGE_COPIES_NEAR` seconds.
"""

import logging
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.utils import timezone, translation

from commerce import copies, partly
from commerce.cart import selectors as carts
from commerce.cart import session
from commerce.cart.badge import badge
from commerce.near import Near
from commerce.wishlist import heart
from commerce.wishlist import selectors as wishes
from commerce.wishlist import session as wish_session
from config import form_tokens

Handler = Callable[[HttpRequest], HttpResponse]
logger = logging.getLogger(__name__)
_NEVER = (
    "/static/",
    "/media/",
    "/admin/",
    "/django-admin/",
    "/api/",
    "/webhooks/",
    "/documents/",
    "/accounts/",
    "/en/accounts/",
    *(
        f"{language}/{page}/"
        for language in ("", "/en")
        for page in ("cart", "checkout", "orders", "account")
    ),
)
_HOLE = b"@form-token@"
_TOKEN = re.compile(rb'(name="csrfmiddlewaretoken" value=")[A-Za-z0-9]{64}"')


@dataclass(frozen=True, slots=True)
class Copy:
    """A page as a visitor without cart and wishlist got it, its form tokens taken out."""

    version: str
    headers: dict[str, str]
    language: str
    body: bytes
    until: float  # by `time.time`
    ends_at: datetime | None = None  # when the page changes by itself
    policy: dict[str, list[str]] | None = None  # what its security policy allows besides

    def holds(self) -> bool:
        """Return whether nothing on the page changed by itself meanwhile."""
        return self.ends_at is None or timezone.now() < self.ends_at  # noqa: TID251  # read at the edge


_at_hand: Near[Copy] = Near(most=512)  # copies that a process need not ask the cache for


class PageCopiesMiddleware:
    """Before sessions, languages and everything else that costs; behind what secures every answer."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response
        self.forms = CsrfViewMiddleware(get_response)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not _for_everybody(request):
            return self.get_response(request)
        key = f"page:3:{request.scheme}:{request.get_host()}:{request.path}"
        version = copies.known()
        if version and (found := _find(key, version)):
            return self._filled(request, found)
        # what is kept must be as new as its version: it is not read from a replica (`config.replica`)
        request.to_be_kept = bool(version) and not _has_own(request)  # type: ignore[attr-defined]
        response = self.get_response(request)
        if version and _may_be_kept(request, response):
            _keep(key, version, response)
        return response

    def _filled(self, request: HttpRequest, found: Copy) -> HttpResponse:
        response = self._answer(request, found)
        response._csp_update = found.policy  # type: ignore[attr-defined]  # `config.csp` reads it
        return response

    def _answer(self, request: HttpRequest, found: Copy) -> HttpResponse:
        body = found.body
        if session.carried(request):
            with translation.override(found.language):
                own = badge(count=carts.count(token=session.token(request)))
                body = body.replace(badge(count=0).encode(), own.encode())
        if wish_session.COOKIE in request.COOKIES:
            own_hearts = wishes.slugs(token=wish_session.token(request), customer_id=None)
            body = heart.filled(body, slugs=own_hearts)
        if _HOLE not in body:
            return HttpResponse(body, headers=found.headers)
        token = form_tokens.token(request, forms=self.forms)
        response = HttpResponse(body.replace(_HOLE, token.encode()), headers=found.headers)
        self.forms.process_response(request, response)  # the cookie that belongs to the token, if need be
        return response


def _for_everybody(request: HttpRequest) -> bool:
    """Return whether a copy may answer: a plain address, asked by nobody in particular, and no preview."""
    if getattr(request, "is_dummy", False):  # as Wagtail asks for previews of pages that are not published
        return False
    if request.method != "GET" or request.META.get("QUERY_STRING") or request.path.startswith(_NEVER):
        return False
    if partly.asked(
        request
    ):  # for a part of a page, or for a page in place of another: never what a browser shows by itself
        return False
    own = (settings.SESSION_COOKIE_NAME, "messages")
    return settings.PAGE_COPIES and not any(request.COOKIES.get(name) for name in own)


def _may_be_kept(request: HttpRequest, response: HttpResponse) -> bool:
    """Return whether a page is alike for everybody: its view says so, and nothing in it is this visitor's."""
    alike = copies.seconds(response) and response.status_code == 200 and not response.streaming
    foreign = set(response.cookies) - {settings.CSRF_COOKIE_NAME}
    return bool(alike) and not foreign and not _has_own(request)


def _has_own(request: HttpRequest) -> bool:
    """Return whether something on the page may be this visitor's own: a cart, or a wishlist."""
    return session.carried(request) or wish_session.carried(request)


def _find(key: str, version: str) -> Copy | None:
    """Return the copy of this version, at hand or from the cache, unless the page changed by itself since."""
    found = _at_hand.get(key)
    if found is None or found.version != version:
        try:
            found = cache.get(key)
        except Exception:  # noqa: BLE001  # whatever the cache's driver raises: the page is made anew
            return None
        if found is None or found.version != version:
            return None
        _at_hand.keep(key, found, seconds=settings.PAGE_COPIES_NEAR and found.until - time.time())
    return found if found.holds() else None


def _keep(key: str, version: str, response: HttpResponse) -> None:
    body, tokens = _TOKEN.subn(rb"\1" + _HOLE + b'"', response.content)
    if body.count(b"csrfmiddlewaretoken") != tokens:
        logger.error("a form token in %s is written in a way that is not known: it is not kept", key)
        return
    seconds = copies.seconds(response)
    page = Copy(
        version=version,
        headers=dict(response.headers),
        language=response.headers.get("Content-Language", "ko"),
        body=body,
        until=time.time() + seconds,
        ends_at=copies.ends_at(response),
        policy=getattr(response, "_csp_update", None),
    )
    try:
        cache.set(key, page, seconds)
    except Exception:  # noqa: BLE001  # whatever the cache's driver raises: the next visitor waits as long
        logger.warning("the cache is away: %s is not kept", key)

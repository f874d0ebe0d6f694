"""The wishlist: its page, and the hearts that change it."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from commerce.catalog.shapes import DEFAULT_LANGUAGE
from commerce.events import outbox
from commerce.orders import tries
from commerce.wishlist import origin, selectors, services, session

TRIES, SECONDS = 240, 600  # changes per address

unshared = cache_control(private=True, no_store=True)


@unshared
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Show the visitor's list."""
    joined = session.join(request, now=timezone.now())
    wishlist = selectors.find(token=session.token(request), customer_id=session.customer(request))
    wishes = selectors.wishes(
        wishlist=wishlist, language=get_language() or DEFAULT_LANGUAGE, now=timezone.now()
    )
    context = {"wishes": wishes, "wished": frozenset(wish.slug for wish in wishes)}
    response = render(request, "commerce/wishlist.html", context)
    if joined:
        session.forget(response)
    return response


@csrf_exempt  # the form is on pages that are alike for everybody: see `origin`
@unshared
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest) -> HttpResponse:
    """Put `add` on the list or take `remove` off it, then go to `next`; a script gets JSON."""
    if request.method != "POST":
        return redirect("wishlist")
    if not origin.is_ours(request):
        raise PermissionDenied
    now = timezone.now()
    if wait := tries.wait(request, name="wishlist", tries=TRIES, seconds=SECONDS, now=now):
        return tries.refused(_answer(request, on=None, text=tries.words(wait=wait)), wait=wait)
    joined = session.join(request, now=now)
    who: dict[str, Any] = {"token": session.token(request), "customer_id": session.customer(request)}
    with outbox.acting("shopper"):
        response = _add(request, who) if request.POST.get("add") else _remove(request, who)
    if joined:
        session.forget(response)
    return response


def _add(request: HttpRequest, who: dict[str, Any]) -> HttpResponse:
    try:
        wishlist = services.add(slug=_slug(request, "add"), now=timezone.now(), **who)
    except services.NoProduct:
        return _answer(request, on=False, text=gettext("This product is no longer sold."), good=False)
    except services.Full as full:
        text = gettext("Your wishlist holds %(limit)d products at most.") % {"limit": full.limit}
        return _answer(request, on=False, text=text, good=False)
    response = _answer(request, on=True, text=gettext("Put on your wishlist."))
    if wishlist.customer_id is None:
        session.remember(response, token=wishlist.token)
    return response


def _remove(request: HttpRequest, who: dict[str, Any]) -> HttpResponse:
    services.remove(slug=_slug(request, "remove"), now=timezone.now(), **who)
    return _answer(request, on=False, text=gettext("Taken off your wishlist."))


def _slug(request: HttpRequest, name: str) -> str:
    return request.POST.get(name, "").replace("\x00", "")[:255]


def _answer(request: HttpRequest, *, on: bool | None, text: str, good: bool = True) -> HttpResponse:
    if request.headers.get("Accept", "").startswith("application/json"):
        return JsonResponse({"on": on, "text": text})
    tell = partial(messages.success if good and on is not None else messages.error, request)
    tell(text)
    wanted = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return redirect(wanted if ours and wanted.startswith("/") else reverse("wishlist"))

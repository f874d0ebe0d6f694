"""My data: a copy of everything, and leaving the shop."""

import uuid

from django.contrib import messages
from django.contrib.auth import logout
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from commerce.mypage import guard
from commerce.privacy import exporting, withdrawal


@guard.signed_in
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Say what can be done, and how far a copy is."""
    copy = exporting.newest(customer_id=guard.customer_id(request), now=timezone.now())
    return render(request, "mypage/privacy.html", {"copy": copy, "days": exporting.KEPT.days})


@guard.signed_in
@require_safe
def progress(request: HttpRequest) -> HttpResponse:
    """Answer the part of the page that says how far the copy is, for its script."""
    copy = exporting.newest(customer_id=guard.customer_id(request), now=timezone.now())
    return render(request, "mypage/copy.html", {"copy": copy})


@guard.signed_in
@require_POST
def ask_for_copy(request: HttpRequest) -> HttpResponse:
    """Have a copy made."""
    exporting.ask(customer_id=guard.customer_id(request), language=get_language() or "ko", now=timezone.now())
    messages.success(request, gettext("We are making the copy. This page shows how far it is."))
    return redirect("account-privacy")


@guard.signed_in
@require_safe
def download(request: HttpRequest, key: uuid.UUID) -> HttpResponseBase:
    """Hand a copy to whom it is about."""
    now = timezone.now()
    file = exporting.open_file(customer_id=guard.customer_id(request), key=key, now=now)
    if file is None:
        raise Http404
    name = f"maru-{timezone.localdate(now):%Y%m%d}.zip"
    return FileResponse(file, as_attachment=True, filename=name, content_type="application/zip")


@guard.signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest) -> HttpResponse:
    """Say once what leaving means, then do it."""
    customer_id = guard.customer_id(request)
    if request.method != "POST":
        in_the_way = withdrawal.obstacles(customer_id=customer_id)
        return render(request, "mypage/leave.html", {"obstacles": in_the_way})
    try:
        withdrawal.withdraw(customer_id=customer_id, now=timezone.now())
    except withdrawal.UnableToWithdraw as refusal:
        return render(request, "mypage/leave.html", {"obstacles": refusal.obstacles}, status=422)
    logout(request)
    messages.success(
        request, gettext("You have left. What identified you is deleted. Thank you for your time with us.")
    )
    return redirect("catalog")

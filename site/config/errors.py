"""Pages for the moments when nothing else can answer."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Explain an expired or foreign form and offer the way back; nothing was changed."""
    back = request.META.get("HTTP_REFERER", "/")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        back = "/"  # the form came from elsewhere: we do not send people there
    return render(request, "403_csrf.html", {"back": back}, status=403)

"""Pages for the moments when nothing else can answer."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Explain an expired or foreign form and offer the way back; nothing was changed."""
    return render(request, "403_csrf.html", {"back": request.META.get("HTTP_REFERER", "/")}, status=403)

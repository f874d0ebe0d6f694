"""Headers that every answer of the shop carries and that no setting of Django knows."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

Handler = Callable[[HttpRequest], HttpResponse]
_UNUSED = (  # what no page of the shop asks a browser for; payment stays open for the provider's window
    "accelerometer",
    "browsing-topics",
    "camera",
    "display-capture",
    "geolocation",
    "gyroscope",
    "magnetometer",
    "microphone",
    "midi",
    "usb",
)
PERMISSIONS = ", ".join(f"{feature}=()" for feature in _UNUSED)


class HeadersMiddleware:
    """Add Permissions-Policy and Cross-Origin-Resource-Policy; a view's own stay."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", _readers(request.path))
        return response


def _readers(path: str) -> str:
    """Pictures of the shop stand in mails, which a reader on the web shows on pages of its own."""
    public = path.startswith((settings.STATIC_URL, settings.MEDIA_URL))
    return "cross-origin" if public else "same-origin"

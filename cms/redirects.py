"""Let the pages beside a product follow it: its reviews and questions are at its new address too."""

import re
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect, HttpResponseRedirect
from wagtail.contrib.redirects import middleware
from wagtail.contrib.redirects.models import Redirect

_BESIDE = re.compile(r"^(?P<product>(?:/[a-z]{2})?/p/[^/]+)/(?P<part>reviews|questions)/?$")
_PRODUCT = re.compile(r"^(?:/[a-z]{2})?/p/[^/]+/$")


class RedirectMiddleware(middleware.RedirectMiddleware):
    """Wagtail's, which knows the addresses of products alone."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Answer what is not found with where it is now; what was asked for besides is kept."""
        answer: HttpResponse = super().process_response(request, response)
        if answer is not response or response.status_code != 404:
            return answer
        return _beside(request) or response


def _beside(request: HttpRequest) -> HttpResponse | None:
    asked = _BESIDE.match(request.path)
    if asked is None:
        return None
    path = Redirect.normalise_path(asked["product"], decode_unicode=False)
    found = middleware.get_redirect(request, path)
    if found is None or not found.link or not _PRODUCT.match(urlsplit(found.link).path):
        return None
    query = request.META.get("QUERY_STRING", "")
    address = f"{found.link}{asked['part']}/{'?' + query if query else ''}"
    return HttpResponsePermanentRedirect(address) if found.is_permanent else HttpResponseRedirect(address)

"""What the CMS answers beside its pages."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from cms.models import ShopSettings, ShopVideo

CAPTIONS_SECONDS = 300
THEME_SECONDS = 31_536_000  # a year: another look has another address
OLD_THEME_SECONDS = 60  # kept pages may still ask for a look that was changed


@require_safe
def captions(_request: HttpRequest, pk: int, language: str) -> HttpResponse:
    """Return the captions of a film as WebVTT."""
    film = ShopVideo.objects.filter(pk=pk).first()
    text = film.captions_in(language) if film and language in ("ko", "en") else ""
    if not text:
        raise Http404
    response = HttpResponse(text, content_type="text/vtt; charset=utf-8")
    patch_cache_control(response, public=True, max_age=CAPTIONS_SECONDS)
    return response


@require_safe
def theme(request: HttpRequest, version: str) -> HttpResponse:
    """Return the shop's own colour, corners and letters as a style sheet; the newest, whatever version is asked for."""
    chosen = ShopSettings.for_request(request).look()
    response = HttpResponse(chosen.css(), content_type="text/css; charset=utf-8")
    if version == chosen.version():
        patch_cache_control(response, public=True, max_age=THEME_SECONDS, immutable=True)
    else:
        patch_cache_control(response, public=True, max_age=OLD_THEME_SECONDS)
    return response

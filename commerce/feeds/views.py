"""The addresses that Google and Naver read: files that a worker made, never made in a request."""

from typing import IO

from django.core.files.storage import storages
from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.crypto import constant_time_compare
from django.utils.http import http_date, quote_etag
from django.views.decorators.http import require_safe

from commerce.feeds import kinds
from commerce.feeds.models import Feed


@require_safe
def feed(request: HttpRequest, key: str, name: str, ending: str) -> HttpResponseBase:
    """Send the newest file of a feed, with an ETag and the moment at which it was true."""
    kind = kinds.KINDS.get(name)
    if kind is None or kind.ending != ending or not constant_time_compare(key, kinds.key()):
        raise Http404
    row, file = _open(name)
    etag, modified = quote_etag(row.digest), int(row.made_at.timestamp())
    known = get_conditional_response(request, etag=etag, last_modified=modified)
    if known is not None and known.status_code == 304:
        file.close()
        return _described(known, etag, modified)
    response = FileResponse(file, content_type=kind.content_type)
    response["Content-Length"] = str(row.size)
    return _described(response, etag, modified)


def _open(name: str) -> tuple[Feed, IO[bytes]]:
    """Return the newest feed and its file; one that was replaced in between is looked up once more."""
    for _try in range(2):
        row = Feed.objects.filter(name=name).first()
        if row is None:
            break
        try:
            return row, storages["private"].open(row.file)
        except FileNotFoundError:
            continue
    raise Http404("this feed was not made yet")


def _described(response: HttpResponseBase, etag: str, modified: int) -> HttpResponseBase:
    response["ETag"], response["Last-Modified"] = etag, http_date(modified)
    response["X-Robots-Tag"] = "noindex"
    patch_cache_control(response, no_cache=True)
    return response

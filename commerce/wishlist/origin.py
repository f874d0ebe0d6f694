"""Where a form was sent from. The form of hearts lies on every page, copies among them, and has no token of its own.

Browsers say themselves which site sends a form: `Sec-Fetch-Site`, and older ones `Origin` or the referrer. A page
elsewhere cannot forge these, and so can change nobody's list.
"""

from urllib.parse import urlsplit

from django.http import HttpRequest


def is_ours(request: HttpRequest) -> bool:
    """Return whether a page of this shop sent the request; one that says nothing did not."""
    site = request.headers.get("Sec-Fetch-Site", "")
    if site:
        return site == "same-origin"
    sender = request.headers.get("Origin", "") or request.headers.get("Referer", "")
    return urlsplit(sender).netloc == request.get_host()

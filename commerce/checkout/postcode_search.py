"""What the order sheet may load so that a postcode can be searched: the script of another house, and its frames."""

from urllib.parse import urlsplit

from django.conf import settings


def policy() -> dict[str, list[str]]:
    """Return what the sheet may load beyond the shop's own files; nothing for a script of our own."""
    parts = urlsplit(settings.POSTCODE_SCRIPT_URL)
    script = [f"{parts.scheme}://{parts.netloc}"] if parts.netloc else []
    if not script:
        return {"script-src": ["'self'"]}
    return {"script-src": script, "frame-src": ["'self'", *settings.POSTCODE_CSP_HOSTS]}

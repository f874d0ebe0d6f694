"""How often somebody may try: counted per address in the cache, in fixed windows of time."""

import logging
from datetime import datetime

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

logger = logging.getLogger(__name__)


def seconds_to_wait(*, name: str, who: str, tries: int, seconds: int, now: datetime) -> int:
    """Count a try and return how many seconds `who` must wait for the next one; 0 when this one may be made.

    Without a cache nobody is kept out: what is guarded must be hard to guess anyway.
    """
    window, left = divmod(int(now.timestamp()), seconds)
    key = f"tries:{name}:{who}:{window}"
    try:
        made = _count(key, seconds=seconds)
    except Exception:  # whatever the cache's driver raises
        logger.exception("tries of %s cannot be counted", name)
        return 0
    return seconds - left if made > tries else 0


def _count(key: str, *, seconds: int) -> int:
    """Count one more under a key that lives so long, and return how many there are; mostly it is there already."""
    try:
        return cache.incr(key)
    except ValueError:  # nobody tried yet in this window
        cache.add(key, 0, timeout=seconds)
        return cache.incr(key)


def client(request: HttpRequest) -> str:
    """Return the address of who asks: the header that the shop's own proxy sets, else the connection's."""
    header = settings.CLIENT_ADDRESS_HEADER
    forwarded = request.headers.get(header, "").split(",")[-1].strip() if header else ""
    return (forwarded or request.META.get("REMOTE_ADDR", ""))[:64]

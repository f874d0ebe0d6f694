"""The feeds that there are, by the name that stands in their address."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import salted_hmac

from commerce.feeds import google, naver
from commerce.feeds.shapes import Goods, Shop

Lines = Callable[..., Iterator[tuple[str, int]]]


@dataclass(frozen=True, slots=True)
class Kind:
    """Who reads a feed, in which language, and how its file is written."""

    title: str
    language: str
    lines: Lines
    ending: str
    content_type: str

    def parts(self, *, goods: Iterable[Goods], shop: Shop) -> Iterator[tuple[str, int]]:
        """Yield the parts of the file, each with how many entries it has."""
        return self.lines(goods=goods, shop=shop)


_XML = "application/xml; charset=utf-8"
KINDS = {
    "google-ko": Kind("Google Merchant (한국어)", "ko", google.lines, "xml", _XML),
    "google-en": Kind("Google Merchant (English)", "en", google.lines, "xml", _XML),
    "naver": Kind("네이버 쇼핑 EP 3.0", "ko", naver.lines, "txt", "text/plain; charset=utf-8"),
}


def wanted() -> list[str]:
    """Return the names of the feeds that this shop makes (`FEEDS`)."""
    return [name for name in KINDS if name in settings.FEEDS]


def key() -> str:
    """Return the part of the addresses that nobody guesses: FEED_KEY, or one made of the secret key."""
    made = salted_hmac("commerce.feeds", "address", algorithm="sha256").hexdigest()[:32]
    return str(settings.FEED_KEY or made)


def address(*, name: str) -> str:
    """Return the absolute address of a feed, for whoever registers it."""
    path = reverse("feed", args=[key(), name, KINDS[name].ending])
    return f"{settings.SHOP_BASE_URL.rstrip('/')}{path}"

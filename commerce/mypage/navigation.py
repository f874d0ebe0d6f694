"""The pages of my page, in the order in which they are offered. A new one is one line here."""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from commerce.coupons import selectors as coupons
from commerce.points import selectors as points


@dataclass(frozen=True, slots=True)
class Entry:
    """A page by the name of its address; one that the shop does not have is left out."""

    name: str
    label: str | Promise
    needs: str = ""  # a setting; while it is empty or 0 there is no such page …
    unless: Callable[..., bool] | None = None  # … but for a customer of whom this is true
    when: Callable[..., bool] | None = None  # only for a customer of whom this is true


@dataclass(frozen=True, slots=True)
class Link:
    """An entry as a template shows it."""

    url: str
    label: str | Promise
    current: bool


ENTRIES: tuple[Entry, ...] = (
    Entry("account", _("Overview")),
    Entry("account-orders", _("Orders")),
    Entry("account-addresses", _("Addresses")),
    Entry("wishlist", _("Wishlist")),
    Entry("account-reviews", _("Reviews")),
    Entry("account-questions", _("Questions")),
    Entry("account-restock", _("Restock alerts")),
    Entry("account-points", _("Points"), needs="POINTS_PERCENT", unless=points.known),
    Entry("account-coupons", _("Coupons"), when=coupons.known),
    Entry("account-home", _("Sign-in and security")),
    Entry("account-privacy", _("My data")),
)


def links(*, path: str, customer_id: int) -> list[Link]:
    """Return the entries that exist for a customer; `path` is where she is now."""
    offered = [entry for entry in ENTRIES if _is_offered(entry, customer_id)]
    known = [(url, entry) for entry in offered if (url := _address(entry.name))]
    here = max((url for url, _entry in known if path.startswith(url)), key=len, default="")
    return [Link(url, entry.label, url == here) for url, entry in known]


def _is_offered(entry: Entry, customer_id: int) -> bool:
    if entry.when is not None:
        return entry.when(customer_id=customer_id)
    if not entry.needs or getattr(settings, entry.needs, None):
        return True
    return entry.unless is not None and entry.unless(customer_id=customer_id)


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""

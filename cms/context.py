"""What every shop page knows of the shop itself."""

import logging
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language
from wagtail.models import Page, Site

from cms import languages
from cms.blocks import choosers
from cms.models.settings import PLAIN, TRANSLATED, ShopSettings
from cms.models.stories import StoryIndexPage
from commerce.near import Near

SECONDS = 300  # how long the settings are kept; saving them forgets them at once, within PAGE_COPIES_NEAR
_near: Near[dict[str, Any]] = Near(most=50)

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class PageLink:
    """A page that the menu or the footer leads to, with the entries below it."""

    title: str
    url: str
    children: tuple["PageLink", ...] = ()


def shop(request: HttpRequest) -> dict[str, Any]:
    """Add the settings that editors keep: brand, footer, legal fields; they are read only where asked for."""
    return {"shop_settings": SimpleLazyObject(lambda: shop_settings(request=request))}


def shop_settings(*, request: HttpRequest | None = None, language: str = "") -> dict[str, Any]:
    """Return the shop's settings in one language, by field name; the linked pages as `PageLink` or None.

    Read once per request, and from the cache between requests.
    """
    language = language or get_language() or languages.default()
    remembered = getattr(request, "_shop_settings", {})
    if language not in remembered:
        remembered[language] = _cached(request, language)
        if request is not None:
            request._shop_settings = remembered  # type: ignore[attr-defined]
    found: dict[str, Any] = remembered[language]
    return found


def forget(*, site: Site) -> None:
    """Forget the cached settings of a site, because they were changed."""
    hosts = {site.hostname, f"{site.hostname}:{site.port}", ""}
    _near.clear()
    keys = [_key(host, code) for host in hosts for code, _name in settings.LANGUAGES]
    try:
        cache.delete_many(keys)
    except Exception:  # noqa: BLE001  # whatever the cache's driver raises: the settings expire by themselves
        logger.warning("the cache is away: settings are seen after %s seconds", SECONDS)


def _cached(request: HttpRequest | None, language: str) -> dict[str, Any]:
    key = _key(request.get_host() if request is not None else "", language)
    if near := _near.get(key):
        return near
    try:
        found: dict[str, Any] | None = cache.get(key)
        if found is None:
            found = _read(request, language)
            cache.set(key, found, SECONDS)
    except Exception:  # noqa: BLE001  # whatever the cache's driver raises: a page without a cache is only slower
        logger.warning("the cache is away: settings are read from the database")
        return _read(request, language)
    _near.keep(key, found, seconds=settings.PAGE_COPIES_NEAR)
    return found


def _key(host: str, language: str) -> str:
    return f"shop-settings:{host}:{language}"


def _read(request: HttpRequest | None, language: str) -> dict[str, Any]:
    site = Site.find_for_request(request) if request is not None else None
    site = site or Site.objects.filter(is_default_site=True).first()
    row = ShopSettings.for_site(site) if site else ShopSettings()
    values = {name: getattr(row, name) for name in PLAIN}
    for name in TRANSLATED:
        own = getattr(row, name if language == languages.default() else f"{name}_en", "")
        values[name] = own or getattr(row, name)
    for name in ("terms_page", "privacy_page", "shipping_page"):
        values[name] = _link(getattr(row, name), language)
    entries = _Entries(row, language)
    values["menu_links"], values["columns"] = entries.menu_links(), entries.column_links()
    values["theme"] = "" if row.look().plain else reverse("theme", args=[row.look().version()])
    values["stories_page"] = _link(StoryIndexPage.objects.live().order_by("path").first(), language)
    return values


def _link(page: Any, language: str) -> PageLink | None:
    if page is None:
        return None
    if languages.of(page=page) != language:
        twins = type(page).objects.filter(translation_key=page.translation_key).live()
        page = twins.filter(locale__language_code=language).first() or page
    return PageLink(title=page.title, url=page.get_url() or "") if page.live else None


class _Entries:
    """The entries of menu and footer in one language; their pages are read together."""

    def __init__(self, row: ShopSettings, language: str) -> None:
        self.language = language
        self.menu = [band.value for band in choosers.load(row.menu)]
        self.columns = [band.value for band in choosers.load(row.footer_columns)]
        values = [*self.menu, *(link for entry in self.menu for link in entry.get("children") or ())]
        values += [link for column in self.columns for link in column["links"]]
        chosen = [value["page"] for value in values if value.get("page") is not None]
        keys = {page.translation_key for page in chosen}
        twins = (
            Page.objects.filter(translation_key__in=keys, locale__language_code=language).live()
            if keys
            else ()
        )
        self.pages = {page.translation_key: page for page in chosen if page.live}
        self.pages |= {page.translation_key: page for page in twins}

    def menu_links(self) -> list[PageLink]:
        """Return the entries of the menu that lead somewhere, each with those below it."""
        found = [(self._link(value), value.get("children") or ()) for value in self.menu]
        return [PageLink(link.title, link.url, self._links(below)) for link, below in found if link]

    def column_links(self) -> list[PageLink]:
        """Return the columns of the footer."""
        return [
            PageLink(self._words(value, "heading"), "", self._links(value["links"])) for value in self.columns
        ]

    def _links(self, values: Any) -> tuple[PageLink, ...]:
        return tuple(link for value in values if (link := self._link(value)))

    def _link(self, value: Any) -> PageLink | None:
        """Return an entry; None when its page was deleted or taken down."""
        words = self._words(value, "text")
        if value.get("page") is not None:
            page = self.pages.get(value["page"].translation_key)
            url = page.specific_deferred.get_url() if page else ""
            return PageLink(words or page.title, url) if page and url else None
        address = str(value.get("address") or "")
        if not address or not words:
            return None
        prefix = "" if self.language == languages.default() else f"/{self.language}"
        own = address.startswith("/") and not address.startswith((f"{prefix}/", "/media/", "/documents/"))
        return PageLink(words, f"{prefix}{address}" if prefix and own else address)

    def _words(self, value: Any, name: str) -> str:
        own = value.get(name if self.language == languages.default() else f"{name}_en")
        return str(own or value.get(name) or "")

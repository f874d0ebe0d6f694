"""What the bands of a page need from the database, fetched together: a page of twelve bands asks once."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import Value, prefetch_related_objects
from django.utils import timezone
from django.utils.translation import get_language
from wagtail.blocks import StructValue
from wagtail.blocks.list_block import ListValue
from wagtail.images.models import AbstractImage
from wagtail.models import Page

from cms.blocks import choosers
from commerce.catalog import selectors as catalog
from commerce.catalog.shapes import Card, CategoryLink

NEWEST_STORIES = 3
Rule = tuple[str, str, int]  # newest or recommended, the category's address or "", how many
CHOOSING = ("product", "hotspots", "look")  # bands that name the products that they show
SORTED = {"newest": "new", "recommended": "recommended"}


@dataclass
class Needs:
    """Cards and stories, ready to be laid out."""

    cards: dict[UUID, Card] = field(default_factory=dict)
    ruled: dict["Rule", list[UUID]] = field(default_factory=dict)
    stories: list[Any] = field(default_factory=list)
    now: datetime = field(default_factory=lambda: timezone.now())  # noqa: TID251  # what the page shows
    framed: bool = False  # whether a film of another house may be loaded into the page
    edges: list[datetime] = field(default_factory=list)  # when a band comes or goes by itself

    def changes_at(self) -> datetime | None:
        """Return when the page changes by itself: a price, or a band with a window."""
        prices = [card.changes_at for card in self.cards.values() if card.changes_at]
        return min((edge for edge in [*prices, *self.edges] if edge > self.now), default=None)

    def card(self, page: Any) -> Card | None:
        """Return the card of a chosen product; None when it was deleted or is not on sale."""
        return self.cards.get(page.translation_key) if page is not None else None

    def grid(self, value: Any) -> list[Card]:
        """Return the cards of a product grid."""
        keys = _picked(value) if value.get("source") == "picked" else self.ruled.get(_rule(value), [])
        return [self.cards[key] for key in keys if key in self.cards][: value.get("limit") or None]

    def stories_of(self, value: Any) -> list[Any]:
        """Return the chosen stories that are published, or the newest."""
        chosen = [page for page in value.get("stories") or () if page is not None and page.live]
        return chosen or self.stories


def gather(*, bands: Iterable[tuple[str, Any]], language: str) -> Needs:
    """Fetch what all bands of a page need; `bands` is block names with their values."""
    bands = list(bands)
    needs = Needs(ruled=_ruled({_rule(value) for name, value in bands if _has_rule(name, value)}))
    keys = dict.fromkeys(key for keys in needs.ruled.values() for key in keys)
    pictures: list[Any] = []
    for name, value in bands:
        pictures += images_in(value)
        if name == "products" and not _has_rule(name, value):
            keys |= dict.fromkeys(_picked(value))
        elif name in CHOOSING:
            keys |= dict.fromkeys(page.translation_key for page in products_in(value))
        elif name == "banner":
            needs.edges += [edge for edge in (value.get("starts"), value.get("ends")) if edge]
        elif name == "stories":
            needs.stories = needs.stories or _stories(value, language)
            pictures += [page.hero_image for page in needs.stories_of(value) if page.hero_image]
    if keys:
        found = catalog.cards(keys=list(keys), language=language, now=needs.now)
        needs.cards = {card.key: card for card in found}
    films = [value.get("film") for name, value in bands if name == "film" and value.get("film")]
    prefetch_related_objects([film for film in films if film.pk], "poster__renditions")
    needs.framed = any(film.embed for film in films)
    prefetch_related_objects(pictures, "renditions")
    return needs


def found(context: dict[str, Any], name: str, value: Any) -> Needs:
    """Return what the page fetched before; a band that stands alone, as in a preview, fetches its own."""
    needs = context.get("needs")
    if isinstance(needs, Needs):
        return needs
    return gather(bands=[(name, value)], language=get_language() or "ko")


def bands_of(stream: Any) -> Iterator[tuple[str, Any]]:
    """Yield the name and the value of each band."""
    for child in choosers.load(stream):
        yield child.block_type, child.value


def images_in(value: Any) -> list[Any]:
    """Return the pictures of a band, however deep they are."""
    if isinstance(value, AbstractImage):
        return [value]
    if isinstance(value, StructValue):
        return [image for part in value.values() for image in images_in(part)]
    if isinstance(value, ListValue):
        return [image for part in value for image in images_in(part)]
    return []


def products_in(value: Any) -> list[Any]:
    """Return the product pages that a band names, however deep they are; deleted ones are left out."""
    if isinstance(value, Page):
        return [value] if value._meta.model_name == "productpage" else []
    if isinstance(value, StructValue):
        return [page for part in value.values() for page in products_in(part)]
    if isinstance(value, ListValue):
        return [page for part in value for page in products_in(part)]
    return []


def tiles(*, show: str, pages: Sequence[Any], menu: Iterable[CategoryLink]) -> list[CategoryLink]:
    """Return the menu's first level, all of it, or the chosen categories that are shown in the shop."""
    top = list(menu)
    if show != "picked":
        return list(_flat(top)) if show == "all" else top
    by_path = {link.path: link for link in _flat(top)}
    return [by_path[page.shelf] for page in pages if page is not None and page.shelf in by_path]


def _flat(links: Iterable[CategoryLink]) -> Iterator[CategoryLink]:
    for link in links:
        yield link
        yield from _flat(link.children)


def _picked(value: Any) -> list[UUID]:
    return [page.translation_key for page in value.get("products") or () if page is not None]


def _has_rule(name: str, value: Any) -> bool:
    return name == "products" and value.get("source") in SORTED


def _rule(value: Any) -> Rule:
    shelf = value.get("category")
    return value.get("source", "newest"), shelf.shelf if shelf else "", value.get("limit") or 4


def _ruled(rules: Collection[Rule]) -> dict[Rule, list[UUID]]:
    """Return the keys of the products that each rule finds, with one query for all rules."""
    places = list(rules)
    if not places:
        return {}
    queries = [
        catalog.listing(path=path, sort=SORTED[source])
        .annotate(place=Value(place))
        .values_list("place", "key", "rank", "listed_at", "pk")[:limit]
        for place, (source, path, limit) in enumerate(places)
    ]
    rows = list(queries[0].union(*queries[1:], all=True) if queries[1:] else queries[0])
    return {
        rule: [row[1] for row in sorted(rows, key=_order(rule[0]), reverse=True) if row[0] == place]
        for place, rule in enumerate(places)
    }


def _order(source: str) -> Callable[[Any], Any]:
    return (lambda row: row[3:]) if source == "newest" else (lambda row: row[2:])


def _stories(value: Any, language: str) -> list[Any]:
    if any(page is not None and page.live for page in value.get("stories") or ()):
        return []
    pages = apps.get_model("cms", "StoryPage").objects.live().filter(locale__language_code=language)
    return list(pages.select_related("hero_image").order_by("-first_published_at")[:NEWEST_STORIES])

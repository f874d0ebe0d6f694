"""What the bands of a page need from the database, fetched together: a page of twelve bands asks once."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import prefetch_related_objects
from django.utils.translation import get_language
from wagtail.blocks import StructValue
from wagtail.blocks.list_block import ListValue
from wagtail.images.models import AbstractImage

from commerce.catalog import selectors as catalog
from commerce.catalog.selectors import Card, CategoryLink

NEWEST_STORIES = 3


@dataclass
class Needs:
    """Cards and stories, ready to be laid out."""

    cards: dict[UUID, Card] = field(default_factory=dict)
    newest: dict[tuple[int | None, int], list[UUID]] = field(default_factory=dict)
    stories: list[Any] = field(default_factory=list)

    def card(self, page: Any) -> Card | None:
        """Return the card of a chosen product; None when it was deleted or is not on sale."""
        return self.cards.get(page.translation_key) if page is not None else None

    def grid(self, value: Any) -> list[Card]:
        """Return the cards of a product grid."""
        keys = _picked(value) if value["source"] == "picked" else self.newest.get(_rule(value), [])
        return [self.cards[key] for key in keys if key in self.cards][: value["limit"] or None]

    def stories_of(self, value: Any) -> list[Any]:
        """Return the chosen stories that are published, or the newest."""
        chosen = [page for page in value["stories"] if page is not None and page.live]
        return chosen or self.stories


def gather(*, bands: Iterable[tuple[str, Any]], language: str) -> Needs:
    """Fetch what all bands of a page need; `bands` is block names with their values."""
    needs = Needs()
    keys: dict[UUID, None] = {}
    pictures: list[Any] = []
    for name, value in bands:
        pictures += images_in(value)
        if name == "products" and value["source"] == "newest":
            needs.newest[_rule(value)] = _newest(value)
            keys |= dict.fromkeys(needs.newest[_rule(value)])
        elif name == "products":
            keys |= dict.fromkeys(_picked(value))
        elif name == "product" and value["product"] is not None:
            keys[value["product"].translation_key] = None
        elif name == "stories":
            needs.stories = needs.stories or _stories(value, language)
            pictures += [page.hero_image for page in needs.stories_of(value) if page.hero_image]
    if keys:
        needs.cards = {card.key: card for card in catalog.cards(keys=list(keys), language=language)}
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
    for child in stream or ():
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


def tiles(*, pages: Sequence[Any], menu: Iterable[CategoryLink]) -> list[CategoryLink]:
    """Return the menu's links for the chosen categories, or its first level when none is chosen."""
    top = list(menu)
    if not pages:
        return top
    by_path = {link.path: link for link in _flat(top)}
    return [by_path[page.shelf] for page in pages if page.shelf in by_path]


def _flat(links: Iterable[CategoryLink]) -> Iterator[CategoryLink]:
    for link in links:
        yield link
        yield from _flat(link.children)


def _picked(value: Any) -> list[UUID]:
    return [page.translation_key for page in value["products"] if page is not None]


def _rule(value: Any) -> tuple[int | None, int]:
    return (value["category"].pk if value["category"] else None), value["limit"] or 4


def _newest(value: Any) -> list[UUID]:
    path = value["category"].shelf if value["category"] else ""
    products = catalog.listing(path=path, sort="new").values_list("key", flat=True)
    return list(products[: value["limit"] or 4])


def _stories(value: Any, language: str) -> list[Any]:
    if any(page is not None and page.live for page in value["stories"]):
        return []
    pages = apps.get_model("cms", "StoryPage").objects.live().filter(locale__language_code=language)
    return list(pages.select_related("hero_image").order_by("-first_published_at")[:NEWEST_STORIES])

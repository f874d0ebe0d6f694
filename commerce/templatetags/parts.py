"""Parts of pages that depend on nothing but what they are told, put together once for all pages that show them.

A part gets its values and nothing else of the page, so the same values are the same HTML as long as the process lives:
there is nothing to throw away when something changes, since what has changed are other values.
"""

from collections.abc import Hashable, Iterable
from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.template import Context, loader
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from commerce.catalog.shapes import Card
from commerce.wishlist import heart

register = template.Library()
MOST = 4000  # cards that a process has at hand, of some 2 kB; every list of products shows them
OTHERS = 2000  # other parts: a product page has a dozen of its own, some 30 kB of them
CARD = "components/card.html"
EAGER = 2  # cards of a list whose pictures the eye waits for
_ADDED = '<li id="added">'
Values = tuple[tuple[str, Hashable], ...]


@register.simple_tag
def part(name: str, **values: Hashable) -> SafeString:
    """Return a template with these values, as `include … only` would; they are plain, of types that never change.

    Text among them is never marked as safe: the same words that are not safe would be taken for it.
    """
    return _part(name, tuple(values.items()))


@register.simple_tag(takes_context=True)
def card(
    context: dict[str, Any], card: Card, heading: str = "h2", sizes: str = "", eager: bool = False
) -> SafeString:
    """Return a product in a list; its heart is full where the visitor wished for it."""
    values = (("card", card), ("heading", heading), ("sizes", sizes), ("eager", bool(eager)))
    html = _part(CARD, values)
    return SafeString(heart.full(html, slug=card.slug)) if card.slug in context.get("wished", ()) else html


@register.simple_tag(takes_context=True)
def cards(context: dict[str, Any], cards: Iterable[Card], anew: int = 0) -> SafeString:
    """Return a grid of products; the first ones come at once. `anew`: the place, from 1, to go to for what was added.

    It writes itself: as a template it took longer than the cards.
    """
    items = [
        f"{_ADDED if place == anew else '<li>'}{card(context, shown, eager=place <= EAGER)}</li>"
        for place, shown in enumerate(cards, start=1)
    ]
    return SafeString("\n".join(['<ul class="grid" id="grid">', *items, "</ul>"]))


def _part(name: str, values: Values) -> SafeString:
    if settings.DEBUG:  # templates change while one works on them
        return _put_together(name, values)
    try:
        hash(values)
    except TypeError:  # a preview may bring lists
        return _put_together(name, values)
    kept = _kept_card if name == CARD else _kept
    return kept(name, get_language() or settings.LANGUAGE_CODE, values)


@lru_cache(maxsize=OTHERS)
def _kept(name: str, _language: str, values: Values) -> SafeString:
    return _put_together(name, values)


@lru_cache(maxsize=MOST)
def _kept_card(name: str, _language: str, values: Values) -> SafeString:
    return _put_together(name, values)


def clear() -> None:
    """Put everything together anew from now on."""
    _kept.cache_clear()
    _kept_card.cache_clear()


def _put_together(name: str, values: Values) -> SafeString:
    made: SafeString = loader.get_template(name).template.render(Context(dict(values)))  # type: ignore[attr-defined]  # Django's own engine
    return made

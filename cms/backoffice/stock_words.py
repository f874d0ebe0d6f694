"""A stock item in words: what it is called, and how it stands."""

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from commerce.catalog.models import Variant
from commerce.catalog.shapes import DEFAULT_LANGUAGE, Picture

LOW = 5  # fewer than this can still be sold: time to order


def title_of(*, variant: Variant) -> str:
    """Return the product's title in the reader's language."""
    return in_language({text.language: text.title for text in variant.product.texts.all()}) or variant.sku


def option_of(*, variant: Variant) -> str:
    """Return the options as one text: `백자 / 대`."""
    return " / ".join(in_language(option) for option in variant.options)


def picture_of(*, variant: Variant) -> Picture | None:
    """Return the variant's own picture, or the product's first."""
    pictures = variant.product.pictures
    own = next((row for row in pictures if variant.picture and row["name"] == variant.picture), None)
    return Picture.of(own or (pictures[0] if pictures else {}), language=get_language() or DEFAULT_LANGUAGE)


def level_text(item: Any) -> Any:
    """Return the state of a row in words."""
    if item.doubt:
        return _("Numbers in doubt")
    if not (item.variant.active and item.variant.product.listed):
        return _("Off sale")
    if item.available <= 0:
        return _("Sold out")
    return _("Low") if item.available < LOW else _("In stock")


def level_tone(item: Any) -> str:
    """Return the colour of that."""
    if item.doubt:
        return "bad"
    if not (item.variant.active and item.variant.product.listed):
        return "mute"
    if item.available <= 0:
        return "bad"
    return "wait" if item.available < LOW else "good"


def in_language(words: dict[str, str]) -> str:
    """Return a word in the reader's language, or in Korean."""
    return words.get(get_language() or DEFAULT_LANGUAGE) or words.get(DEFAULT_LANGUAGE, "")

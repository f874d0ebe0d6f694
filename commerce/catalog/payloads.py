"""What pages tell the catalog, and why it may refuse them."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID


class UnableToList(Exception):
    """A product cannot be put on sale as it is."""


class NoVariants(UnableToList):
    """Nothing of the product could be bought."""


class SkuTaken(UnableToList):
    """A SKU belongs to another product already."""

    def __init__(self, sku: str) -> None:
        super().__init__(sku)
        self.sku = sku


class BarcodeTaken(UnableToList):
    """A barcode belongs to another variant that is on sale."""

    def __init__(self, barcode: str, sku: str) -> None:
        super().__init__(barcode)
        self.barcode, self.sku = barcode, sku


class SlugTaken(UnableToList):
    """An address belongs to another product or category already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VariantPayload:
    """A variant as its page has it; prices in won, the lower one from a moment on and up to another."""

    sku: str
    options: tuple[dict[str, str], ...]  # ({"ko": "백자", "en": "White"},)
    price: int
    picture: str = ""
    weight: int = 0  # grams
    sale_price: int | None = None
    sale_from: datetime | None = None
    sale_until: datetime | None = None
    content: int | None = None  # in `content_unit`, a key of `units.UNITS`
    content_unit: str = ""
    barcode: str = ""  # a valid GTIN, see `barcodes`


@dataclass(frozen=True, slots=True, kw_only=True)
class TextPayload:
    """A product's or category's words in one language."""

    title: str
    summary: str = ""
    body: str = ""
    details: tuple[tuple[str, str], ...] = ()
    seo_title: str = ""
    seo_description: str = ""
    keywords: str = ""  # other words by which it is found, with commas between
    notice: dict[str, str] = field(default_factory=dict)  # rows of `notices.KINDS` by their code
    guides: tuple[dict[str, str], ...] = ()  # {"kind": "care", "title", "body": HTML}


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductPayload:
    """A published product page in one language.

    `version` grows with every publication of that page. `goods` is set by the page of the default language
    only: the other languages feed their own words and nothing else.
    """

    key: UUID
    language: str
    version: int
    text: TextPayload
    goods: "GoodsPayload | None" = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GoodsPayload:
    """What the page of the default language says beyond its words."""

    slug: str
    option_names: tuple[dict[str, str], ...] = ()
    variants: tuple[VariantPayload, ...] = ()
    pictures: tuple[
        dict[str, Any], ...
    ] = ()  # {"name", "url", "width", "height", "alt": {…}, "srcset", "role"}
    categories: tuple[UUID, ...] = ()
    rank: int = 0
    brand: dict[str, str] = field(default_factory=dict)  # {"key", "ko", "en"}
    attributes: tuple[dict[str, Any], ...] = ()  # see `attributes.stored`
    notice: str = ""  # a key of `notices.KINDS`
    badges: tuple[dict[str, str], ...] = ()  # the editor's own: {"ko", "en"}
    made_to_order: bool = False
    related: dict[str, list[str]] = field(default_factory=dict)  # {"similar": keys, "matching": keys}


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryPayload:
    """A published category page in one language; `path` and what follows count in the default language only."""

    key: UUID
    language: str
    version: int
    text: TextPayload
    path: str = ""
    parent: UUID | None = None
    position: int = 0
    picture: dict[str, Any] = field(default_factory=dict)
    leads: bool = False  # True for the default language
    rule: dict[str, Any] | None = None  # of a collection, see `collections`; None for a shelf

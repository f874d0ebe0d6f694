"""What shop pages get of the catalog: plain values, made for one page in one language."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from commerce.catalog import prices
from commerce.inventory.selectors import Supply

DEFAULT_LANGUAGE = "ko"


@dataclass(frozen=True, slots=True)
class Shared:
    """A picture as messengers show it beside a link: JPEG, which all of them read; its size in pixels."""

    url: str
    width: int
    height: int
    alt: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture with every size that exists; `url` is the fallback and always works."""

    name: str  # stable within the product: variants point to it
    url: str
    width: int
    height: int
    alt: str
    srcset: str = ""  # "…-360.webp 360w, …": empty until the renditions are made
    role: str = "front"
    shared: Shared | None = None  # its JPEG, once that is made

    @classmethod
    def of(cls, data: dict[str, Any], *, language: str) -> "Picture | None":
        """Read a stored picture in one language; None when there is none."""
        if not data:
            return None
        words = data.get("alt", {})
        alt = words.get(language) or words.get(DEFAULT_LANGUAGE, "")
        shared = data.get("shared")
        return cls(
            name=data.get("name", ""),
            url=data["url"],
            width=data["width"],
            height=data["height"],
            alt=alt,
            srcset=data.get("srcset", ""),
            role=data.get("role", "front"),
            shared=Shared(**shared, alt=alt) if shared else None,
        )

    @property
    def social(self) -> Shared:
        """Return what messengers and search engines are shown: the JPEG, or the original until it is made."""
        return self.shared or Shared(self.url, self.width, self.height, self.alt)


@dataclass(frozen=True, slots=True)
class Rating:
    """What buyers think: how many published reviews, and the sum of their stars."""

    count: int = 0
    total: int = 0
    bars: tuple[int, ...] = ()  # how many gave one to five stars; then how many have photos

    @property
    def average(self) -> str:
        """Return the mean with one digit, `4.6`; nothing without reviews."""
        return f"{self.total / self.count:.1f}" if self.count else ""

    @property
    def stars(self) -> int:
        """Return the mean in whole stars, for a row of five."""
        return round(self.total / self.count) if self.count else 0


@dataclass(frozen=True, slots=True)
class Heading:
    """What pages beside a product page say of the product."""

    pk: int
    key: UUID
    slug: str
    title: str
    picture: Picture | None
    languages: tuple[str, ...]
    rating: Rating


@dataclass(frozen=True, slots=True)
class Card:
    """A product in a list."""

    key: UUID
    slug: str
    title: str
    summary: str
    price: int  # won: the lowest of its variants
    price_varies: bool
    picture: Picture | None
    second_picture: Picture | None
    sold_out: bool
    options: tuple[str, ...] = ()  # "백자 · 청자": the values of the first option
    rating: Rating = Rating()
    regular: int = 0  # won: what the cheapest variant costs otherwise; 0 when it is not reduced
    brand: str = ""
    badges: tuple[str, ...] = ()
    changes_at: datetime | None = None  # when its price may change by itself

    @property
    def percent(self) -> int:
        """Return by how many percent the cheapest variant is reduced."""
        return prices.percent(price=self.price, regular=self.regular)


@dataclass(frozen=True, slots=True)
class VariantView:
    """A variant that a shopper may choose."""

    pk: int
    sku: str
    options: tuple[str, ...]
    price: int  # won
    supply: Supply
    picture: str  # name of the picture that shows it
    selected: bool = False
    regular: int = 0  # won: what it costs otherwise; 0 when it is not reduced
    lowest: int | None = None  # won: the lowest price of the 30 days before the reduction began
    until: datetime | None = None  # when the reduction ends
    changes_at: datetime | None = None  # when its price may change by itself
    content: int | None = None  # in `content_unit`
    content_unit: str = ""
    barcode: str = ""

    @property
    def percent(self) -> int:
        """Return by how many percent it is reduced."""
        return prices.percent(price=self.price, regular=self.regular)

    @property
    def available(self) -> int:
        """Return how many can be promised, on the shelf or to come."""
        return self.supply.available

    @property
    def sold_out(self) -> bool:
        """Return whether nothing of it can be promised."""
        return self.available <= 0

    @property
    def label(self) -> str:
        """Return the options as one text: `백자 / 대`."""
        return " / ".join(self.options)


@dataclass(frozen=True, slots=True)
class Crumb:
    """A step of the breadcrumb."""

    title: str
    path: str  # below /c/


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of the details: `swatch` is a colour to show beside it, `#rrggbb`."""

    name: str
    value: str
    swatch: str = ""


@dataclass(frozen=True, slots=True)
class Guide:
    """How to care for it, or how to choose its size: HTML made by the CMS."""

    kind: str
    title: str
    body: str


@dataclass(frozen=True, slots=True)
class ProductView:
    """A product page."""

    key: UUID
    slug: str
    title: str
    summary: str
    body: str  # HTML, made by the CMS from its own blocks
    details: tuple[tuple[str, str], ...]
    option_names: tuple[str, ...]
    variants: tuple[VariantView, ...]
    pictures: tuple[Picture, ...]
    crumbs: tuple[Crumb, ...]
    seo_title: str
    seo_description: str
    languages: tuple[str, ...]  # in which the product has a text of its own
    pk: int = 0  # 0 for one that was never published
    rating: Rating = Rating()
    brand: str = ""
    brand_key: str = ""
    attributes: tuple[Fact, ...] = ()
    notice: tuple[tuple[str, str], ...] = ()  # what the law wants to be told of goods of this kind
    guides: tuple[Guide, ...] = ()
    badges: tuple[str, ...] = ()
    similar: tuple[UUID, ...] = ()  # hand-picked
    matching: tuple[UUID, ...] = ()

    @property
    def selected(self) -> VariantView | None:
        """Return the variant whose price and picture the page shows."""
        return next((variant for variant in self.variants if variant.selected), None)

    @property
    def sold_out(self) -> bool:
        """Return whether every variant is sold out."""
        return all(variant.sold_out for variant in self.variants)

    @property
    def price_from(self) -> int:
        """Return the lowest price in won."""
        return min((variant.price for variant in self.variants), default=0)


@dataclass(frozen=True, slots=True)
class CategoryLink:
    """A category in a menu."""

    title: str
    path: str
    picture: Picture | None = None
    children: tuple["CategoryLink", ...] = ()


@dataclass(frozen=True, slots=True)
class CategoryView:
    """The head of a listing."""

    key: UUID
    path: str
    title: str
    intro: str
    crumbs: tuple[Crumb, ...]
    children: tuple[CategoryLink, ...]
    siblings: tuple[CategoryLink, ...]
    seo_title: str
    seo_description: str
    picture: Picture | None = None
    languages: tuple[str, ...] = field(default=())
    picked: tuple[UUID, ...] = ()  # products of a collection by hand, in the order of its editor

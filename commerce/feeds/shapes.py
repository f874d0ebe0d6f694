"""What the lines of feeds are made of: plain values, in one language, at one moment."""

from dataclasses import dataclass
from datetime import datetime

from commerce.catalog.prices import Terms
from commerce.inventory.selectors import Supply


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A variant that can be bought."""

    pk: int
    sku: str
    label: str  # "백자 / 대"
    price: int  # won, at the moment of the feed
    terms: Terms
    supply: Supply
    picture: str  # absolute address; nothing when it has none of its own
    barcode: str  # digits; nothing when there is none


@dataclass(frozen=True, slots=True, kw_only=True)
class Goods:
    """A product on sale. All texts are plain: no HTML, no control characters, one line each."""

    key: str
    link: str
    title: str
    description: str
    brand: str
    maker: str
    origin: str
    pictures: tuple[str, ...]  # absolute addresses
    shelves: tuple[str, ...]  # titles from the top down
    items: tuple[Item, ...]
    reviews: int
    badges: tuple[str, ...]
    made_to_order: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What it costs to send a parcel, in won."""

    name: str
    fee: int
    free_from: int | None

    def of(self, *, goods: int) -> int:
        """Return the fee for goods of so many won."""
        return 0 if self.free_from is not None and goods >= self.free_from else self.fee


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """What a feed needs to know of the shop besides its goods."""

    brand: str
    home: str  # absolute address
    language: str
    now: datetime
    delivery: Delivery | None
    points_percent: int

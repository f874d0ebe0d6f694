"""What a cart costs right now, and what about it cannot be bought."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from django.db.models import Prefetch
from django.utils import timezone

from commerce.cart import selectors as carts
from commerce.catalog.models import ProductText, Variant
from commerce.catalog.shapes import DEFAULT_LANGUAGE, Picture
from commerce.inventory.selectors import Supply
from commerce.money import amounts
from commerce.shipping import selectors as shipping
from commerce.shipping.models import ShippingMethod

NO_DELIVERY = shipping.Rate(name="", base=0, free_from=None, missing=0, days_min=0, days_max=0)


class Problem(StrEnum):
    """Why a line cannot be ordered as it is."""

    GONE = "gone"  # off sale
    SOLD_OUT = "sold_out"
    SHORT = "short"  # fewer left than wanted


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteLine:
    """A line of the cart at today's price, in won."""

    variant_id: int
    sku: str
    slug: str
    title: str
    options: tuple[str, ...]
    picture: Picture | None
    stored_picture: dict[str, object]
    unit_price: int
    price_shown: int  # what the shopper saw when it was put in
    quantity: int
    available: int
    late: int = 0  # units of it that are not here yet
    ships_on: date | None = None  # when those are sent; None when only their arrival decides
    problem: Problem | None

    @property
    def total(self) -> int:
        """Return what the line costs; nothing when it is off sale."""
        return 0 if self.problem == Problem.GONE else self.unit_price * self.quantity

    @property
    def price_changed(self) -> bool:
        """Return whether the price moved since the shopper put it in."""
        return self.problem != Problem.GONE and self.unit_price != self.price_shown

    @property
    def option_text(self) -> str:
        """Return the options as one text."""
        return " / ".join(self.options)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """A cart with its sums, in won."""

    token: uuid.UUID | None
    lines: tuple[QuoteLine, ...]
    shipping: shipping.Rate

    @property
    def goods(self) -> int:
        """Return the sum of the lines."""
        return sum(line.total for line in self.lines)

    @property
    def total(self) -> int:
        """Return what the shopper pays."""
        return self.goods + self.shipping.fee

    @property
    def vat(self) -> int:
        """Return the VAT contained in the total."""
        return amounts.vat_inside(self.total)

    @property
    def units(self) -> int:
        """Return how many units lie in the cart."""
        return sum(line.quantity for line in self.lines)

    @property
    def late(self) -> bool:
        """Return whether something of it is not here yet."""
        return any(line.late for line in self.lines)

    @property
    def orderable(self) -> bool:
        """Return whether every line can be bought as it is."""
        return self.deliverable and bool(self.lines) and not any(line.problem for line in self.lines)

    @property
    def deliverable(self) -> bool:
        """Return whether the shop sends parcels at all right now."""
        return self.shipping is not NO_DELIVERY

    @property
    def changes(self) -> tuple[QuoteLine, ...]:
        """Return the lines that differ from what the shopper put in."""
        return tuple(line for line in self.lines if line.problem or line.price_changed)


def quote(*, token: uuid.UUID | None, language: str, now: datetime, postcode: str = "") -> Quote:
    """Return the open cart at today's prices and stock, in six queries; empty when there is none.

    `postcode`, once it is known, decides whether the parcel goes to an area that costs more.
    """
    cart = carts.find(token=token)
    raw = carts.lines(cart_id=cart.pk) if cart else []
    variants = _variants([line.variant_id for line in raw])
    today = timezone.localdate(now)
    lines = tuple(_line(line, variants[line.variant_id], language, today) for line in raw)
    goods = sum(line.total for line in lines)
    return Quote(
        token=cart.token if cart else None,
        lines=lines,
        shipping=_rate(goods, language, postcode),
    )


def with_stock(*, quote: Quote, available: Mapping[int, int]) -> Quote:
    """Return the quote with newer stock numbers, units by variant id."""
    lines = tuple(
        replace(
            line,
            available=available[line.variant_id],
            problem=Problem.SHORT if available[line.variant_id] else Problem.SOLD_OUT,
        )
        if line.variant_id in available
        else line
        for line in quote.lines
    )
    return replace(quote, lines=lines)


def with_late(*, quote: Quote, late: Mapping[int, int]) -> Quote:
    """Return the quote with newer numbers of units that are not here yet, by variant id."""
    lines = tuple(replace(line, late=late.get(line.variant_id, line.late)) for line in quote.lines)
    return replace(quote, lines=lines)


def _rate(goods: int, language: str, postcode: str) -> shipping.Rate:
    try:
        return shipping.rate(goods=goods, language=language, postcode=postcode)
    except ShippingMethod.DoesNotExist:
        return NO_DELIVERY


def _variants(ids: list[int]) -> Mapping[int, Variant]:
    titles = ProductText.objects.only("product_id", "language", "title")  # never the long texts
    rows = (
        Variant.objects.filter(pk__in=ids)
        .select_related("product", "stock")
        .prefetch_related(Prefetch("product__texts", titles))
    )
    return {row.pk: row for row in rows}


def _line(raw: carts.RawLine, variant: Variant, language: str, today: date) -> QuoteLine:
    product = variant.product
    words = {text.language: text.title for text in product.texts.all()}
    options = (option.get(language) or option.get(DEFAULT_LANGUAGE, "") for option in variant.options)
    supply = Supply.of(variant.stock, today=today)
    picture = _picture(variant)
    return QuoteLine(
        variant_id=variant.pk,
        sku=variant.sku,
        slug=product.slug,
        title=words.get(language) or words.get(DEFAULT_LANGUAGE) or variant.sku,
        options=tuple(options),
        picture=Picture.of(picture, language=language),
        stored_picture=picture,
        unit_price=variant.price,
        price_shown=raw.price_shown,
        quantity=raw.quantity,
        available=supply.available,
        late=supply.late(quantity=raw.quantity),
        ships_on=supply.ships_on,
        problem=_problem(variant, raw.quantity, supply.available),
    )


def _picture(variant: Variant) -> dict[str, object]:
    pictures = variant.product.pictures
    own = next(
        (picture for picture in pictures if variant.picture and picture["name"] == variant.picture), None
    )
    return dict(own or (pictures[0] if pictures else {}))


def _problem(variant: Variant, quantity: int, available: int) -> Problem | None:
    if not variant.active or not variant.product.listed:
        return Problem.GONE
    if available == 0:
        return Problem.SOLD_OUT
    return Problem.SHORT if available < quantity else None

"""What a cart costs right now, and what about it cannot be bought."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from django.utils import timezone

from commerce.cart import selectors as carts
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
    hold: str = ""  # the reference under which units are kept for this line
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
    coupon: int = 0  # what the customer's takes off the goods
    points: int = 0  # the customer's, that pay for goods

    @property
    def goods(self) -> int:
        """Return the sum of the lines."""
        return sum(line.total for line in self.lines)

    @property
    def total(self) -> int:
        """Return what the shopper pays."""
        return self.goods + self.shipping.fee - self.coupon - self.points

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
        """Return whether something of it can be bought and is not here yet."""
        return any(line.late and not line.problem for line in self.lines)

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


def quote(
    *,
    token: uuid.UUID | None,
    language: str,
    now: datetime,
    postcode: str = "",
    read: Sequence[carts.RawLine] | None = None,
    tariff: shipping.Tariff | None = None,
) -> Quote:
    """Return the open cart at today's prices and stock, in three queries; empty when there is none.

    `postcode`, once it is known, decides whether the parcel goes to an area that costs more. `read`: its lines, and
    `tariff`: what parcels there cost, when they were read already.
    """
    today = timezone.localdate(now)
    found = carts.lines(token=token, now=now) if read is None else read
    lines = tuple(_line(raw, language, today) for raw in found)
    goods = sum(line.total for line in lines)
    return Quote(
        token=token if lines else None,
        lines=lines,
        shipping=_rate(goods, language, postcode, tariff),
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


def _rate(goods: int, language: str, postcode: str, tariff: shipping.Tariff | None) -> shipping.Rate:
    try:
        return shipping.rate(goods=goods, language=language, postcode=postcode, tariff=tariff)
    except ShippingMethod.DoesNotExist:
        return NO_DELIVERY


def _line(raw: carts.RawLine, language: str, today: date) -> QuoteLine:
    options = (option.get(language) or option.get(DEFAULT_LANGUAGE, "") for option in raw.options)
    supply = Supply.now(on_shelf=raw.on_shelf, to_come=raw.to_come, ships_on=raw.ships_on, today=today)
    picture = _picture(raw)
    return QuoteLine(
        variant_id=raw.variant_id,
        sku=raw.sku,
        slug=raw.slug,
        title=raw.titles.get(language) or raw.titles.get(DEFAULT_LANGUAGE) or raw.sku,
        options=tuple(options),
        picture=Picture.of(picture, language=language),
        stored_picture=picture,
        unit_price=raw.price,
        price_shown=raw.price_shown,
        quantity=raw.quantity,
        available=supply.available,
        late=supply.late(quantity=raw.quantity),
        ships_on=supply.ships_on,
        hold=raw.hold,
        problem=_problem(raw, supply.available),
    )


def _picture(raw: carts.RawLine) -> dict[str, object]:
    own = next((one for one in raw.pictures if raw.picture and one["name"] == raw.picture), None)
    return dict(own or (raw.pictures[0] if raw.pictures else {}))


def _problem(raw: carts.RawLine, available: int) -> Problem | None:
    if not raw.for_sale:
        return Problem.GONE
    if available == 0:
        return Problem.SOLD_OUT
    return Problem.SHORT if available < raw.quantity else None

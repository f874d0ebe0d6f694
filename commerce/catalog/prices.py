"""What a variant costs: a function of time. Prices are won, VAT included."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

WINDOW = timedelta(days=30)  # a reduction is compared with the lowest price of so long before it began

# The same as `effective`, for statements that read `commerce_variant v`; two parameters, both the moment.
SQL = """CASE WHEN v.sale_price IS NOT NULL AND coalesce(v.sale_from <= %s, true) AND coalesce(v.sale_until > %s, true)
    THEN v.sale_price ELSE v.price END"""


class Priced(Protocol):
    """A regular price, and perhaps a lower one with a window."""

    @property
    def price(self) -> int: ...
    @property
    def sale_price(self) -> int | None: ...
    @property
    def sale_from(self) -> datetime | None: ...
    @property
    def sale_until(self) -> datetime | None: ...


@dataclass(frozen=True, slots=True)
class Terms:
    """A regular price in won, and perhaps a lower one from a moment on and up to another."""

    price: int
    sale_price: int | None = None
    sale_from: datetime | None = None
    sale_until: datetime | None = None


def reduced(terms: Priced, *, now: datetime) -> bool:
    """Return whether the lower price counts: from `sale_from` on, up to but without `sale_until`."""
    return (
        terms.sale_price is not None
        and (terms.sale_from is None or terms.sale_from <= now)
        and (terms.sale_until is None or now < terms.sale_until)
    )


def effective(terms: Priced, *, now: datetime) -> int:
    """Return what a shopper pays at a moment, in won."""
    return terms.sale_price if reduced(terms, now=now) and terms.sale_price is not None else terms.price


def percent(*, price: int, regular: int) -> int:
    """Return by how much a price is reduced, in whole percent: never more than it is."""
    return (regular - price) * 100 // regular if regular > price else 0


def next_edge(terms: Priced, *, now: datetime) -> datetime | None:
    """Return the next moment at which the price may change by itself; None when it never does."""
    if terms.sale_price is None:
        return None
    return min((edge for edge in (terms.sale_from, terms.sale_until) if edge and edge > now), default=None)


def last_edge(terms: Priced, *, now: datetime) -> datetime | None:
    """Return the last moment at which the price changed by itself; None when it never did."""
    if terms.sale_price is None:
        return None
    return max((edge for edge in (terms.sale_from, terms.sale_until) if edge and edge <= now), default=None)


def lowest_before(history: Sequence[tuple[datetime, int]], *, price: int, now: datetime) -> int | None:
    """Return the lowest price in won of the 30 days before the price of now began; None when none is known.

    `history` has moments from which on a price counted, the oldest first. Where the last one is not the price of now,
    that begins now.
    """
    told = [one for one in history if one[0] <= now]
    start = now
    if told and told[-1][1] == price:
        start = told.pop()[0]
    since = start - WINDOW
    counted = [cost for at, cost in told if at > since]
    carried = [cost for at, cost in told if at <= since][-1:]  # what counted when the 30 days began
    return min([*counted, *carried], default=None)

"""How many there are. What orders promise and take is told by the orders' own facts."""

from dataclasses import dataclass
from typing import ClassVar

from commerce.events.base import Event, fact


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class StockChanged(Event):
    """On hand changed by a person or a delivery."""

    name: ClassVar[str] = "stock.changed"
    aggregate: ClassVar[tuple[str, str]] = ("variant", "sku")
    sku: str
    on_hand: int
    difference: int
    kind: str


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class StockSoldOut(Event):
    """The last unit that could be promised was promised or is gone."""

    name: ClassVar[str] = "stock.sold_out"
    aggregate: ClassVar[tuple[str, str]] = ("variant", "sku")
    sku: str


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class StockBack(Event):
    """Units can be promised again, `available` of them."""

    name: ClassVar[str] = "stock.back"
    aggregate: ClassVar[tuple[str, str]] = ("variant", "sku")
    sku: str
    available: int

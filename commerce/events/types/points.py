"""Points (적립금) of customers."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from commerce.events.base import Event, fact

PointsKind = Literal["earned", "clawed_back", "expired", "forfeited", "used", "returned", "granted"]


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class PointsChanged(Event):
    """Points came or went: entry `entry_id` of an account's ledger, which holds `balance` now. Won."""

    name: ClassVar[str] = "points.changed"
    aggregate: ClassVar[tuple[str, str]] = ("points", "account_id")
    account_id: int
    entry_id: int
    kind: PointsKind
    amount: int
    balance: int

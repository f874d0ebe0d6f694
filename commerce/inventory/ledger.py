"""How the numbers of a locked stock item change: always with the movement that says why.

Nothing lies free on the shelf while an order waits: whatever frees units ends in `fill`, so a promise is served in the
order in which it was given.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from commerce.events import outbox, types
from commerce.events.base import Event
from commerce.inventory.models import Reservation, StockItem, StockMovement
from commerce.rows import Statement, read, send, update

IN_ORDER = "variant_id = ANY(%s) ORDER BY id FOR UPDATE"
# Numbers and the movement that says why, always both: one statement.
_CHANGE = """
    WITH changed AS (
        UPDATE commerce_stockitem
        SET on_hand = on_hand + %s, reserved = reserved + %s, owed = owed + %s, backorder_limit = backorder_limit + %s
        WHERE id = %s RETURNING on_hand, reserved, owed, backorder_limit, ships_on
    ), told AS (
        INSERT INTO commerce_stockmovement (item_id, kind, on_hand_difference, reserved_difference,
            owed_difference, limit_difference, ships_on, reference, reason, actor, at)
        VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
    )
    SELECT * FROM changed
"""


class UnableToChangeStock(Exception):
    """The stock does not allow what was asked."""


def locked(variant_ids: Iterable[int]) -> dict[int, StockItem]:
    """Lock items in key order and return them by variant id."""
    rows = read(StockItem, IN_ORDER, list(variant_ids))
    return {row.variant_id: row for row in rows}


@dataclass(frozen=True, slots=True)
class Movement:
    """A change of a locked item's numbers, always together with the row that says so."""

    item: StockItem
    statement: Statement
    now: datetime
    before: int | None = None  # what was available when the act began, if this is not its first movement

    def done(self, numbers: tuple[Any, ...]) -> None:
        """Take the numbers that the statement brought back, and tell when the last unit went or came back."""
        item = self.item
        before = item.available if self.before is None else self.before
        item.on_hand, item.reserved, item.owed, item.backorder_limit, item.ships_on = numbers
        _tell_of_flip(item, before=before, now=self.now)


def move(item: StockItem, kind: StockMovement.Kind, *, now: datetime, **differences: Any) -> None:
    """Change the numbers of a locked item and write the movement that says so, see `movement`."""
    one = movement(item, kind, now=now, **differences)
    ((numbers,),) = send(one.statement)
    one.done(numbers)


def movement(
    item: StockItem,
    kind: StockMovement.Kind,
    *,
    now: datetime,
    on_hand: int = 0,
    reserved: int = 0,
    owed: int = 0,
    limit: int = 0,
    ships_on: date | None = None,
    reference: str = "",
    reason: str = "",
    before: int | None = None,
) -> Movement:
    """Prepare a change of a locked item's numbers, to be sent together with other statements."""
    told = [
        item.pk,
        kind.value,
        on_hand,
        reserved,
        owed,
        limit,
        ships_on,
        reference,
        reason,
        outbox.actor(),
        now,
    ]
    return Movement(item, (_CHANGE, [on_hand, reserved, owed, limit, item.pk, *told]), now, before)


def fill(item: StockItem, *, now: datetime) -> None:
    """Give what lies free on the shelf of a locked item to the orders that wait, the oldest promise first."""
    if not (item.owed and item.on_shelf):
        return
    waiting = item.reservations.filter(owed__gt=0).order_by("created_at", "pk")
    for row in waiting:
        units = min(row.owed, item.on_shelf)
        if not units:
            break
        row.owed -= units
        update(row, "owed")
        held = row.state == Reservation.State.HELD
        move(
            item,
            StockMovement.Kind.FILLED,
            on_hand=0 if held else -units,
            reserved=units if held else 0,
            owed=-units,
            reference=row.reference,
            now=now,
        )


def _tell_of_flip(item: StockItem, *, before: int, now: datetime) -> None:
    for fact in flip(item, before=before, now=now):
        outbox.record(fact)


def flip(item: StockItem, *, before: int, now: datetime) -> list[Event]:
    """Return the fact that the last unit went, or that there are units again; `before` could be promised until now."""
    if before > 0 >= item.available:
        return [types.StockSoldOut(sku=item.variant.sku, occurred_at=now)]
    if before <= 0 < item.available:
        return [types.StockBack(sku=item.variant.sku, available=item.available, occurred_at=now)]
    return []

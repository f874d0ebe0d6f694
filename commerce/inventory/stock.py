"""The only writer of stock. Rows are locked once, in key order, as late as the use case allows.

Whoever holds an item's lock may change its reservations. Nothing lies free on the shelf while an order waits:
whatever frees units ends in `_fill`, so a promise is served in the order in which it was given.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from commerce.events import outbox, types
from commerce.events.base import Event
from commerce.inventory.models import Reservation, StockItem, StockMovement
from commerce.rows import Statement, insertion, read, read_each, send, update

_RENEW = """
    ON CONFLICT (item_id, reference) DO UPDATE SET quantity = excluded.quantity, owed = excluded.owed,
        state = excluded.state, expires_at = excluded.expires_at, created_at = excluded.created_at
"""  # a promise that was released
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
_COUNT = """
    WITH found (item_id, difference) AS (SELECT * FROM unnest(%s::bigint[], %s::integer[])), changed AS (
        UPDATE commerce_stockitem item SET on_hand = item.on_hand + found.difference FROM found
        WHERE item.id = found.item_id
    )
    INSERT INTO commerce_stockmovement (item_id, kind, on_hand_difference, reserved_difference, owed_difference,
        limit_difference, reference, reason, actor, at)
    SELECT item_id, %s, difference, 0, 0, 0, '', %s, %s, %s FROM found ORDER BY item_id
"""  # the same for many, where nobody waits
_IN_ORDER = "variant_id = ANY(%s) ORDER BY id FOR UPDATE"
_ITEMS_OF = """
    id IN (SELECT item_id FROM commerce_reservation WHERE reference = %s AND state = %s) ORDER BY id FOR UPDATE
"""
_OF_ITEMS = "reference = %s AND state = %s AND item_id = ANY(%s) ORDER BY item_id FOR UPDATE"


class UnableToChangeStock(Exception):
    """The stock does not allow what was asked."""


class OutOfStock(UnableToChangeStock):
    """Some variants have fewer units than wanted; `available` says how many of each."""

    def __init__(self, available: Mapping[int, int]) -> None:
        super().__init__(", ".join(f"variant {key}: {left} left" for key, left in available.items()))
        self.available = dict(available)


class BelowPromised(UnableToChangeStock):
    """An adjustment would leave fewer units than are promised to orders."""

    def __init__(self, reserved: int) -> None:
        super().__init__(f"{reserved} units are promised to orders")
        self.reserved = reserved


class BelowOwed(UnableToChangeStock):
    """A backorder limit would be smaller than what orders wait for already."""

    def __init__(self, owed: int) -> None:
        super().__init__(f"orders wait for {owed} units")
        self.owed = owed


def open_item(*, variant_id: int) -> None:
    """Give a variant a stock item with nothing on hand, unless it has one."""
    StockItem.objects.get_or_create(variant_id=variant_id)


def open_items(*, variant_ids: Collection[int]) -> None:
    """Give variants a stock item with nothing on hand, those that have none."""
    there = set(StockItem.objects.filter(variant__in=variant_ids).values_list("variant_id", flat=True))
    missing = [StockItem(variant_id=pk) for pk in sorted(set(variant_ids) - there)]
    StockItem.objects.bulk_create(missing, ignore_conflicts=True)


def reserve(
    *,
    quantities: Mapping[int, int],
    reference: str,
    expires_at: datetime,
    now: datetime,
    holds: Mapping[int, str] | None = None,
) -> dict[int, int]:
    """Promise units to an order until `expires_at`, all or none; `quantities` is units by variant id.

    The shelf is taken first, then what is to come. Returns how many of each variant are to come.
    Must run inside the order's transaction. Asking again with the same reference
    changes nothing while its promise stands, and renews a promise that was released.

    `holds` are references by variant id under which units are kept for whoever asks: those go over to the new
    reference, and no other order gets in between.

    Raises:
        OutOfStock: fewer units are left than wanted; the caller's transaction must roll back.
    """
    items, earlier = _lock_for(reference, quantities)
    kept = {pk for pk, row in earlier.items() if row.state != Reservation.State.RELEASED}
    before = _take_over(items, holds, now=now) if holds else {}
    short = {
        variant_id: max(items[variant_id].available, 0) if variant_id in items else 0
        for variant_id, wanted in quantities.items()
        if variant_id not in items
        or (items[variant_id].pk not in kept and items[variant_id].available < wanted)
    }
    if short:
        raise OutOfStock(short)
    late: dict[int, int] = {}
    moves, promises = [], []
    for variant_id, wanted in quantities.items():
        item = items[variant_id]
        if item.pk in kept:
            late[variant_id] = earlier[item.pk].owed
            continue
        owed = late[variant_id] = wanted - min(wanted, item.on_shelf)
        moves.append(
            _movement(
                item,
                StockMovement.Kind.RESERVED,
                reserved=wanted - owed,
                owed=owed,
                reference=reference,
                now=now,
                before=before.get(variant_id),
            )
        )
        promises.append(
            Reservation(
                item=item,
                reference=reference,
                quantity=wanted,
                owed=owed,
                expires_at=expires_at,
                created_at=now,
            )
        )
    if promises:
        *changed, _ = send(*(move.statement for move in moves), insertion(rows=promises, conflict=_RENEW))
        for move, (numbers,) in zip(moves, changed, strict=True):
            move.done(numbers)
    return late


def extend(*, reference: str, expires_at: datetime) -> None:
    """Keep an order's units longer, for example until a virtual account's deadline."""
    Reservation.objects.filter(reference=reference, state=Reservation.State.HELD).update(
        expires_at=expires_at
    )


def sell(*, reference: str, now: datetime) -> bool:
    """Turn an order's promise into a sale; return False when its units were released before.

    Units on the shelf leave it; those to come stay owed until they arrive.
    """
    rows = _held(reference)
    for row in rows:
        here = row.quantity - row.owed
        _move(row.item, StockMovement.Kind.SOLD, on_hand=-here, reserved=-here, reference=reference, now=now)
        row.state = Reservation.State.SOLD
        update(row, "state")
    return bool(rows)


def release(*, reference: str, now: datetime) -> bool:
    """Give an order's units back to the shop; return False when there was nothing to give back."""
    rows = _held(reference)
    for row in rows:
        here, owed = row.quantity - row.owed, row.owed
        _let_go(row)
        _move(
            row.item,
            StockMovement.Kind.RELEASED,
            reserved=-here,
            owed=-owed,
            reference=reference,
            now=now,
        )
        _fill(row.item, now=now)
    return bool(rows)


def take_back(*, reference: str, now: datetime) -> bool:
    """Put the units of a cancelled sale back on the shelf; return False when nothing of it was sold."""
    rows = _rows(reference, Reservation.State.SOLD)
    for row in rows:
        here, owed = row.quantity - row.owed, row.owed
        _let_go(row)
        _move(row.item, StockMovement.Kind.RETURNED, on_hand=here, owed=-owed, reference=reference, now=now)
        _fill(row.item, now=now)
    return bool(rows)


def bring_back(*, reference: str, quantities: Mapping[int, int], now: datetime) -> None:
    """Take some units out of a sale; `quantities` is units by variant id.

    Those that are still to come are no longer waited for, before any is put back on the shelf.

    Raises:
        ValueError: fewer units of a variant are sold under this reference.
    """
    rows = {row.item.variant_id: row for row in _rows(reference, Reservation.State.SOLD)}
    for variant_id, units in quantities.items():
        row = rows.get(variant_id)
        if row is None or row.quantity < units:
            raise ValueError(f"variant {variant_id}: {units} units were not sold under {reference}")
        owed = min(row.owed, units)
        row.owed -= owed
        if row.quantity == units:
            row.state = Reservation.State.RELEASED
        else:
            row.quantity -= units
        update(row, "quantity", "owed", "state")
        _move(
            row.item,
            StockMovement.Kind.RETURNED,
            on_hand=units - owed,
            owed=-owed,
            reference=reference,
            now=now,
        )
        _fill(row.item, now=now)


@transaction.atomic
def receive(*, variant_id: int, quantity: int, reason: str, now: datetime) -> StockItem:
    """Add units that arrived; orders that wait for some get theirs first.

    Raises:
        ValueError: the quantity is not positive.
    """
    if quantity <= 0:
        raise ValueError("a delivery has at least one unit")
    return _change(variant_id, quantity, StockMovement.Kind.RECEIVED, reason, now=now)


@transaction.atomic
def adjust(*, variant_id: int, on_hand: int, reason: str, now: datetime) -> StockItem:
    """Set what a count found on the shelf; what is more than before goes to orders that wait.

    Raises:
        BelowPromised: orders are promised more of the shelf than that.
        ValueError: the number is negative.
    """
    if on_hand < 0:
        raise ValueError("a shelf cannot hold fewer than no units")
    item = _lock([variant_id])[variant_id]
    if on_hand < item.reserved:
        raise BelowPromised(item.reserved)
    if on_hand == item.on_hand:
        return item
    return _change(variant_id, on_hand - item.on_hand, StockMovement.Kind.ADJUSTED, reason, now=now)


@transaction.atomic
def adjust_all(*, counts: Mapping[int, int], reason: str, now: datetime) -> dict[int, BelowPromised]:
    """Set what a count found on many shelves, units by variant id, as `adjust` does each; all are locked at once.

    Returns those that were refused and why; the others are changed.
    """
    items = {row.variant_id: row for row in _with_codes(counts)}
    refused = {pk: BelowPromised(row.reserved) for pk, row in items.items() if counts[pk] < row.reserved}
    moved = {
        pk: counts[pk] - row.on_hand
        for pk, row in items.items()
        if pk not in refused and counts[pk] != row.on_hand
    }
    waited_for = [pk for pk in moved if items[pk].owed]
    for pk in waited_for:  # what comes goes to orders: one by one
        _change(pk, moved.pop(pk), StockMovement.Kind.ADJUSTED, reason, now=now)
    if moved:
        _count(items, moved, reason, now=now)
    return refused


@transaction.atomic
def set_terms(
    *, variant_id: int, backorder_limit: int, ships_on: date | None, reason: str, now: datetime
) -> StockItem:
    """Set how many units may be sold before they are here, and the day on which those are sent (a preorder).

    Raises:
        BelowOwed: orders wait for more units than that.
        ValueError: the limit is negative, or the day has passed or comes with nothing to send.
    """
    if backorder_limit < 0:
        raise ValueError("a limit is not negative")
    if ships_on and (not backorder_limit or ships_on <= timezone.localdate(now)):
        raise ValueError("a preorder is sent later, and has units to send")
    item = _lock([variant_id])[variant_id]
    if backorder_limit < item.owed:
        raise BelowOwed(item.owed)
    difference = backorder_limit - item.backorder_limit
    if not difference and ships_on == item.ships_on:
        return item
    StockItem.objects.filter(pk=item.pk).update(ships_on=ships_on)
    _move(item, StockMovement.Kind.TERMS, limit=difference, ships_on=ships_on, reason=reason, now=now)
    _tell(item, 0, StockMovement.Kind.TERMS, now=now)
    return item


def lock(*, variant_ids: Iterable[int]) -> None:
    """Lock the items of several acts that follow in this transaction: nobody else waits crosswise for them."""
    _lock(variant_ids)


def _lock_for(
    reference: str, variant_ids: Iterable[int]
) -> tuple[dict[int, StockItem], dict[int, Reservation]]:
    """Lock items, by variant id, and look what an order has of them, by item id; after the lock, or it were stale."""
    items, reservations = read_each(
        (StockItem, _IN_ORDER, [list(variant_ids)]), (Reservation, "reference = %s", [reference])
    )
    return {row.variant_id: row for row in items}, {row.item_id: row for row in reservations}


def _lock(variant_ids: Iterable[int]) -> dict[int, StockItem]:
    rows = read(StockItem, _IN_ORDER, list(variant_ids))
    return {row.variant_id: row for row in rows}


def _take_over(items: Mapping[int, StockItem], holds: Mapping[int, str], *, now: datetime) -> dict[int, int]:
    """Free the kept units of locked items for the promise that follows; return what was available before.

    Nobody is told: what the shop has left changes with the promise.
    """
    before: dict[int, int] = {}
    for variant_id, reference in holds.items():
        item = items.get(variant_id)
        rows = read(Reservation, _OF_ITEMS, reference, Reservation.State.HELD, [item.pk]) if item else []
        for row in rows:
            assert item is not None
            before[variant_id] = item.available
            here, owed = row.quantity - row.owed, row.owed
            _let_go(row)
            _move(
                item,
                StockMovement.Kind.RELEASED,
                reserved=-here,
                owed=-owed,
                reference=reference,
                now=now,
                before=item.available + here + owed,
            )
    return before


def _held(reference: str) -> list[Reservation]:
    return _rows(reference, Reservation.State.HELD)


def _rows(reference: str, state: Reservation.State) -> list[Reservation]:
    """Lock the items of an order, then its reservations in that state, each with its locked item."""
    items = {item.pk: item for item in read(StockItem, _ITEMS_OF, reference, state)}
    rows = read(Reservation, _OF_ITEMS, reference, state, list(items))
    for row in rows:
        row.item = items[row.item_id]
    return rows


def _let_go(row: Reservation) -> None:
    row.state, row.owed = Reservation.State.RELEASED, 0
    update(row, "state", "owed")


def _change(
    variant_id: int, difference: int, kind: StockMovement.Kind, reason: str, *, now: datetime
) -> StockItem:
    item = _lock([variant_id])[variant_id]
    _move(item, kind, on_hand=difference, reason=reason, now=now)
    _fill(item, now=now)
    _tell(item, difference, kind, now=now)
    return item


def _with_codes(variant_ids: Iterable[int]) -> Iterable[StockItem]:
    """Lock items in their order; their variants are read with them."""
    rows = StockItem.objects.filter(variant__in=list(variant_ids)).select_related("variant")
    return rows.order_by("pk").select_for_update(of=("self",))


def _count(items: Mapping[int, StockItem], moved: Mapping[int, int], reason: str, *, now: datetime) -> None:
    """Change what lies on the shelves of locked items for which nobody waits, with one statement."""
    keys = [items[pk].pk for pk in moved]
    actor = outbox.actor()
    send((_COUNT, [keys, list(moved.values()), StockMovement.Kind.ADJUSTED.value, reason, actor, now]))
    facts: list[Event] = []
    for pk, difference in moved.items():
        item = items[pk]
        before = item.available
        item.on_hand += difference
        facts += _flip(item, before=before, now=now)
        facts.append(_changed(item, difference, StockMovement.Kind.ADJUSTED, now=now))
    outbox.record_all(facts)


def _fill(item: StockItem, *, now: datetime) -> None:
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
        _move(
            item,
            StockMovement.Kind.FILLED,
            on_hand=0 if held else -units,
            reserved=units if held else 0,
            owed=-units,
            reference=row.reference,
            now=now,
        )


def _tell_of_flip(item: StockItem, *, before: int, now: datetime) -> None:
    """Record that the last unit went, or that there are units again; `before` could be promised until now."""
    for fact in _flip(item, before=before, now=now):
        outbox.record(fact)


def _flip(item: StockItem, *, before: int, now: datetime) -> list[Event]:
    if before > 0 >= item.available:
        return [types.StockSoldOut(sku=item.variant.sku, occurred_at=now)]
    if before <= 0 < item.available:
        return [types.StockBack(sku=item.variant.sku, available=item.available, occurred_at=now)]
    return []


@dataclass(frozen=True, slots=True)
class _Movement:
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


def _movement(
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
) -> _Movement:
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
    return _Movement(item, (_CHANGE, [on_hand, reserved, owed, limit, item.pk, *told]), now, before)


def _move(item: StockItem, kind: StockMovement.Kind, *, now: datetime, **differences: Any) -> None:
    """Change the numbers of a locked item and write the movement that says so, see `_movement`."""
    move = _movement(item, kind, now=now, **differences)
    ((numbers,),) = send(move.statement)
    move.done(numbers)


def _tell(item: StockItem, difference: int, kind: StockMovement.Kind, *, now: datetime) -> None:
    outbox.record(_changed(item, difference, kind, now=now))


def _changed(item: StockItem, difference: int, kind: StockMovement.Kind, *, now: datetime) -> Event:
    return types.StockChanged(
        sku=item.variant.sku,
        on_hand=item.on_hand,
        difference=difference,
        kind=kind.value,
        occurred_at=now,
    )

"""The promises of units to orders, and what becomes of them. What staff does with shelves is in `stockroom`.

Rows are locked once, in key order, as late as the use case allows. Whoever holds an item's lock may change its
reservations.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from commerce.inventory import ledger
from commerce.inventory.ledger import UnableToChangeStock
from commerce.inventory.models import Reservation, StockItem, StockMovement
from commerce.rows import insertion, read, read_each, send, update

_RENEW = """
    ON CONFLICT (item_id, reference) DO UPDATE SET quantity = excluded.quantity, owed = excluded.owed,
        state = excluded.state, expires_at = excluded.expires_at, created_at = excluded.created_at
"""  # a promise that was released
_ITEMS_OF = """
    id IN (SELECT item_id FROM commerce_reservation WHERE reference = %s AND state = %s) ORDER BY id FOR UPDATE
"""
_OF_ITEMS = "reference = %s AND state = %s AND item_id = ANY(%s) ORDER BY item_id FOR UPDATE"


class OutOfStock(UnableToChangeStock):
    """Some variants have fewer units than wanted; `available` says how many of each."""

    def __init__(self, available: Mapping[int, int]) -> None:
        super().__init__(", ".join(f"variant {key}: {left} left" for key, left in available.items()))
        self.available = dict(available)


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
            ledger.movement(
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
        ledger.move(
            row.item, StockMovement.Kind.SOLD, on_hand=-here, reserved=-here, reference=reference, now=now
        )
        row.state = Reservation.State.SOLD
        update(row, "state")
    return bool(rows)


def release(*, reference: str, now: datetime) -> bool:
    """Give an order's units back to the shop; return False when there was nothing to give back."""
    rows = _held(reference)
    for row in rows:
        here, owed = row.quantity - row.owed, row.owed
        _let_go(row)
        ledger.move(
            row.item,
            StockMovement.Kind.RELEASED,
            reserved=-here,
            owed=-owed,
            reference=reference,
            now=now,
        )
        ledger.fill(row.item, now=now)
    return bool(rows)


def take_back(*, reference: str, now: datetime) -> bool:
    """Put the units of a cancelled sale back on the shelf; return False when nothing of it was sold."""
    rows = _rows(reference, Reservation.State.SOLD)
    for row in rows:
        here, owed = row.quantity - row.owed, row.owed
        _let_go(row)
        ledger.move(
            row.item, StockMovement.Kind.RETURNED, on_hand=here, owed=-owed, reference=reference, now=now
        )
        ledger.fill(row.item, now=now)
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
        ledger.move(
            row.item,
            StockMovement.Kind.RETURNED,
            on_hand=units - owed,
            owed=-owed,
            reference=reference,
            now=now,
        )
        ledger.fill(row.item, now=now)


def lock(*, variant_ids: Iterable[int]) -> None:
    """Lock the items of several acts that follow in this transaction: nobody else waits crosswise for them."""
    ledger.locked(variant_ids)


def _lock_for(
    reference: str, variant_ids: Iterable[int]
) -> tuple[dict[int, StockItem], dict[int, Reservation]]:
    """Lock items, by variant id, and look what an order has of them, by item id; after the lock, or it were stale."""
    items, reservations = read_each(
        (StockItem, ledger.IN_ORDER, [list(variant_ids)]), (Reservation, "reference = %s", [reference])
    )
    return {row.variant_id: row for row in items}, {row.item_id: row for row in reservations}


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
            ledger.move(
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

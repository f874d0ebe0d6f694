"""The only writer of stock. Rows are locked once, in key order, as late as the use case allows."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import F

from commerce.events import outbox, types
from commerce.inventory.models import Reservation, StockItem, StockMovement


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


def open_item(*, variant_id: int) -> None:
    """Give a variant a stock item with nothing on hand, unless it has one."""
    StockItem.objects.get_or_create(variant_id=variant_id)


def reserve(*, quantities: Mapping[int, int], reference: str, expires_at: datetime, now: datetime) -> None:
    """Promise units to an order until `expires_at`, all or none; `quantities` is units by variant id.

    Must run inside the order's transaction. Asking again with the same reference
    changes nothing while its promise stands, and renews a promise that was released.

    Raises:
        OutOfStock: fewer units are left than wanted; the caller's transaction must roll back.
    """
    items = _lock(quantities)
    earlier = {row.item_id: row for row in Reservation.objects.filter(reference=reference)}
    kept = {pk for pk, row in earlier.items() if row.state != Reservation.State.RELEASED}
    short = {
        variant_id: max(items[variant_id].available, 0) if variant_id in items else 0
        for variant_id, wanted in quantities.items()
        if variant_id not in items
        or (items[variant_id].pk not in kept and items[variant_id].available < wanted)
    }
    if short:
        raise OutOfStock(short)
    for variant_id, wanted in quantities.items():
        item = items[variant_id]
        if item.pk in kept:
            continue
        StockItem.objects.filter(pk=item.pk).update(reserved=F("reserved") + wanted)
        Reservation.objects.update_or_create(
            item=item,
            reference=reference,
            defaults={
                "quantity": wanted,
                "state": Reservation.State.HELD,
                "expires_at": expires_at,
                "created_at": now,
            },
        )
        _move(item, StockMovement.Kind.RESERVED, reserved=wanted, reference=reference, now=now)
        _tell_of_flip(item, difference=-wanted, now=now)


def extend(*, reference: str, expires_at: datetime) -> None:
    """Keep an order's units longer, for example until a virtual account's deadline."""
    Reservation.objects.filter(reference=reference, state=Reservation.State.HELD).update(
        expires_at=expires_at
    )


def sell(*, reference: str, now: datetime) -> bool:
    """Turn an order's promise into a sale; return False when its units were released before."""
    return _settle(reference, Reservation.State.SOLD, now=now)


def release(*, reference: str, now: datetime) -> bool:
    """Give an order's units back to the shop; return False when there was nothing to give back."""
    return _settle(reference, Reservation.State.RELEASED, now=now)


def take_back(*, reference: str, now: datetime) -> bool:
    """Put the units of a cancelled sale back on the shelf; return False when nothing of it was sold."""
    sold = Reservation.objects.filter(reference=reference, state=Reservation.State.SOLD)
    _lock(sold.values_list("item__variant_id", flat=True))
    rows = list(sold.select_for_update().select_related("item").order_by("item_id"))
    for row in rows:
        StockItem.objects.filter(pk=row.item_id).update(on_hand=F("on_hand") + row.quantity)
        _move(row.item, StockMovement.Kind.RETURNED, on_hand=row.quantity, reference=reference, now=now)
        _tell_of_flip(row.item, difference=row.quantity, now=now)
        row.state = Reservation.State.RELEASED
        row.save(update_fields=["state"])
    return bool(rows)


def bring_back(*, reference: str, quantities: Mapping[int, int], now: datetime) -> None:
    """Put some units of a sale back on the shelf; `quantities` is units by variant id.

    Raises:
        ValueError: fewer units of a variant are sold under this reference.
    """
    _lock(quantities)
    sold = Reservation.objects.filter(reference=reference, state=Reservation.State.SOLD)
    rows = {row.item.variant_id: row for row in sold.select_for_update(of=("self",)).select_related("item")}
    for variant_id, units in quantities.items():
        row = rows.get(variant_id)
        if row is None or row.quantity < units:
            raise ValueError(f"variant {variant_id}: {units} units were not sold under {reference}")
        StockItem.objects.filter(pk=row.item_id).update(on_hand=F("on_hand") + units)
        _move(row.item, StockMovement.Kind.RETURNED, on_hand=units, reference=reference, now=now)
        if row.quantity == units:
            row.state = Reservation.State.RELEASED
        else:
            row.quantity -= units
        row.save(update_fields=["quantity", "state"])


@transaction.atomic
def receive(*, variant_id: int, quantity: int, reason: str, now: datetime) -> StockItem:
    """Add units that arrived.

    Raises:
        ValueError: the quantity is not positive.
    """
    if quantity <= 0:
        raise ValueError("a delivery has at least one unit")
    return _change(variant_id, quantity, StockMovement.Kind.RECEIVED, reason, now=now)


@transaction.atomic
def adjust(*, variant_id: int, on_hand: int, reason: str, now: datetime) -> StockItem:
    """Set what a count found on the shelf.

    Raises:
        BelowPromised: orders are promised more than that.
        ValueError: the number is negative.
    """
    if on_hand < 0:
        raise ValueError("a shelf cannot hold fewer than no units")
    item = _lock([variant_id])[variant_id]
    if on_hand + item.backorder_limit < item.reserved:
        raise BelowPromised(item.reserved)
    if on_hand == item.on_hand:
        return item
    return _change(variant_id, on_hand - item.on_hand, StockMovement.Kind.ADJUSTED, reason, now=now)


def _lock(variant_ids: Iterable[int]) -> dict[int, StockItem]:
    rows = StockItem.objects.select_for_update().filter(variant_id__in=list(variant_ids)).order_by("pk")
    return {row.variant_id: row for row in rows}


def _settle(reference: str, state: Reservation.State, *, now: datetime) -> bool:
    held = Reservation.objects.filter(reference=reference, state=Reservation.State.HELD)
    _lock(held.values_list("item__variant_id", flat=True))
    rows = list(held.select_for_update().select_related("item").order_by("item_id"))
    for row in rows:
        sold = row.quantity if state == Reservation.State.SOLD else 0
        StockItem.objects.filter(pk=row.item_id).update(
            reserved=F("reserved") - row.quantity, on_hand=F("on_hand") - sold
        )
        kind = StockMovement.Kind.SOLD if sold else StockMovement.Kind.RELEASED
        _move(row.item, kind, on_hand=-sold, reserved=-row.quantity, reference=reference, now=now)
        _tell_of_flip(row.item, difference=row.quantity - sold, now=now)
        row.state = state
        row.save(update_fields=["state"])
    return bool(rows)


def _change(
    variant_id: int, difference: int, kind: StockMovement.Kind, reason: str, *, now: datetime
) -> StockItem:
    item = _lock([variant_id])[variant_id]
    StockItem.objects.filter(pk=item.pk).update(on_hand=F("on_hand") + difference)
    item.refresh_from_db()
    _move(item, kind, on_hand=difference, reason=reason, now=now)
    outbox.record(
        types.StockChanged(
            sku=item.variant.sku,
            on_hand=item.on_hand,
            difference=difference,
            kind=kind.value,
            occurred_at=now,
        )
    )
    _tell_of_flip(item, difference=difference, was=item.available - difference, now=now)
    return item


def _tell_of_flip(item: StockItem, *, difference: int, now: datetime, was: int | None = None) -> None:
    """Record that the last unit went, or that there are units again.

    `item` is locked and as it was read before the change, unless `was` says what could be promised then.
    """
    before = item.available if was is None else was
    after = before + difference
    if before > 0 >= after:
        outbox.record(types.StockSoldOut(sku=item.variant.sku, occurred_at=now))
    elif before <= 0 < after:
        outbox.record(types.StockBack(sku=item.variant.sku, available=after, occurred_at=now))


def _move(
    item: StockItem,
    kind: StockMovement.Kind,
    *,
    now: datetime,
    on_hand: int = 0,
    reserved: int = 0,
    reference: str = "",
    reason: str = "",
) -> None:
    StockMovement.objects.create(
        item=item,
        kind=kind,
        on_hand_difference=on_hand,
        reserved_difference=reserved,
        reference=reference,
        reason=reason,
        actor=outbox.actor(),
        at=now,
    )

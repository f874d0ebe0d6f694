"""What staff and files do in the stockroom: units arrive and are counted, or may be sold before they are here."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from commerce.events import outbox, types
from commerce.events.base import Event
from commerce.inventory import ledger
from commerce.inventory.ledger import UnableToChangeStock
from commerce.inventory.models import StockItem, StockMovement
from commerce.rows import send

_COUNT = """
    WITH found (item_id, difference) AS (SELECT * FROM unnest(%s::bigint[], %s::integer[])), changed AS (
        UPDATE commerce_stockitem item SET on_hand = item.on_hand + found.difference FROM found
        WHERE item.id = found.item_id
    )
    INSERT INTO commerce_stockmovement (item_id, kind, on_hand_difference, reserved_difference, owed_difference,
        limit_difference, reference, reason, actor, at)
    SELECT item_id, %s, difference, 0, 0, 0, '', %s, %s, %s FROM found ORDER BY item_id
"""  # the same for many, where nobody waits


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
    item = ledger.locked([variant_id])[variant_id]
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
    item = ledger.locked([variant_id])[variant_id]
    if backorder_limit < item.owed:
        raise BelowOwed(item.owed)
    difference = backorder_limit - item.backorder_limit
    if not difference and ships_on == item.ships_on:
        return item
    StockItem.objects.filter(pk=item.pk).update(ships_on=ships_on)
    ledger.move(item, StockMovement.Kind.TERMS, limit=difference, ships_on=ships_on, reason=reason, now=now)
    _tell(item, 0, StockMovement.Kind.TERMS, now=now)
    return item


def _change(
    variant_id: int, difference: int, kind: StockMovement.Kind, reason: str, *, now: datetime
) -> StockItem:
    item = ledger.locked([variant_id])[variant_id]
    ledger.move(item, kind, on_hand=difference, reason=reason, now=now)
    ledger.fill(item, now=now)
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
        facts += ledger.flip(item, before=before, now=now)
        facts.append(_changed(item, difference, StockMovement.Kind.ADJUSTED, now=now))
    outbox.record_all(facts)


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

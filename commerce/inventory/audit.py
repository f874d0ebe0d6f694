"""Whether the numbers of stock are what the movements and the promises say."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection, transaction

from commerce.inventory.models import StockItem

# Each number once as stored, once as the sum of its movements, and the promised ones once as the sum of promises.
_SQL = """
SELECT i.id, v.sku,
       i.on_hand, i.reserved, i.owed, i.backorder_limit,
       m.on_hand, m.reserved, m.owed, m.backorder_limit,
       r.reserved, r.owed
FROM commerce_stockitem i
JOIN commerce_variant v ON v.id = i.variant_id
LEFT JOIN LATERAL (
    SELECT coalesce(sum(on_hand_difference), 0) AS on_hand, coalesce(sum(reserved_difference), 0) AS reserved,
           coalesce(sum(owed_difference), 0) AS owed, coalesce(sum(limit_difference), 0) AS backorder_limit
    FROM commerce_stockmovement WHERE item_id = i.id) m ON true
LEFT JOIN LATERAL (
    SELECT coalesce(sum(quantity - owed) FILTER (WHERE state = 'held'), 0) AS reserved,
           coalesce(sum(owed) FILTER (WHERE state <> 'released'), 0) AS owed
    FROM commerce_reservation WHERE item_id = i.id) r ON true
ORDER BY v.sku
"""
_NUMBERS = ("on hand", "promised", "owed", "backorder limit")


@dataclass(frozen=True, slots=True)
class Doubt:
    """A stock item whose numbers do not agree, and how."""

    item_id: int
    sku: str
    why: str


def doubts() -> list[Doubt]:
    """Return the items whose numbers do not agree, by SKU. One query, so it sees one moment."""
    with connection.cursor() as cursor:
        cursor.execute(_SQL)
        rows = cursor.fetchall()
    return [Doubt(row[0], row[1], why) for row in rows if (why := "; ".join(_differences(row[2:])))]


@transaction.atomic
def flag() -> list[Doubt]:
    """Write on every item what is in doubt about it, and take old doubts off; return the doubts."""
    found = doubts()
    StockItem.objects.exclude(doubt="").exclude(pk__in=[one.item_id for one in found]).update(doubt="")
    for one in found:
        StockItem.objects.filter(pk=one.item_id).update(doubt=one.why[:200])
    return found


def _differences(row: tuple[int, ...]) -> Iterator[str]:
    stored, moved, promised = row[:4], row[4:8], row[8:]
    for name, ours, theirs in zip(_NUMBERS, stored, moved, strict=True):
        if ours != theirs:
            yield f"{name} {ours}, movements {theirs}"
    for name, ours, theirs in zip(_NUMBERS[1:3], stored[1:3], promised, strict=True):
        if ours != theirs:
            yield f"{name} {ours}, promises {theirs}"

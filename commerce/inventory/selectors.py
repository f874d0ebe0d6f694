"""What can still be promised."""

from collections.abc import Collection

from commerce.inventory.models import StockItem


def available(*, variant_ids: Collection[int]) -> dict[int, int]:
    """Return how many of each variant can be promised; a variant without stock item is missing."""
    items = StockItem.objects.filter(variant_id__in=variant_ids)
    return {item.variant_id: max(item.available, 0) for item in items}

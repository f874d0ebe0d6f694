"""Count stock as a file says, at the end of a chunk: shoppers wait for a shelf as short as can be."""

from collections.abc import Sequence
from datetime import datetime

from cms.importing.judged import Judged
from cms.models import ImportRow
from commerce.catalog.models import Variant
from commerce.inventory import stockroom


def count(*, products: Sequence[Judged], name: str, now: datetime) -> None:
    """Set what is on the shelf; all items are locked at once and in their order. A refusal is told by its row."""
    wanted = {sku: units for judged in products for sku, units in judged.stock.items()}
    if not wanted:
        return
    ids = dict(Variant.objects.filter(sku__in=wanted, stock__isnull=False).values_list("sku", "pk"))
    counts = {ids[sku]: units for sku, units in wanted.items() if sku in ids}
    refused = stockroom.adjust_all(counts=counts, reason=name[:200], now=now)
    rows = {row.sku: row for judged in products for row in judged.rows}
    for sku in wanted:
        if sku not in ids:
            _tell(rows[sku], "stock_early")
        elif ids[sku] in refused:
            _tell(rows[sku], "promised", reserved=str(refused[ids[sku]].reserved))


def _tell(row: ImportRow, code: str, **values: str) -> None:
    row.outcome = ImportRow.Outcome.ERROR
    row.messages = [{"code": code, "column": "on_hand", "values": values}]

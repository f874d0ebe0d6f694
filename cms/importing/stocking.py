"""Count stock as a file says, at the end of a chunk: shoppers wait for a shelf as short as can be."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from cms.importing.judged import Judged
from cms.models import ImportRow
from commerce.catalog.models import Variant
from commerce.inventory import stock


def count(*, products: Sequence[Judged], name: str, now: datetime) -> None:
    """Set what is on the shelf; all items are locked at once and in their order. A refusal is told by its row."""
    wanted = {sku: units for judged in products for sku, units in judged.stock.items()}
    if not wanted:
        return
    ids = dict(Variant.objects.filter(sku__in=wanted).values_list("sku", "pk"))
    stock.lock(variant_ids=ids.values())
    rows = {row.sku: row for judged in products for row in judged.rows}
    for sku, units in wanted.items():
        _count(rows[sku], ids.get(sku), units, name, now=now)


def _count(row: ImportRow, variant_id: int | None, units: int, name: str, *, now: datetime) -> None:
    try:
        if variant_id is None:
            raise KeyError(row.sku)
        with transaction.atomic():
            stock.adjust(variant_id=variant_id, on_hand=units, reason=name[:200], now=now)
    except stock.BelowPromised as refusal:
        _tell(row, "promised", reserved=str(refusal.reserved))
    except KeyError:
        _tell(row, "stock_early")


def _tell(row: ImportRow, code: str, **values: str) -> None:
    row.outcome = ImportRow.Outcome.ERROR
    row.messages = [{"code": code, "column": "on_hand", "values": values}]

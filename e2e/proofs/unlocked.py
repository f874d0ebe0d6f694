"""The shop with its locks taken out, for the control: `gunicorn e2e.proofs.unlocked:application`."""

import time
from collections.abc import Iterable
from typing import Any

from config.wsgi import application

# isort: split
# Models can be imported only now.
from commerce.inventory import stock
from commerce.inventory.models import StockItem

__all__ = ["application"]


def _look(_reference: str, variant_ids: Iterable[int]) -> tuple[dict[int, StockItem], dict[int, Any]]:
    found = {row.variant_id: row for row in StockItem.objects.filter(variant_id__in=list(variant_ids))}
    time.sleep(1.0)  # what a busy machine does between looking and writing
    return found, {}


stock._lock_for = _look

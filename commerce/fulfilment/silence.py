"""What silence means: a parcel of which nobody speaks arrived, a purchase that nobody returns is confirmed."""

import logging
from collections.abc import Callable
from datetime import datetime

from commerce.fulfilment import selectors, services
from commerce.fulfilment.models import Shipment

logger = logging.getLogger(__name__)


def assume_delivered(*, now: datetime, limit: int = 1000) -> int:
    """Mark parcels delivered that left `FULFILMENT_DELIVERED_DAYS` days ago; return how many."""
    ids = selectors.presumably_arrived(now=now).values_list("pk", flat=True)[:limit]
    arrived = Shipment.Arrival.ASSUMED
    return _each(
        list(ids), lambda pk: services.mark_delivered(shipment_id=pk, at=now, now=now, how=arrived), "parcel"
    )


def confirm_purchases(*, now: datetime, limit: int = 1000) -> int:
    """Confirm delivered orders `FULFILMENT_CONFIRM_DAYS` days after the last parcel; return how many.

    Never while the shopper may still withdraw, and not while staff must look at the order.
    """
    ids = selectors.to_confirm(now=now).values_list("pk", flat=True)[:limit]
    return _each(
        list(ids), lambda pk: services.confirm_purchase(order_id=pk, now=now, how="assumed"), "purchase"
    )


def _each(ids: list[int], act: Callable[[int], bool], what: str) -> int:
    """Act on each in a transaction of its own; one that fails does not keep the others."""
    done = 0
    for pk in ids:
        try:
            done += act(pk)
        except Exception:  # whatever it is, the next run tries again
            logger.exception("%s %s could not be settled", what, pk)
    return done

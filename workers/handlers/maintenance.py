"""What the clock has done at night: forget what nobody needs any more, and check that stock adds up."""

import logging

from commerce.inventory import audit
from commerce.privacy.models import RetentionReport
from workers import retention
from workers.jobs import Context, Fact

logger = logging.getLogger(__name__)


def forget(_fact: Fact, context: Context) -> None:
    """Delete what is older than its time, and keep a report of it for the back office."""
    RetentionReport.objects.create(at=context.now, counts=retention.forget(now=context.now))


def check_stock(_fact: Fact, _context: Context) -> None:
    """Mark stock whose numbers are not what the movements and the promises say, for staff and for the log."""
    for doubt in audit.flag():
        logger.error("stock of %s does not add up: %s", doubt.sku, doubt.why)

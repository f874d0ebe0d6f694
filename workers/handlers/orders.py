"""What the clock does to orders."""

import logging
from datetime import timedelta

from commerce.checkout import closing, comparing, paybacks, reminding
from commerce.coupons import selectors as coupons
from commerce.orders import services
from commerce.payments import portone
from commerce.points import selectors as points
from workers.jobs import Context, Fact

logger = logging.getLogger(__name__)

UNHEARD = timedelta(minutes=2)  # how long a payment may be open before we ask ourselves
PER_RUN = 40  # a silent provider costs its whole timeout each time; the next run takes the rest


def expire_unpaid(_fact: Fact, context: Context) -> None:
    """Cancel what was not paid in time and give its stock back."""
    closing.expire_unpaid_orders(gateway=portone.gateway(), now=context.now, limit=PER_RUN)


def reconcile_payments(_fact: Fact, context: Context) -> None:
    """Ask PortOne about payments of which no webhook told, and about refunds that it is working on."""
    paybacks.reconcile_refunds(gateway=portone.gateway(), now=context.now, limit=PER_RUN)
    closing.reconcile_payments(gateway=portone.gateway(), now=context.now, older_than=UNHEARD, limit=PER_RUN)


def check_balances(_fact: Fact, context: Context) -> None:
    """Flag the orders whose sums do not add up, and report what does not of points and coupons."""
    services.flag_unbalanced(now=context.now)
    for name, doubts in (("points", points.doubts()), ("coupons", coupons.doubts())):
        for doubt in doubts:
            logger.error("%s do not add up: %s", name, doubt)


def compare_payments(_fact: Fact, context: Context) -> None:
    """Compare yesterday's payments with PortOne's list."""
    since, until = comparing.yesterday(now=context.now)
    comparing.compare_payments(gateway=portone.gateway(), since=since, until=until, now=context.now)


def remind_of_deposits(_fact: Fact, context: Context) -> None:
    """Find deposits that are due soon."""
    reminding.remind_of_deposits(now=context.now)

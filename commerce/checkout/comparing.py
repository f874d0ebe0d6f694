"""The nightly comparison with the provider's list: what no webhook and no single question would show."""

import logging
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from commerce.checkout.settling import settle_payment
from commerce.orders import services as orders
from commerce.orders.models import Order
from commerce.payments import comparison
from commerce.payments.comparison import Difference
from commerce.payments.gateway import Gateway, GatewayTrouble
from commerce.payments.models import PaymentComparison

logger = logging.getLogger(__name__)
_SEOUL = ZoneInfo("Asia/Seoul")


def yesterday(*, now: datetime) -> tuple[datetime, datetime]:
    """Return the beginning and the end of the day before, on the clocks of Seoul."""
    midnight = datetime.combine(now.astimezone(_SEOUL).date(), time(0), _SEOUL)
    return midnight - timedelta(days=1), midnight


def compare_payments(
    *, gateway: Gateway, since: datetime, until: datetime, now: datetime
) -> PaymentComparison:
    """Compare every payment that changed at the provider in a time with ours; mend what can be, tell of the rest.

    A difference that one more question clears up (a lost webhook) is settled first and does not remain. What
    remains is kept in the report, and its orders are flagged.

    Raises:
        GatewayTrouble: the provider's list cannot be read; nothing was written.
    """
    theirs = {one.payment_id: one for one in gateway.changed(since=since, until=until)}
    asked: set[str] = set()
    while True:
        checked, found = comparison.differences(theirs=theirs.values(), since=since, until=until)
        differing = {one.payment_id for one in found if one.order_number} - asked
        if not differing:
            break
        asked |= differing
        for payment_id in sorted(
            differing
        ):  # these alone: the day's other payments are not asked about one by one
            _settle(payment_id, gateway=gateway, now=now)
            if payment_id in theirs:
                theirs[payment_id] = gateway.fetch(payment_id=payment_id)  # a refund may have begun meanwhile
    return _keep(found, checked=checked, since=since, until=until, now=now)


def _settle(payment_id: str, *, gateway: Gateway, now: datetime) -> None:
    try:
        settle_payment(payment_id=payment_id, gateway=gateway, now=now)
    except GatewayTrouble as trouble:
        logger.warning("payment %s differs and cannot be asked about: %s", payment_id, trouble)
    except Exception:  # whatever it is, the others are compared all the same
        logger.exception("payment %s differs and cannot be settled", payment_id)


@transaction.atomic
def _keep(
    found: list[Difference], *, checked: int, since: datetime, until: datetime, now: datetime
) -> PaymentComparison:
    for number in sorted({one.order_number for one in found if one.order_number}):
        order = Order.objects.select_for_update().get(number=number)
        fields = ", ".join(one.field for one in found if one.order_number == number)
        orders.raise_flag(order=order, why=f"differs from the provider's books: {fields}", now=now)
    return comparison.keep(since=since, until=until, checked=checked, found=found, now=now)

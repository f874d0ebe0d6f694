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
from commerce.payments.gateway import Gateway, GatewayPayment, GatewayTrouble
from commerce.payments.models import Payment, PaymentComparison

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
    theirs = list(gateway.changed(since=since, until=until))
    checked, found = comparison.differences(theirs=theirs, since=since, until=until)
    if _settled(found, gateway=gateway, now=now):
        checked, found = comparison.differences(theirs=_again(theirs, gateway), since=since, until=until)
    return _keep(found, checked=checked, since=since, until=until, now=now)


def _settled(found: list[Difference], *, gateway: Gateway, now: datetime) -> bool:
    ours = {one.payment_id for one in found if one.order_number}
    for payment_id in sorted(ours):
        try:
            settle_payment(payment_id=payment_id, gateway=gateway, now=now)
        except GatewayTrouble as trouble:
            logger.warning("payment %s differs and cannot be asked about: %s", payment_id, trouble)
    return bool(ours)


def _again(theirs: list[GatewayPayment], gateway: Gateway) -> list[GatewayPayment]:
    """Return the list as it is now for those that we settled: a refund may have begun meanwhile."""
    known = set(
        Payment.objects.filter(payment_id__in=[one.payment_id for one in theirs]).values_list(
            "payment_id", flat=True
        )
    )
    return [gateway.fetch(payment_id=one.payment_id) if one.payment_id in known else one for one in theirs]


@transaction.atomic
def _keep(
    found: list[Difference], *, checked: int, since: datetime, until: datetime, now: datetime
) -> PaymentComparison:
    for number in sorted({one.order_number for one in found if one.order_number}):
        order = Order.objects.select_for_update().get(number=number)
        fields = ", ".join(one.field for one in found if one.order_number == number)
        orders.raise_flag(order=order, why=f"differs from the provider's books: {fields}", now=now)
    return comparison.keep(since=since, until=until, checked=checked, found=found, now=now)

"""Count what was sold. Additions in any order give the same sums; each must be made once."""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from commerce.orders.models import Order, OrderLine
from commerce.payments.models import Refund

_SEOUL = ZoneInfo("Asia/Seoul")


@transaction.atomic
def count_order(*, order_id: int) -> int:
    """Add the lines of a paid order to the day on which it was paid; return how many lines.

    Raises:
        Order.DoesNotExist: there is no such order.
        ValueError: it was never paid.
    """
    order = Order.objects.get(pk=order_id)
    if order.paid_at is None:
        raise ValueError(f"order {order.number} was never paid")
    lines = list(order.lines.values_list("variant_id", "quantity", "total"))
    for variant_id, quantity, total in sorted(lines):  # in key order: two orders never wait for each other
        _add(variant_id, _day(order.paid_at), quantity, total)
    return len(lines)


@transaction.atomic
def take_off(*, refund_id: int) -> int:
    """Take the units and the money of a refund off the day on which their order was paid; return how many lines.

    Raises:
        Refund.DoesNotExist: there is no such refund.
    """
    refund = Refund.objects.select_related("payment__order").get(pk=refund_id)
    paid_at = refund.payment.order.paid_at
    if paid_at is None:  # money that never bought anything was never counted
        return 0
    lines = list(refund.lines.values_list("order_line__variant_id", "quantity", "amount"))
    for variant_id, quantity, amount in sorted(lines):
        _add(variant_id, _day(paid_at), -quantity, -amount)
    return len(lines)


@transaction.atomic
def take_off_lines(*, lines: Sequence[tuple[int, ...]]) -> int:
    """Take units and won of order lines off the days on which their orders were paid; negative ones come back.

    `lines` are line id, units, won; return how many of them were counted before.
    """
    wanted = {line_id: (units, won) for line_id, units, won in lines}
    rows = OrderLine.objects.filter(pk__in=wanted).select_related("order").order_by("variant_id")
    counted = [(row, row.order.paid_at) for row in rows]
    for row, paid_at in counted:
        if paid_at is not None:
            units, won = wanted[row.pk]
            _add(row.variant_id, _day(paid_at), -units, -won)
    return len(counted)


def _add(variant_id: int, day: date, units: int, won: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO commerce_dailysale (variant_id, day, units, won) VALUES (%s, %s, %s, %s)
               ON CONFLICT (variant_id, day) DO UPDATE
               SET units = commerce_dailysale.units + excluded.units, won = commerce_dailysale.won + excluded.won""",
            [variant_id, day, units, won],
        )


def _day(moment: datetime) -> date:
    return moment.astimezone(_SEOUL).date()

"""What is to ship as a file for the courier's own program, which gives it back with tracking numbers.

One row is one parcel. Koreans' courier programs and Excel read CP949; UTF-8 loses nothing.
"""

import csv
import io
from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from cms.backoffice import customers, parcel_block, words
from commerce.fulfilment import dates, selectors
from commerce.fulfilment.selectors import Packed
from commerce.orders.models import Order

ENCODINGS = {"utf-8": "utf-8-sig", "cp949": "cp949"}
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would run what follows


def headings() -> list[str]:
    """Return the columns; the last two are filled in and uploaded again."""
    return [
        _("Order number"),
        _("Recipient"),
        _("Recipient's phone"),
        _("Postcode"),
        _("Address"),
        _("Delivery request"),
        _("Contents"),
        _("Units"),
        _("Boxes"),
        _("Send by"),
        _("Courier"),
        _("Tracking number"),
    ]


def write(*, orders: Iterable[Order], encoding: str, sees_people: bool) -> bytes:
    """Return the file; letters that CP949 does not have become question marks."""
    rows = list(orders)
    left = selectors.ready_of(orders=rows)
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(headings())
    table.writerows([_safe(cell) for cell in _row(row, left[row.pk], sees_people)] for row in rows)
    return text.getvalue().encode(ENCODINGS[encoding], errors="replace")


def name(*, now: datetime) -> str:
    """Return what the file is called."""
    return f"to-ship-{dates.day_of(at=now):%Y%m%d}.csv"


def _row(order: Order, left: dict[int, int], sees_people: bool) -> list[str]:
    customer = customers.of(order=order, sees_people=sees_people)
    packed = [Packed(line=line, quantity=left[line.pk]) for line in order.lines.all() if line.pk in left]
    return [
        order.number,
        customer.recipient_name,
        customer.recipient_phone,
        customer.postcode,
        customer.address,
        customer.delivery_note,
        ", ".join(parcel_block.contents(packed)),
        str(sum(left.values())),
        "1",
        words.calendar_day(dates.ship_by(paid_at=order.paid_at)) if order.paid_at else "",
        "",
        "",
    ]


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA_STARTS) else cell

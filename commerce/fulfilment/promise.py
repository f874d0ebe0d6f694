"""When an order leaves that is paid now, as far as the shop promises it."""

from dataclasses import dataclass
from datetime import date, datetime, time

from commerce.fulfilment import dates


@dataclass(frozen=True, slots=True)
class Promise:
    """The day on which it leaves; `until`: paid by then today, else the day is a later one."""

    day: date
    until: time | None


def leaves(*, cut_off: time | None, handling_days: int, now: datetime) -> Promise | None:
    """Return when an order leaves that is paid now; None when the shop names no cut-off and so promises nothing.

    `handling_days` are business days from the day that counts as the day of the order; `cut_off` is on the clocks
    of Seoul. Sooner than the law's three business days (Act §15(1)) is the shop's own word, so staff set it.
    """
    if cut_off is None:
        return None
    here = now.astimezone(dates.SEOUL)
    today = here.date()
    in_time = dates.is_business_day(day=today) and here.time() < cut_off
    first = today if in_time else dates.add_business_days(day=today, days=1)
    return Promise(
        day=dates.add_business_days(day=first, days=handling_days), until=cut_off if in_time else None
    )

"""What is said of units that are not here yet."""

from datetime import date

from django.utils.dateformat import format as format_date
from django.utils.translation import get_language, gettext, ngettext


def sent(*, ships_on: date | None) -> str:
    """Return when units that are to come are sent: on a day, or when they arrive."""
    if ships_on is None:
        return gettext("Backorder · ships when it arrives")
    return gettext("Preorder · ships on %(day)s") % {"day": day(ships_on)}


def dispatch(*, late: int, quantity: int, ships_on: date | None) -> str:
    """Return what a line says of its `late` units among `quantity`; nothing when all are here."""
    if not late:
        return ""
    if late >= quantity:
        return sent(ships_on=ships_on)
    return ngettext("%(count)d of them: %(sent)s", "%(count)d of them: %(sent)s", late) % {
        "count": late,
        "sent": sent(ships_on=ships_on),
    }


def day(of: date) -> str:
    """Return a day as people say it: 12월 10일, December 10."""
    return format_date(of, "n월 j일" if get_language() == "ko" else "F j")

"""Coupons in words, in the language of the reader."""

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext, ngettext

from commerce.coupons.models import Coupon
from commerce.coupons.rules import Reason
from commerce.coupons.services import CodeReason, CodeRefused
from commerce.money import amounts


def title(*, coupon: Coupon) -> str:
    """Return what a coupon is called."""
    return coupon.title(_language())


def value(*, coupon: Coupon) -> str:
    """Return what a coupon takes off, whatever is ordered."""
    if coupon.kind == Coupon.Kind.FIXED:
        return gettext("%(amount)s off") % {"amount": _won(coupon.value)}
    names = {"percent": coupon.value, "most": _won(coupon.most or 0)}
    if coupon.most is None:
        return gettext("%(percent)d%% off") % names
    return gettext("%(percent)d%% off, %(most)s at most") % names


def condition(*, coupon: Coupon) -> str:
    """Return from which sum of goods on it may be used; empty when there is none."""
    return gettext("from %(least)s of goods") % {"least": _won(coupon.least)} if coupon.least else ""


def left(*, days: int) -> str:
    """Return for how long a ticket can still be used."""
    if not days:
        return gettext("Last day")
    return ngettext("%(count)d day left", "%(count)d days left", days) % {"count": days}


def refusal(*, reason: Reason, coupon: Coupon | None = None, missing: int = 0) -> str:
    """Return why a ticket cannot be used."""
    if reason == Reason.TOO_LITTLE:
        return gettext("Add %(missing)s more of goods to use it.") % {"missing": _won(missing)}
    if reason == Reason.NOT_YET and coupon:
        return gettext("It can be used from %(day)s.") % {"day": _day(coupon)}
    texts = {
        Reason.TAKEN_BACK: gettext("The shop took this coupon back."),
        Reason.EXPIRED: gettext("This coupon has expired."),
        Reason.USED: gettext("This coupon is used already."),
        Reason.NOTHING: gettext("There is nothing it could take off this order."),
        Reason.NOT_YET: gettext("This coupon cannot be used yet."),
    }
    return texts.get(reason, gettext("This coupon is not available any more."))


def code_refusal(*, refused: CodeRefused) -> str:
    """Return why a code gave nothing."""
    if refused.reason == CodeReason.NOT_YET and refused.coupon:
        return gettext("This code can be entered from %(day)s.") % {"day": _day(refused.coupon)}
    texts = {
        CodeReason.OVER: gettext("The time of this coupon is over."),
        CodeReason.ALREADY: gettext("You have this coupon already, or you have used it."),
        CodeReason.ALL_GIVEN: gettext("All of these coupons have been given out."),
    }
    return texts.get(
        refused.reason, gettext("There is no coupon with this code. Please check how it is written.")
    )


def _won(amount: int) -> str:
    return amounts.show(amount, language=_language())


def _day(coupon: Coupon) -> str:
    return date_format(timezone.localtime(coupon.starts_at), "DATE_FORMAT")


def _language() -> str:
    return get_language() or "ko"

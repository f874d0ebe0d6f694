"""Coupons and tickets in the words of the back office."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext, pgettext_lazy

from cms.backoffice import people
from cms.backoffice.words import SEOUL, Words, moment
from commerce.coupons import rules
from commerce.coupons import words as shop_words
from commerce.coupons.models import Coupon, CouponTicket
from commerce.coupons.rules import Reason
from commerce.orders.models import Order

STATES: dict[str, Promise] = {
    "planned": pgettext_lazy("coupon", "Planned"),
    "running": pgettext_lazy("coupon", "Running"),
    "over": pgettext_lazy("coupon", "Over"),
    "withdrawn": pgettext_lazy("coupon", "Withdrawn"),
}
TONES = {"planned": "calm", "running": "good", "over": "mute", "withdrawn": "bad"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a ticket stands: in words, as a colour, with the order it is used for; whether it can be taken back."""

    text: str
    tone: str
    order: Order | None = None
    loose: bool = False


def state(*, coupon: Coupon, now: datetime) -> str:
    """Return `planned`, `running`, `over` or `withdrawn`."""
    if coupon.withdrawn_at is not None:
        return "withdrawn"
    if coupon.ends_at <= now:
        return "over"
    return "planned" if coupon.starts_at > now else "running"


def in_state(*, state: str, now: datetime) -> Q:
    """Return what finds the coupons of a state."""
    conditions = {
        "planned": Q(starts_at__gt=now),
        "running": Q(starts_at__lte=now, ends_at__gt=now),
        "over": Q(ends_at__lte=now),
    }
    return Q(withdrawn_at=None) & conditions[state] if state in conditions else ~Q(withdrawn_at=None)


def sentences(*, coupon: Coupon) -> list[tuple[str, str]]:
    """Return a coupon as shoppers read it: the language and a line of it, Korean first."""
    return [(language, _sentence(coupon, language)) for language in ("ko", "en")]


def window(*, coupon: Coupon) -> str:
    """Return when it may be used, in Seoul."""
    return f"{moment(coupon.starts_at)} – {moment(coupon.ends_at)}"


def count(*, coupon: Coupon) -> str:
    """Return how many were given out, and of how many."""
    if coupon.issue_limit is None:
        return f"{coupon.issued:,}"
    return f"{coupon.issued:,} / {coupon.issue_limit:,}"


def cause(*, ticket: CouponTicket, names: dict[str, str]) -> str:
    """Return how somebody came by a ticket, and who of the shop gave it."""
    kind, _colon, why = ticket.cause.partition(":")
    if kind == "staff":
        return f"{names.get(ticket.given_by, ticket.given_by)}: {why}"
    known: dict[str, Words] = {"code": _("Entered the code"), "joined": _("On joining")}
    return str(known.get(kind, ticket.cause))


def givers(tickets: list[CouponTicket]) -> dict[str, str]:
    """Return who gave tickets, by name, in one query."""
    return people.names(ticket.given_by for ticket in tickets if ticket.given_by)


def standing(*, ticket: CouponTicket, now: datetime) -> Standing:
    """Return how a ticket stands; its `uses` were read with their orders."""
    live = next((use for use in ticket.uses.all() if use.returned_at is None), None)
    if live:
        return Standing(text=pgettext("coupon", "Used"), tone="mute", order=live.order)
    reason = rules.standing(ticket=ticket, used=False, now=now)
    if reason == Reason.TAKEN_BACK:
        return Standing(text=pgettext("coupon", "Taken back"), tone="bad")
    if reason is None:
        return Standing(text=pgettext("coupon", "Can be used"), tone="good", loose=True)
    if reason == Reason.NOT_YET:
        return Standing(text=pgettext("coupon", "Planned"), tone="calm", loose=True)
    texts = {Reason.GONE: STATES["withdrawn"], Reason.EXPIRED: pgettext("coupon", "Expired")}
    return Standing(text=str(texts[reason]), tone="mute")


def _sentence(coupon: Coupon, language: str) -> str:
    with translation.override(language), timezone.override(SEOUL):
        end = date_format(timezone.localtime(coupon.ends_at), "DATETIME_FORMAT") if coupon.ends_at else ""
        parts = [
            shop_words.title(coupon=coupon),
            shop_words.value(coupon=coupon),
            shop_words.condition(coupon=coupon),
            _("until %(day)s") % {"day": end} if end else "",
            _lives(coupon.lives_days),
        ]
        return " · ".join(part for part in parts if part)


def _lives(days: int | None) -> str:
    if not days:
        return ""
    text = ngettext("for %(count)d day after you get it", "for %(count)d days after you get it", days)
    return text % {"count": days}

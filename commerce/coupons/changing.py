"""Change what a coupon says, as far as nobody was promised otherwise, and take one person's ticket back.

Whoever changes a coupon holds its row, as whoever gives one out does: nobody gets a ticket of terms that change meanwhile.
"""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from commerce.coupons import rules
from commerce.coupons.models import Coupon, CouponTicket
from commerce.coupons.services import UnableToOffer, keeping_code
from commerce.coupons.terms import Terms, problems
from commerce.events import outbox, types

FREE = frozenset(
    {"title_ko", "title_en", "code", "ends_at", "issue_limit"}
)  # of a coupon that somebody holds


class Withdrawn(Exception):
    """The shop took the coupon back; nothing of it is changed any more."""


class UnableToTakeBack(Exception):
    """The ticket is used for an order, or was taken back before; nothing was changed."""


@transaction.atomic
def change(*, coupon_id: int, terms: Terms, now: datetime) -> dict[str, tuple[Any, Any]]:
    """Give a coupon new terms; return what differs: old and new by field. Tickets keep the end that they have.

    Once a ticket was given out only titles, code, a later end and a limit of at least what was given out are taken.

    Raises:
        Coupon.DoesNotExist: there is no such coupon.
        Withdrawn: the shop took it back.
        UnableToOffer: something is wrong with the terms, another coupon has the code, or somebody was promised otherwise.
    """
    coupon = _lock(coupon_id)
    if coupon.withdrawn_at is not None:
        raise Withdrawn(coupon_id)
    for field, text in problems(terms=terms):
        raise UnableToOffer(field, text)
    wanted = asdict(terms) | {"code": rules.plain(terms.code) or None}
    changed = {
        field: (getattr(coupon, field), new) for field, new in wanted.items() if getattr(coupon, field) != new
    }
    _keep_promises(coupon, changed)
    if changed:
        with keeping_code(changed["code"][1] if "code" in changed else None, but=coupon.pk):
            for field, (_old, new) in changed.items():
                setattr(coupon, field, new)
            coupon.save(update_fields=[*changed])
        outbox.record(types.CouponChanged(coupon_id=coupon.pk, occurred_at=now))
    return changed


@transaction.atomic
def take_back(*, ticket_id: int, now: datetime) -> CouponTicket:
    """Take a ticket back that is not used: from now on it ended when it was given, whatever order is being placed.

    Raises:
        CouponTicket.DoesNotExist: there is no such ticket.
        UnableToTakeBack: it is used, or was taken back before.
    """
    ticket = _lock_ticket(ticket_id)
    if ticket.taken_back or ticket.uses.filter(returned_at=None).exists():
        raise UnableToTakeBack(ticket_id)
    ticket.ends_at = ticket.issued_at
    ticket.save(update_fields=["ends_at"])
    outbox.record(
        types.CouponTakenBack(ticket_id=ticket.pk, coupon_id=ticket.coupon_id, occurred_at=now),
    )
    return ticket


def _lock(coupon_id: int) -> Coupon:
    return Coupon.objects.select_for_update().get(pk=coupon_id)


def _lock_ticket(ticket_id: int) -> CouponTicket:
    return CouponTicket.objects.select_for_update().get(pk=ticket_id)


def _keep_promises(coupon: Coupon, changed: dict[str, tuple[Any, Any]]) -> None:
    limit = changed.get("issue_limit", (None, None))[1]
    if limit is not None and limit < coupon.issued:
        raise UnableToOffer("issue_limit", _("%(count)d were given out already.") % {"count": coupon.issued})
    if not coupon.issued:
        return
    if "ends_at" in changed and changed["ends_at"][1] < coupon.ends_at:
        raise UnableToOffer("ends_at", _("Customers hold it: the end can only be moved to a later time."))
    for field in changed:
        if field not in FREE:
            raise UnableToOffer(field, _("Customers hold it: this stays as it was promised."))

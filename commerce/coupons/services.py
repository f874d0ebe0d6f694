"""Offer coupons and give them to people: for a code, for joining, or by the shop. Using them is in `using`.

Whoever gives one out counts it on the coupon's row, which stays locked until the end: never more than the limit, and
nobody twice for the same reason.
"""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from psycopg.errors import UniqueViolation

from commerce.coupons import rules
from commerce.coupons.models import Coupon, CouponTicket
from commerce.coupons.terms import Terms, problems
from commerce.customers.models import User
from commerce.events import outbox, types

LONGEST_WHY = 50
_JOINED = "joined"
_FORGET_AFTER = timedelta(days=365)
_ANOTHER_HAS_IT = _("Another coupon has this code.")


class UnableToOffer(Exception):
    """Nothing was offered; `field` of the terms and a sentence that says what is wrong with it."""

    def __init__(self, field: str, text: str | Promise) -> None:
        super().__init__(f"{field}: {text}")
        self.field, self.text = field, text


class CodeReason(StrEnum):
    """Why a code gives nothing."""

    UNKNOWN = "unknown"
    OVER = "over"  # its time is over, or the shop took it back
    NOT_YET = "not_yet"
    ALREADY = "already"
    ALL_GIVEN = "all_given"


class CodeRefused(Exception):
    """A code gave no ticket; nothing was changed. `coupon` is the one that it belongs to, where there is one."""

    def __init__(self, reason: CodeReason, coupon: Coupon | None = None) -> None:
        super().__init__(reason)
        self.reason, self.coupon = reason, coupon


class UnableToIssue(Exception):
    """The coupon is over or was withdrawn; nobody got one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """What became of giving a coupon to several people, by their ids."""

    tickets: tuple[CouponTicket, ...]
    had: tuple[int, ...] = ()  # who got one for this reason before
    unknown: tuple[int, ...] = ()  # nobody has such an account any more
    left_out: tuple[int, ...] = ()  # all were given out before their turn


@transaction.atomic
def offer(*, terms: Terms, now: datetime) -> Coupon:
    """Offer a coupon; `changing` says which terms stay as they are.

    Raises:
        UnableToOffer: something is wrong with the terms, or another coupon has the code.
    """
    for field, text in problems(terms=terms):
        raise UnableToOffer(field, text)
    code = rules.plain(terms.code) or None
    with keeping_code(code):
        coupon = Coupon.objects.create(**asdict(terms) | {"code": code}, offered_at=now)
    outbox.record(types.CouponOffered(coupon_id=coupon.pk, occurred_at=now))
    return coupon


@contextmanager
def keeping_code(code: str | None, *, but: int | None = None) -> Iterator[None]:
    """Write a coupon under a code that no other coupon has; `but` is the id of the coupon itself, if it is there already.

    Raises:
        UnableToOffer: another has it, or got it while this one was written; nothing was.
    """
    if code and _is_taken(code, but=but):
        raise UnableToOffer("code", _ANOTHER_HAS_IT)
    try:
        with transaction.atomic():
            yield
    except IntegrityError as refused:
        if isinstance(refused.__cause__, UniqueViolation):  # nothing but the code is unique
            raise UnableToOffer("code", _ANOTHER_HAS_IT) from refused
        raise


@transaction.atomic
def withdraw(*, coupon_id: int, now: datetime) -> bool:
    """Take a coupon back: none is given out or used any more, orders that used one keep it. False when that was done.

    Raises:
        Coupon.DoesNotExist: there is no such coupon.
    """
    coupon = Coupon.objects.select_for_update().get(pk=coupon_id)
    if coupon.withdrawn_at is not None:
        return False
    coupon.withdrawn_at = now
    coupon.save(update_fields=["withdrawn_at"])
    outbox.record(types.CouponWithdrawn(coupon_id=coupon.pk, occurred_at=now))
    return True


@transaction.atomic
def issue(*, coupon_id: int, customer_ids: Collection[int], why: str, by: str, now: datetime) -> Issued:
    """Give customers a ticket each, once per person for each `why`; in the order of their ids while there are some.

    `by`: who of the shop does it. It may be done before the coupon begins.

    Raises:
        Coupon.DoesNotExist: there is no such coupon.
        UnableToIssue: it is over, or was withdrawn.
        ValueError: `why` is empty, or longer than LONGEST_WHY.
    """
    if not 0 < len(why) <= LONGEST_WHY:
        raise ValueError("say why in a few words")
    coupon = Coupon.objects.select_for_update().get(pk=coupon_id)
    if coupon.withdrawn_at is not None or coupon.ends_at <= now:
        raise UnableToIssue(coupon_id)
    cause = f"staff:{why}"
    asked = sorted(set(customer_ids))
    known = set(User.objects.filter(pk__in=asked, is_active=True).values_list("pk", flat=True))
    had = set(coupon.tickets.filter(customer__in=asked, cause=cause).values_list("customer_id", flat=True))
    due = [pk for pk in asked if pk in known and pk not in had]
    room = len(due) if coupon.issue_limit is None else coupon.issue_limit - coupon.issued
    tickets = _give(coupon, due[: max(room, 0)], cause=cause, by=by, now=now)
    return Issued(
        tickets=tuple(tickets),
        had=tuple(sorted(pk for pk in had if pk is not None)),
        unknown=tuple(pk for pk in asked if pk not in known and pk not in had),
        left_out=tuple(due[len(tickets) :]),
    )


@transaction.atomic
def register(*, customer_id: int, code: str, now: datetime) -> CouponTicket:
    """Give a customer the ticket of a code, once; who has one of this coupon already gets no other.

    Raises:
        CodeRefused: there is no such code, it is not its time, the customer has it, or all were given out.
    """
    typed = rules.plain(code)
    coupon = Coupon.objects.filter(code=typed).first() if typed else None
    if coupon is None:
        raise CodeRefused(CodeReason.UNKNOWN)
    if coupon.withdrawn_at is not None or coupon.ends_at <= now:
        raise CodeRefused(CodeReason.OVER, coupon)
    if coupon.starts_at > now:
        raise CodeRefused(CodeReason.NOT_YET, coupon)
    counted = _count(coupon, 1)
    if coupon.tickets.filter(customer=customer_id).exists():  # looked up under the lock
        raise CodeRefused(CodeReason.ALREADY, coupon)
    if not counted:
        raise CodeRefused(CodeReason.ALL_GIVEN, coupon)
    return _write(coupon, [customer_id], cause="code", by="", now=now)[0]


@transaction.atomic
def welcome(*, customer_id: int, now: datetime) -> list[CouponTicket]:
    """Give a new member every coupon for joining that was offered before the account was made, once.

    Belongs after the member's address was proven; asked again, it gives nothing.
    """
    coupons = Coupon.objects.filter(on_joining=True, withdrawn_at=None, ends_at__gt=now)
    if not coupons.exists():
        return []
    user = _lock_member(customer_id)
    if user is None:
        return []
    coupons = coupons.filter(starts_at__lte=user.date_joined, offered_at__lte=user.date_joined)
    due = coupons.exclude(tickets__in=CouponTicket.objects.filter(customer=user, cause=_JOINED))
    given = [_give(coupon, [user.pk], cause=_JOINED, by="", now=now) for coupon in due.order_by("pk")]
    return [ticket for tickets in given for ticket in tickets]


@transaction.atomic
def forget(*, customer_id: int) -> None:
    """Take a customer who leaves out of the tickets; what was used stays with the orders."""
    CouponTicket.objects.filter(customer=customer_id).update(customer=None)


@transaction.atomic
def forget_old(*, now: datetime) -> int:
    """Take people out of tickets a year after ticket and coupon were over; return of how many."""
    over = now - _FORGET_AFTER
    old = CouponTicket.objects.filter(ends_at__lt=over, coupon__ends_at__lt=over, customer__isnull=False)
    return old.update(customer=None)


def _is_taken(code: str, *, but: int | None) -> bool:
    others = Coupon.objects.filter(code=code)
    return (others if but is None else others.exclude(pk=but)).exists()


def _lock_member(customer_id: int) -> User | None:
    """Lock an account so that rows may still be made that point at it; None when nobody has it any more."""
    return User.objects.select_for_update(no_key=True).filter(pk=customer_id, is_active=True).first()


def _give(
    coupon: Coupon, customer_ids: Sequence[int], *, cause: str, by: str, now: datetime
) -> list[CouponTicket]:
    if not customer_ids or not _count(coupon, len(customer_ids)):
        return []
    return _write(coupon, customer_ids, cause=cause, by=by, now=now)


def _count(coupon: Coupon, units: int) -> bool:
    """Count tickets on the coupon's row while there are so many, and lock it; False when there are not."""
    rows = Coupon.objects.filter(pk=coupon.pk, withdrawn_at=None)
    rows = rows.filter(Q(issue_limit=None) | Q(issued__lte=F("issue_limit") - units))
    return bool(rows.update(issued=F("issued") + units))


def _write(
    coupon: Coupon, customer_ids: Sequence[int], *, cause: str, by: str, now: datetime
) -> list[CouponTicket]:
    rows = [
        CouponTicket(
            coupon=coupon,
            customer_id=pk,
            cause=cause,
            given_by=by[:80],
            issued_at=now,
            ends_at=_end(coupon, now),
        )
        for pk in customer_ids
    ]
    CouponTicket.objects.bulk_create(rows)
    outbox.record_all(
        [
            types.CouponIssued(ticket_id=row.pk, coupon_id=coupon.pk, customer_id=pk, occurred_at=now)
            for row, pk in zip(rows, customer_ids, strict=True)
        ]
    )
    return rows


def _end(coupon: Coupon, now: datetime) -> datetime:
    """Return when a ticket ends: its days run from now, or from the coupon's beginning when that is later."""
    if coupon.lives_days is None:
        return coupon.ends_at
    return min(max(now, coupon.starts_at) + timedelta(days=coupon.lives_days), coupon.ends_at)

"""What happens to returns and exchanges. Every use case locks the order first, then the claim; stock comes last."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import cast

from django.db import transaction

from commerce.claims import photos, selectors
from commerce.claims.models import Claim, ClaimLine, ClaimPhoto
from commerce.claims.moving import advance, follow, lock, record
from commerce.claims.photos import Photo
from commerce.claims.refusals import (
    NotAnOption,
    NothingChosen,
    NothingToExchange,
    NoticedTooLate,
    TooLate,
    TooMany,
)
from commerce.claims.states import Kind, Reason, State, shopper_pays
from commerce.events import outbox, types
from commerce.fulfilment import dates
from commerce.orders.models import Order


@transaction.atomic(durable=True)
def request(
    *,
    order_id: int,
    kind: Kind,
    quantities: Mapping[int, int],
    reason: Reason,
    text: str,
    pictures: Sequence[Photo] = (),
    wanted: Mapping[int, int] | None = None,
    noticed_on: date | None = None,
    key: uuid.UUID,
    now: datetime,
) -> Claim:
    """Ask to return or exchange delivered units by line id, once per `key`.

    A change of mind has seven days from each delivery (Act §17(1)); everything else three months from it and
    thirty days from the day on which it was noticed (§17(3)), today unless `noticed_on` says otherwise.
    `wanted` are variant ids by line id: what an exchange should bring instead of the same again.

    Raises:
        NothingChosen: no unit.
        NothingToExchange: an exchange for a change of mind that wants the same again.
        NotAnOption: what is wanted instead cannot be had.
        NoticedTooLate: more than thirty days passed since it was noticed.
        TooMany: more than was delivered and is neither given back nor claimed, or a line of another order.
        TooLate: the time for this reason is over.
    """
    order = lock(order_id)
    again = Claim.objects.filter(key=key, order=order).first()
    if again:
        return again
    units = {pk: count for pk, count in quantities.items() if count}
    _refuse(order, reason, units, noticed_on, now=now)
    options = _options(order, reason, units, wanted or {}) if kind == Kind.EXCHANGE else {}
    fee = selectors.exchange_fee(order=order, reason=reason) if kind == Kind.EXCHANGE else 0
    claim = Claim.objects.create(
        order=order,
        key=key,
        kind=kind,
        reason=reason,
        text=text[:1000],
        shopper_pays=shopper_pays(reason),
        noticed_on=None if reason == Reason.CHANGED_MIND else noticed_on,
        fee=fee,
        requested_at=now,
    )
    ClaimLine.objects.bulk_create(
        ClaimLine(claim=claim, order_line_id=pk, quantity=count, wanted_id=options.get(pk))
        for pk, count in units.items()
    )
    _keep(claim, pictures)
    follow(order, claim, "requested", now=now, units=sum(units.values()))
    outbox.record(
        types.ClaimRequested(
            order_id=order.pk,
            number=order.number,
            claim_id=claim.pk,
            kind=cast(types.ClaimKind, kind.value),
            reason=cast(types.ClaimReason, reason.value),
            units=sum(units.values()),
            occurred_at=now,
        )
    )
    return claim


@transaction.atomic(durable=True)
def withdraw(*, claim_id: int, now: datetime) -> None:
    """Give a claim up: the shopper keeps the goods.

    Raises:
        MovedOn: the goods are back, or it is over.
    """
    order, claim = advance(claim_id, State.WITHDRAWN)
    claim.save(update_fields=["state"])
    follow(order, claim, "withdrawn", now=now)
    record(types.ClaimWithdrawn, order, claim, now=now)


@transaction.atomic(durable=True)
def approve(*, claim_id: int, reply: str, now: datetime) -> None:
    """Agree to a claim: the shopper may send the goods.

    Raises:
        MovedOn: it was decided or withdrawn before.
    """
    order, claim = advance(claim_id, State.APPROVED)
    claim.reply, claim.decided_at = reply[:500], now
    claim.save(update_fields=["state", "reply", "decided_at"])
    follow(order, claim, "approved", now=now, note=claim.reply)
    record(types.ClaimApproved, order, claim, now=now)


@transaction.atomic(durable=True)
def reject(*, claim_id: int, reply: str, now: datetime) -> None:
    """Refuse a claim, also after its goods came back: then they go back with `send_back`. `reply` tells why.

    Raises:
        MovedOn: it is approved and under way, or over.
        ValueError: there is no reply.
    """
    if not reply.strip():
        raise ValueError("who refuses says why")
    order, claim = advance(claim_id, State.REJECTED)
    claim.reply, claim.decided_at = reply[:500], now
    claim.save(update_fields=["state", "reply", "decided_at"])
    follow(order, claim, "rejected", now=now, note=claim.reply)
    record(types.ClaimRejected, order, claim, now=now)


@transaction.atomic(durable=True)
def receive(*, claim_id: int, now: datetime) -> None:
    """Write down that the goods are back: the money must follow within three business days.

    Raises:
        MovedOn: it was not approved, or they are back already.
    """
    order, claim = advance(claim_id, State.RECEIVED)
    claim.received_at = now
    claim.save(update_fields=["state", "received_at"])
    follow(order, claim, "received", now=now)
    record(types.ClaimReceived, order, claim, now=now)


def _refuse(
    order: Order, reason: Reason, wanted: Mapping[int, int], noticed_on: date | None, *, now: datetime
) -> None:
    if not wanted:
        raise NothingChosen
    today = dates.day_of(at=now)
    found = selectors.returnable(order=order, today=today)
    have = {pk: row.quantity for pk, row in found.items()}
    if any(not 0 < units <= have.get(pk, 0) for pk, units in wanted.items()):
        raise TooMany({pk: have.get(pk, 0) for pk in wanted})
    in_time = {pk: row.in_time if reason == Reason.CHANGED_MIND else row.faulty for pk, row in found.items()}
    if any(units > in_time[pk] for pk, units in wanted.items()):
        raise TooLate({pk: in_time[pk] for pk in wanted})
    if reason == Reason.CHANGED_MIND or noticed_on is None:
        return
    until = dates.complain_until_noticed(noticed_on=noticed_on)
    if today > until:
        raise NoticedTooLate(until)


def _options(
    order: Order, reason: Reason, units: Mapping[int, int], wanted: Mapping[int, int]
) -> dict[int, int]:
    """Return the variants to send instead, by line id; a line without one gets the same again."""
    asked = {pk: variant for pk, variant in wanted.items() if pk in units and variant}
    if reason == Reason.CHANGED_MIND and set(asked) != set(units):
        raise NothingToExchange
    for line in order.lines.filter(pk__in=asked):
        if asked[line.pk] not in {one.pk for one in selectors.alternatives(line=line)}:
            raise NotAnOption(line.pk)
    return asked


def _keep(claim: Claim, pictures: Sequence[Photo]) -> None:
    names: list[str] = []
    try:
        for photo in pictures[: photos.MOST]:
            names.append(photos.keep(photo=photo))
            ClaimPhoto.objects.create(claim=claim, name=names[-1], width=photo.width, height=photo.height)
    except Exception:
        photos.forget(names=names)
        raise

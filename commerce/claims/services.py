"""What happens to returns and exchanges. Every use case locks the order first, then the claim; stock comes last."""

import uuid
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import cast

from django.db import transaction

from commerce.catalog.models import Variant
from commerce.checkout import refunding
from commerce.claims import choices, photos, selectors
from commerce.claims.models import Claim, ClaimLine, ClaimPhoto
from commerce.claims.photos import Photo
from commerce.claims.states import NEXT, FeePaid, Kind, Outcome, Reason, State, shopper_pays
from commerce.events import outbox, types
from commerce.events.base import Event
from commerce.fulfilment import dates
from commerce.fulfilment import selectors as parcels
from commerce.fulfilment import services as fulfilment
from commerce.fulfilment.models import Shipment
from commerce.inventory import stock
from commerce.orders import services as orders
from commerce.orders.models import Order
from commerce.orders.refund_math import Fault, Proposal, Wish
from commerce.payments.models import Refund
from commerce.payments.states import Requester


class UnableToClaim(Exception):
    """Nothing was changed."""


class NothingChosen(UnableToClaim):
    """A claim is about at least one unit."""


class TooMany(UnableToClaim):
    """More units than were delivered and are neither given back nor claimed; `left` of each line are."""

    def __init__(self, left: Mapping[int, int]) -> None:
        super().__init__(", ".join(f"line {pk}: {units} left" for pk, units in left.items()))
        self.left = dict(left)


class TooLate(UnableToClaim):
    """The time for this reason is over for some units; `left` of each line are still in time."""

    def __init__(self, left: Mapping[int, int]) -> None:
        super().__init__(", ".join(f"line {pk}: {units} in time" for pk, units in left.items()))
        self.left = dict(left)


class NothingToExchange(UnableToClaim):
    """A change of mind wants another option of each thing: the same again is no exchange."""


class NotAnOption(UnableToClaim):
    """What is wanted instead is no option of the same product at the same price, or not on sale any more."""


class NoticedTooLate(UnableToClaim):
    """Thirty days since the fault was noticed are over; `until` was the last of them."""

    def __init__(self, until: date) -> None:
        super().__init__(f"until {until}")
        self.until = until


class FeeOpen(UnableToClaim):
    """The shopper owes `fee` won for both ways, and nobody said how they were paid."""

    def __init__(self, fee: int) -> None:
        super().__init__(f"{fee} won")
        self.fee = fee


class MovedOn(UnableToClaim):
    """The claim is not where this act begins: somebody was quicker."""


class NothingCameBack(UnableToClaim):
    """No unit of the claim lay in the parcel."""


class OutOfStock(UnableToClaim):
    """There is no unit on the shelf to send instead."""


@dataclass(frozen=True, slots=True)
class Inspection:
    """What was found of a line that came back."""

    outcome: Outcome
    restock: bool = False


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
    order = _lock(order_id)
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
    _follow(order, claim, "requested", now=now, units=sum(units.values()))
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
    order, claim = _advance(claim_id, State.WITHDRAWN)
    claim.save(update_fields=["state"])
    _follow(order, claim, "withdrawn", now=now)
    _record(types.ClaimWithdrawn, order, claim, now=now)


@transaction.atomic(durable=True)
def approve(*, claim_id: int, reply: str, now: datetime) -> None:
    """Agree to a claim: the shopper may send the goods.

    Raises:
        MovedOn: it was decided or withdrawn before.
    """
    order, claim = _advance(claim_id, State.APPROVED)
    claim.reply, claim.decided_at = reply[:500], now
    claim.save(update_fields=["state", "reply", "decided_at"])
    _follow(order, claim, "approved", now=now, note=claim.reply)
    _record(types.ClaimApproved, order, claim, now=now)


@transaction.atomic(durable=True)
def reject(*, claim_id: int, reply: str, now: datetime) -> None:
    """Refuse a claim, also after its goods came back: then they go back with `send_back`. `reply` tells why.

    Raises:
        MovedOn: it is approved and under way, or over.
        ValueError: there is no reply.
    """
    if not reply.strip():
        raise ValueError("who refuses says why")
    order, claim = _advance(claim_id, State.REJECTED)
    claim.reply, claim.decided_at = reply[:500], now
    claim.save(update_fields=["state", "reply", "decided_at"])
    _follow(order, claim, "rejected", now=now, note=claim.reply)
    _record(types.ClaimRejected, order, claim, now=now)


@transaction.atomic(durable=True)
def receive(*, claim_id: int, now: datetime) -> None:
    """Write down that the goods are back: the money must follow within three business days.

    Raises:
        MovedOn: it was not approved, or they are back already.
    """
    order, claim = _advance(claim_id, State.RECEIVED)
    claim.received_at = now
    claim.save(update_fields=["state", "received_at"])
    _follow(order, claim, "received", now=now)
    _record(types.ClaimReceived, order, claim, now=now)


def preview(*, claim: Claim, found: Mapping[int, Inspection], prepaid: bool = False) -> Proposal:
    """Return what `settle_with_refund` would give back; nothing is locked or written.

    Raises:
        NothingCameBack: no unit lay in the parcel.
        UnableToPropose: the way back costs more than the goods, or somebody refunded them meanwhile.
        UnableToRefund: there is nothing to give back.
    """
    return refunding.preview(order=claim.order, wish=_priced(claim, found, prepaid=prepaid), returned=True)


@transaction.atomic(durable=True)
def settle_with_refund(
    *,
    claim_id: int,
    found: Mapping[int, Inspection],
    prepaid: bool = False,
    expected: int | None = None,
    now: datetime,
) -> Refund:
    """Give the money of what came back to the shopper, less the way back where it is hers; an exchange too.

    `found` is by order line id; `prepaid`: she paid the carrier herself, so the way back is not deducted once
    more; `expected` is the sum in won that was shown.

    Raises:
        MovedOn: the goods are not back, or it is over.
        NothingCameBack: no unit lay in the parcel.
        UnableToPropose: the way back costs more than the goods, or somebody refunded them meanwhile.
        UnableToRefund: not the sum that was shown, or nothing to give back.
    """
    order, claim = _advance(claim_id, State.SETTLED)
    wish = _priced(claim, found, prepaid=prepaid)
    refund = refunding.refund_order(
        order_id=order.pk,
        wish=wish,
        cause=f"claim:{claim.pk}",
        reason="change of mind" if claim.shopper_pays else "faulty or not as described",
        requester=Requester.CUSTOMER if claim.shopper_pays else Requester.STAFF,
        restock={pk for pk in wish.quantities if _restocks(_of(found, pk))},
        expected=expected,
        returned=True,
        now=now,
    )
    _note(
        claim, found, restocked=set(refund.lines.filter(restocked=True).values_list("order_line", flat=True))
    )
    claim.refund, claim.settled_at = refund, now
    claim.save(update_fields=["state", "refund", "settled_at"])
    _settled(order, claim, now=now)
    return refund


@transaction.atomic(durable=True)
def settle_with_replacement(
    *,
    claim_id: int,
    found: Mapping[int, Inspection],
    courier: str,
    tracking_number: str,
    fee_paid: FeePaid | None = None,
    now: datetime,
) -> Shipment:
    """Send the same again, or the options that were wanted, from the shelf and without payment, as a parcel.

    A unit that is not there is not sold. What came back as good as new may go on the shelf when another option
    goes out for it. `fee_paid` says how the shopper paid for both ways, where she does.

    Raises:
        MovedOn: the goods are not back, it is over, or it is no exchange.
        NothingCameBack: no unit lay in the parcel.
        FeeOpen: both ways are the shopper's, and nobody said how they were paid.
        OutOfStock: there is nothing to send; give the money back instead.
        UnableToShip: the shop does not work with this courier.
        tracking.BadNumber: this is no number of that courier.
    """
    order, claim = _advance(claim_id, State.SETTLED)
    if claim.kind != Kind.EXCHANGE:
        raise MovedOn(claim.pk)
    if claim.fee and fee_paid is None:
        raise FeeOpen(claim.fee)
    units = _wish(claim, found).quantities
    stock.lock(variant_ids=_variants(claim))  # once: two acts follow
    shelved = _shelve_swapped(order, claim, found, units, now=now)
    _note(claim, found, restocked=shelved)
    shipment = fulfilment.send_for_claim(
        order=order,
        lines=_instead(order, claim, units),
        purpose=Shipment.Purpose.REPLACEMENT,
        courier=courier,
        tracking_number=tracking_number,
        now=now,
    )
    claim.shipment, claim.settled_at = shipment, now
    claim.fee_paid = fee_paid if claim.fee and fee_paid else ""
    claim.save(update_fields=["state", "shipment", "fee_paid", "settled_at"])
    _settled(order, claim, now=now)
    _sell(order, claim, units, now=now)
    return shipment


@transaction.atomic(durable=True)
def send_back(*, claim_id: int, courier: str, tracking_number: str, now: datetime) -> Shipment:
    """Send the goods of a refused claim back to the shopper: they are hers.

    Raises:
        MovedOn: it was not refused, its goods never came, or they are on their way already.
        UnableToShip: the shop does not work with this courier.
        tracking.BadNumber: this is no number of that courier.
    """
    order, claim = _lock_both(claim_id)
    if not claim.waits_for_way_back:
        raise MovedOn(claim.state)
    lines = {pk: (units, "") for pk, units in selectors.units(claim=claim).items()}
    claim.shipment = fulfilment.send_for_claim(
        order=order,
        lines=lines,
        purpose=Shipment.Purpose.BACK,
        courier=courier,
        tracking_number=tracking_number,
        now=now,
    )
    claim.save(update_fields=["shipment"])
    orders.set_open_claims(order=order, count=selectors.unfinished(order=order))
    return claim.shipment


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


def _wish(claim: Claim, found: Mapping[int, Inspection]) -> Wish:
    units = {pk: count for pk, count in selectors.units(claim=claim).items()}
    here = {pk: count for pk, count in units.items() if _of(found, pk).outcome != Outcome.MISSING}
    if not here:
        raise NothingCameBack(claim.pk)
    return Wish(quantities=here, fault=Fault.SHOPPER if claim.shopper_pays else Fault.SHOP)


def _priced(claim: Claim, found: Mapping[int, Inspection], *, prepaid: bool) -> Wish:
    wish = _wish(claim, found)
    if not (prepaid and claim.shopper_pays):
        return wish
    fee = refunding.preview(order=claim.order, wish=wish, returned=True).fee
    return replace(wish, fee=max(fee - claim.order.parcel_fee, 0))


def _of(found: Mapping[int, Inspection], line_id: int) -> Inspection:
    return found.get(line_id, Inspection(Outcome.OK))


def _restocks(seen: Inspection) -> bool:
    return seen.restock and seen.outcome == Outcome.OK  # nobody is sold what somebody else has worn


def _note(claim: Claim, found: Mapping[int, Inspection], *, restocked: Collection[int]) -> None:
    for line in claim.lines.all():
        line.outcome = _of(found, line.order_line_id).outcome
        line.restocked = line.order_line_id in restocked
        line.save(update_fields=["outcome", "restocked"])


def _shelve_swapped(
    order: Order, claim: Claim, found: Mapping[int, Inspection], units: Mapping[int, int], *, now: datetime
) -> set[int]:
    """Put what came back on the shelf where another option goes out for it; return its lines.

    Of a line that was swapped before nobody knows which option came back: staff counts it. The same again is
    sent for what is faulty, which nobody buys.
    """
    before = parcels.swapped(order=order)
    wanted = {line.order_line_id for line in claim.lines.all() if line.wanted_id}
    lines = {pk for pk in units if pk in wanted and pk not in before and _restocks(_of(found, pk))}
    variants = {line.pk: line.variant_id for line in order.lines.all()}
    back = Counter[int]()
    for pk in lines:
        back[variants[pk]] += units[pk]
    if back:
        stock.bring_back(reference=order.number, quantities=back, now=now)
    return lines


def _instead(order: Order, claim: Claim, units: Mapping[int, int]) -> dict[int, tuple[int, str]]:
    """Return units and the option to send by line id; an empty option: as ordered, or as sent instead before."""
    options = {line.order_line_id: line.wanted for line in claim.lines.all()}
    return {pk: (count, _option(order, options[pk])) for pk, count in units.items()}


def _option(order: Order, variant: Variant | None) -> str:
    if variant is None:
        return ""
    return choices.words(variant=variant, language=order.language)


def _variants(claim: Claim) -> set[int]:
    """Return what may come back and what may go out."""
    lines = list(claim.lines.select_related("order_line"))
    return {line.order_line.variant_id for line in lines} | {
        line.wanted_id for line in lines if line.wanted_id
    }


def _sell(order: Order, claim: Claim, quantities: Mapping[int, int], *, now: datetime) -> None:
    variants = {line.pk: line.variant_id for line in order.lines.all()}
    variants |= {line.order_line_id: line.wanted_id for line in claim.lines.all() if line.wanted_id}
    wanted: dict[int, int] = {}
    for pk, units in quantities.items():
        wanted[variants[pk]] = wanted.get(variants[pk], 0) + units
    reference = f"{order.number}/{claim.pk}"
    try:
        late = stock.reserve(quantities=wanted, reference=reference, expires_at=now, now=now)
    except stock.OutOfStock as short:
        raise OutOfStock(claim.pk) from short
    if any(late.values()):
        raise OutOfStock(claim.pk)
    stock.sell(reference=reference, now=now)


def _settled(order: Order, claim: Claim, *, now: datetime) -> None:
    _follow(order, claim, "settled", now=now)
    outbox.record(
        types.ClaimSettled(
            order_id=order.pk,
            number=order.number,
            claim_id=claim.pk,
            kind=cast(types.ClaimKind, claim.kind),
            outcome="refund" if claim.refund_id else "replacement",
            refund_id=claim.refund_id,
            occurred_at=now,
        )
    )


def _follow(order: Order, claim: Claim, act: str, *, now: datetime, **more: object) -> None:
    """Tell the timeline, and let the order know how many claims are open."""
    orders.tell(order=order, kind=f"claim_{act}", now=now, claim=claim.pk, what=claim.kind, **more)
    orders.set_open_claims(order=order, count=selectors.unfinished(order=order))


def _record(fact: type[Event], order: Order, claim: Claim, *, now: datetime) -> None:
    outbox.record(
        fact(order_id=order.pk, number=order.number, claim_id=claim.pk, kind=claim.kind, occurred_at=now)  # type: ignore[call-arg]  # the four facts have the same fields
    )


def _advance(claim_id: int, wanted: State) -> tuple[Order, Claim]:
    order, claim = _lock_both(claim_id)
    if wanted not in NEXT[State(claim.state)]:
        raise MovedOn(claim.state)
    claim.state = wanted
    return order, claim


def _lock_both(claim_id: int) -> tuple[Order, Claim]:
    order = _lock(Claim.objects.values_list("order_id", flat=True).get(pk=claim_id))
    claim = Claim.objects.select_for_update(of=("self",)).get(pk=claim_id)
    claim.order = order
    return order, claim


def _lock(order_id: int) -> Order:
    return Order.objects.select_for_update().get(pk=order_id)

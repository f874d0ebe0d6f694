"""How a claim ends once its goods are back: with money, with a replacement, or with the goods on their way home."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import cast

from django.db import transaction

from commerce.catalog.models import Variant
from commerce.checkout import refunding
from commerce.claims import choices, selectors
from commerce.claims.models import Claim
from commerce.claims.moving import advance, follow, lock_both
from commerce.claims.refusals import FeeOpen, MovedOn, NothingCameBack, OutOfStock
from commerce.claims.states import FeePaid, Kind, Outcome, State
from commerce.events import outbox, types
from commerce.fulfilment import selectors as parcels
from commerce.fulfilment import services as fulfilment
from commerce.fulfilment.models import Shipment
from commerce.inventory import stock
from commerce.orders import services as orders
from commerce.orders.models import Order
from commerce.orders.refund_math import Fault, Proposal, Wish
from commerce.payments.models import Refund
from commerce.payments.states import Requester


@dataclass(frozen=True, slots=True)
class Inspection:
    """What was found of a line that came back."""

    outcome: Outcome
    restock: bool = False


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
    order, claim = advance(claim_id, State.SETTLED)
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
    order, claim = advance(claim_id, State.SETTLED)
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
    order, claim = lock_both(claim_id)
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
    follow(order, claim, "settled", now=now)
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

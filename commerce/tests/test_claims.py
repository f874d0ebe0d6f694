"""Returns and exchanges: what can be asked for and until when, exact sums, and that a refusal changes nothing."""

import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest

from commerce.claims import refusals, selectors, services, settling
from commerce.claims.models import Claim, ClaimLine, ClaimPhoto
from commerce.claims.settling import Inspection
from commerce.claims.states import Kind, Outcome, Reason
from commerce.events.models import OutboxEvent
from commerce.fulfilment import dates, silence
from commerce.fulfilment import services as fulfilment
from commerce.fulfilment.models import Shipment
from commerce.orders import balance
from commerce.orders.models import Order, TimelineEntry
from commerce.payments.models import Refund
from commerce.tests.factories import LATER, on_shelf, shelf
from commerce.tests.fakes import FakeGateway
from commerce.tests.refunding import paid

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
ARRIVED = LATER + DAY  # Wednesday 2026-11-25
CJ = "123456789012"


def delivered(*, at: datetime = ARRIVED, units: int = 2, **how: Any) -> Order:
    """Return a paid order of two cups at 24,000 won and delivery at 3,000 won; so many of them are there."""
    placed = paid(FakeGateway(), **how)
    arrive(placed, units, at=at)
    placed.refresh_from_db()
    return placed


def arrive(placed: Order, units: int, *, at: datetime) -> Shipment:
    """Send units and let them arrive."""
    lines = {placed.lines.get().pk: units}
    parcel = fulfilment.dispatch(order_id=placed.pk, lines=lines, courier="cj", tracking_number=CJ, now=LATER)
    fulfilment.mark_delivered(shipment_id=parcel.pk, at=at, now=at)
    return parcel


def ask(placed: Order, *, units: int = 1, **changes: Any) -> Claim:
    """Ask for a return of so many cups, because of a change of mind unless told otherwise."""
    wanted: dict[str, Any] = {
        "order_id": placed.pk,
        "kind": Kind.RETURN,
        "quantities": {placed.lines.get().pk: units},
        "reason": Reason.CHANGED_MIND,
        "text": "",
        "key": uuid.uuid4(),
        "now": ARRIVED + DAY,
    }
    return services.request(**wanted | changes)


def back(claim: Claim, *, at: datetime = ARRIVED + 2 * DAY) -> Claim:
    """Approve a claim and let its goods come back."""
    services.approve(claim_id=claim.pk, reply="", now=at)
    services.receive(claim_id=claim.pk, now=at)
    claim.refresh_from_db()
    return claim


def settle(claim: Claim, outcome: Outcome = Outcome.OK, *, restock: bool = True, **more: Any) -> Refund:
    found = {line.order_line_id: Inspection(outcome, restock) for line in claim.lines.all()}
    return settling.settle_with_refund(claim_id=claim.pk, found=found, now=ARRIVED + 3 * DAY, **more)


def everything() -> dict[str, Any]:
    """Return all that a refusal must leave alone."""
    return {
        "orders": list(Order.objects.values()),
        "claims": list(Claim.objects.order_by("pk").values()),
        "lines": list(ClaimLine.objects.order_by("pk").values()),
        "photos": ClaimPhoto.objects.count(),
        "refunds": list(Refund.objects.values()),
        "timeline": TimelineEntry.objects.count(),
        "facts": OutboxEvent.objects.count(),
        "shelf": shelf(),
    }


def test_a_change_of_mind_pays_the_way_back() -> None:
    placed = delivered()
    Order.objects.filter(pk=placed.pk).update(parcel_fee=3_000, free_from=None)

    refund = settle(back(ask(placed, units=2)), expected=45_000)

    assert (refund.amount, refund.goods_amount, refund.shipping_amount, refund.fee) == (
        45_000,
        48_000,
        0,
        3_000,
    )
    assert (refund.requester, refund.reason) == ("customer", "change of mind")
    line = refund.lines.get()
    assert (line.cancelled, line.restocked) == (False, True)
    assert shelf() == (5, 0)
    assert list(balance.out_of_balance()) == []


def test_a_way_back_that_was_paid_to_the_carrier_is_not_deducted_again() -> None:
    refund = settle(back(ask(delivered(), units=2)), prepaid=True, expected=48_000)

    assert (refund.amount, refund.fee) == (48_000, 0)


def test_what_is_faulty_costs_the_shopper_nothing() -> None:
    placed = delivered()

    refund = settle(back(ask(placed, units=2, reason=Reason.DEFECTIVE)), Outcome.DAMAGED)

    assert (refund.amount, refund.goods_amount, refund.shipping_amount, refund.fee) == (
        51_000,
        48_000,
        3_000,
        0,
    )
    assert refund.lines.get().restocked is False
    assert shelf() == (3, 0)
    assert list(balance.out_of_balance()) == []


def test_part_of_what_is_faulty_brings_its_price() -> None:
    refund = settle(back(ask(delivered(), reason=Reason.DAMAGED)))

    assert (refund.amount, refund.goods_amount, refund.shipping_amount, refund.fee) == (24_000, 24_000, 0, 0)


def test_units_that_are_missing_in_the_parcel_bring_nothing() -> None:
    claim = back(ask(delivered(), units=2))
    before = everything()

    with pytest.raises(refusals.NothingCameBack):
        settle(claim, Outcome.MISSING)

    assert everything() == before


def test_another_sum_than_was_shown_settles_nothing() -> None:
    claim = back(ask(delivered(), units=1))
    before = everything()

    with pytest.raises(Exception, match="shown 1, now"):
        settle(claim, expected=1)

    assert everything() == before


def test_the_acts_are_told_and_recorded() -> None:
    placed = delivered()

    claim = ask(placed)
    settle(back(claim))

    kinds = list(placed.timeline.filter(kind__startswith="claim_").values_list("kind", flat=True))
    assert kinds == ["claim_requested", "claim_approved", "claim_received", "claim_settled"]
    facts = {row.type: row.payload for row in OutboxEvent.objects.filter(type__startswith="claim.")}
    common = {"order_id": placed.pk, "number": placed.number, "claim_id": claim.pk, "kind": "return"}
    assert facts == {
        "claim.requested": common | {"reason": "changed_mind", "units": 1},
        "claim.approved": common,
        "claim.received": common,
        "claim.settled": common | {"outcome": "refund", "refund_id": Refund.objects.get().pk},
    }


@pytest.mark.parametrize(
    ("day", "in_time"),
    [("2026-12-02", True), ("2026-12-03", False)],  # delivered on Wednesday the 25th
)
def test_a_change_of_mind_has_seven_days(day: str, in_time: bool) -> None:
    placed = delivered()
    now = datetime.fromisoformat(f"{day}T14:59:00+00:00")  # a minute before midnight in Seoul
    before = everything()

    if in_time:
        assert ask(placed, now=now).state == "requested"
        return
    with pytest.raises(refusals.TooLate) as late:
        ask(placed, now=now)
    assert late.value.left == {placed.lines.get().pk: 0}
    assert everything() == before
    assert ask(placed, reason=Reason.DEFECTIVE, now=now).shopper_pays is False


def test_faults_have_three_months() -> None:
    placed = delivered()
    last = datetime.fromisoformat("2027-02-25T14:59:00+00:00")

    with pytest.raises(refusals.TooLate):
        ask(placed, reason=Reason.OTHER, now=last + timedelta(minutes=2))
    assert ask(placed, reason=Reason.OTHER, now=last).state == "requested"


def test_each_parcel_has_its_own_seven_days() -> None:
    placed = delivered(units=1)
    arrive(placed, 1, at=ARRIVED + 6 * DAY)

    with pytest.raises(refusals.TooLate):
        ask(placed, units=2, now=ARRIVED + 9 * DAY)
    assert ask(placed, units=1, now=ARRIVED + 9 * DAY).state == "requested"


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"units": 0}, refusals.NothingChosen),
        ({"units": -1}, refusals.TooMany),
        ({"units": 3}, refusals.TooMany),
        ({"kind": Kind.EXCHANGE}, refusals.NothingToExchange),
    ],
)
def test_a_refused_request_changes_nothing(changes: dict[str, Any], refusal: type[Exception]) -> None:
    placed = delivered()
    before = everything()

    with pytest.raises(refusal):
        ask(placed, **changes)

    assert everything() == before


def test_a_foreign_line_is_refused() -> None:
    placed = delivered()
    before = everything()

    with pytest.raises(refusals.TooMany):
        ask(placed, quantities={placed.lines.get().pk + 1: 1})

    assert everything() == before


def test_what_has_not_arrived_cannot_be_returned() -> None:
    placed = paid(FakeGateway(), sent=True)

    with pytest.raises(refusals.TooMany):
        ask(placed)


def test_a_unit_is_claimed_once() -> None:
    placed = delivered()
    first = ask(placed, units=1)

    with pytest.raises(refusals.TooMany):
        ask(placed, units=2)
    second = ask(placed, units=1)
    services.withdraw(claim_id=first.pk, now=ARRIVED + DAY)
    placed.refresh_from_db()
    assert placed.open_claims == 1
    settle(back(second))
    with pytest.raises(refusals.TooMany):
        ask(placed, units=2)
    assert ask(placed, units=1).state == "requested"


def test_one_form_is_one_claim() -> None:
    placed, key = delivered(), uuid.uuid4()

    assert ask(placed, key=key).pk == ask(placed, key=key).pk
    assert Claim.objects.count() == 1


def test_a_claim_takes_only_the_steps_of_its_table() -> None:
    placed = delivered()
    claim = ask(placed)
    before = everything()

    for act in (
        lambda: services.receive(claim_id=claim.pk, now=LATER),
        lambda: settle(claim),
    ):
        with pytest.raises(refusals.MovedOn):
            act()
    assert everything() == before
    back(claim)
    before = everything()
    for act in (
        lambda: services.withdraw(claim_id=claim.pk, now=LATER),
        lambda: services.approve(claim_id=claim.pk, reply="", now=LATER),
        lambda: services.receive(claim_id=claim.pk, now=LATER),
    ):
        with pytest.raises(refusals.MovedOn):
            act()
    assert everything() == before


def test_a_refusal_needs_a_reply() -> None:
    claim = ask(delivered())

    with pytest.raises(ValueError, match="says why"):
        services.reject(claim_id=claim.pk, reply=" ", now=ARRIVED + DAY)
    services.reject(claim_id=claim.pk, reply="사용한 흔적이 있습니다.", now=ARRIVED + DAY)

    claim.refresh_from_db()
    assert (claim.state, claim.reply, claim.order.open_claims) == ("rejected", "사용한 흔적이 있습니다.", 0)


def test_an_open_claim_stops_the_confirmation() -> None:
    placed = delivered()
    claim = ask(placed)
    later = ARRIVED + 30 * DAY

    assert silence.confirm_purchases(now=later) == 0
    with pytest.raises(fulfilment.NotDelivered):
        fulfilment.confirm_purchase(order_id=placed.pk, now=later, how="assumed")
    services.withdraw(claim_id=claim.pk, now=later)
    assert silence.confirm_purchases(now=later) == 1


@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("2026-11-25", "2026-11-30"),  # Wednesday: Thursday, Friday, Monday
        ("2026-12-23", "2026-12-29"),  # Christmas is no business day
        ("2026-12-30", "2027-01-05"),  # nor is New Year
    ],
)
def test_the_money_has_three_business_days(received: str, due: str) -> None:
    placed = delivered()
    at = datetime.fromisoformat(f"{received}T05:00:00+00:00")
    claim = ask(placed, now=ARRIVED)
    services.approve(claim_id=claim.pk, reply="", now=ARRIVED)
    services.receive(claim_id=claim.pk, now=max(at, ARRIVED))
    claim.refresh_from_db()

    last = selectors.refund_due(claim=claim)

    assert last is not None and last.isoformat() == due
    evening = dates.start_of(day=last) + timedelta(hours=23)
    assert not selectors.overdue(now=evening).exists()
    assert selectors.overdue(now=evening + timedelta(hours=2)).get() == claim


def test_an_exchange_sends_the_same_again() -> None:
    placed = delivered()
    claim = back(ask(placed, kind=Kind.EXCHANGE, reason=Reason.DEFECTIVE))

    settling.settle_with_replacement(
        claim_id=claim.pk, found={}, courier="cj", tracking_number="1234-5678-9013", now=ARRIVED + 3 * DAY
    )

    claim.refresh_from_db()
    assert (claim.state, claim.parcel_number, claim.refund) == ("settled", "123456789013", None)
    assert shelf() == (2, 0)
    assert not Refund.objects.exists()
    fact = OutboxEvent.objects.get(type="claim.settled").payload
    assert (fact["outcome"], fact["refund_id"]) == ("replacement", None)
    assert list(balance.out_of_balance()) == []


def test_what_is_sold_out_is_refunded_instead() -> None:
    placed = delivered(units=2)
    claim = back(ask(placed, units=2, kind=Kind.EXCHANGE, reason=Reason.WRONG_ITEM))
    from_shelf(placed, 1)
    before = everything()

    with pytest.raises(refusals.OutOfStock):
        settling.settle_with_replacement(
            claim_id=claim.pk, found={}, courier="cj", tracking_number=CJ, now=ARRIVED + 3 * DAY
        )

    assert everything() == before
    assert settle(claim, restock=False).amount == 51_000


def from_shelf(placed: Order, left: int) -> None:
    variant = placed.lines.get().variant
    on_shelf(variant, left)

"""Exchanges for another option, replacements as parcels, refused goods on their way back, and the days for faults."""

import io
from datetime import timedelta
from typing import Any

import pytest
from PIL import Image

from commerce.catalog.models import Variant
from commerce.claims import forgetting, photos, refusals, selectors, services, settling
from commerce.claims.models import Claim, ClaimPhoto
from commerce.claims.settling import Inspection
from commerce.claims.states import FeePaid, Kind, Outcome, Reason
from commerce.events.models import OutboxEvent
from commerce.fulfilment import dates, silence
from commerce.fulfilment import selectors as parcels
from commerce.fulfilment import services as fulfilment
from commerce.fulfilment.models import Shipment
from commerce.orders import balance
from commerce.orders.models import Order
from commerce.payments.states import PaymentState
from commerce.tests.factories import cart, place, product, shelf
from commerce.tests.fakes import FakeGateway
from commerce.tests.refunding import settle as settle_payment
from commerce.tests.test_claims import ARRIVED, CJ, DAY, arrive, ask, back, delivered, everything, settle

pytestmark = pytest.mark.django_db
SENT = ARRIVED + 3 * DAY
OTHER = "987654321098"


def two_cups() -> Order:
    """Return two delivered cups of an order of 48,000 won; the product has pots at the same price, dear ones too."""
    product(skus=("CUP", "POT"), price=24_000, units=5)
    placed, gateway = place(cart(("CUP", 2)), total=51_000), FakeGateway()
    gateway.says(placed, PaymentState.PAID)
    settle_payment(placed, gateway)
    arrive(placed, 2, at=ARRIVED)
    Order.objects.filter(pk=placed.pk).update(parcel_fee=3_000)
    placed.refresh_from_db()
    return placed


def pot() -> int:
    return Variant.objects.get(sku="POT").pk


def swap(placed: Order, *, units: int = 1, **changes: Any) -> Claim:
    """Ask for pots instead of cups because of a change of mind."""
    line = placed.lines.get().pk
    return ask(placed, units=units, kind=Kind.EXCHANGE, **{"wanted": {line: pot()}} | changes)


def replace(claim: Claim, *, restock: bool = True, number: str = OTHER, **more: Any) -> Shipment:
    found = {line.order_line_id: Inspection(Outcome.OK, restock) for line in claim.lines.all()}
    return settling.settle_with_replacement(
        claim_id=claim.pk, found=found, courier="cj", tracking_number=number, **{"now": SENT} | more
    )


def test_another_option_is_exchanged_for_a_change_of_mind_and_costs_both_ways() -> None:
    placed = two_cups()
    claim = back(swap(placed))
    assert (claim.fee, claim.shopper_pays) == (6_000, True)

    parcel = replace(claim, fee_paid=FeePaid.TRANSFER)

    claim.refresh_from_db()
    assert (claim.state, claim.fee_paid, claim.shipment, claim.refund) == (
        "settled",
        "transfer",
        parcel,
        None,
    )
    assert (shelf("CUP"), shelf("POT")) == ((4, 0), (4, 0))
    row = parcel.lines.get()
    assert (parcel.purpose, row.quantity, row.option_text) == ("replacement", 1, "POT")
    assert list(balance.out_of_balance()) == []


def test_both_ways_must_be_paid_or_waived_before_anything_leaves() -> None:
    claim = back(swap(two_cups()))
    before = everything(), shelf("POT")

    with pytest.raises(refusals.FeeOpen) as open_:
        replace(claim)

    assert open_.value.fee == 6_000
    assert (everything(), shelf("POT")) == before
    replace(claim, fee_paid=FeePaid.WAIVED)


def test_the_same_again_is_no_exchange_for_a_change_of_mind() -> None:
    placed = two_cups()
    before = everything()

    with pytest.raises(refusals.NothingToExchange):
        swap(placed, wanted={})

    assert everything() == before


@pytest.mark.parametrize("change", [{"price": 25_000}, {"active": False}])
def test_only_options_at_the_same_price_that_are_on_sale_can_be_had(change: dict[str, Any]) -> None:
    placed = two_cups()
    Variant.objects.filter(sku="POT").update(**change)
    before = everything()

    with pytest.raises(refusals.NotAnOption):
        swap(placed)

    assert everything() == before
    assert selectors.alternatives(line=placed.lines.get()) == []


def test_what_is_faulty_is_exchanged_without_a_fee_for_another_option_too() -> None:
    claim = back(swap(two_cups(), reason=Reason.DEFECTIVE))

    replace(claim, restock=False)

    assert (claim.fee, shelf("CUP"), shelf("POT")) == (0, (3, 0), (4, 0))


def test_nobody_knows_which_option_comes_back_later_so_staff_counts_it() -> None:
    placed = two_cups()
    parcel = replace(back(swap(placed)), fee_paid=FeePaid.WAIVED)
    fulfilment.mark_delivered(shipment_id=parcel.pk, at=SENT, now=SENT)
    claim = ask(placed, units=2, now=SENT)
    services.approve(claim_id=claim.pk, reply="", now=SENT)
    services.receive(claim_id=claim.pk, now=SENT)
    found = {line.order_line_id: Inspection(Outcome.OK, True) for line in claim.lines.all()}

    refund = settling.settle_with_refund(claim_id=claim.pk, found=found, now=SENT)

    assert (shelf("CUP"), shelf("POT")) == ((4, 0), (4, 0))
    assert refund.lines.get().restocked is False
    assert claim.lines.get().restocked is False


def test_a_replacement_is_a_parcel_that_does_not_count_as_ordered() -> None:
    placed = delivered()
    claim = back(ask(placed, kind=Kind.EXCHANGE, reason=Reason.DEFECTIVE))

    parcel = replace(claim, restock=False)

    placed.refresh_from_db()
    assert (placed.status, placed.fulfilment_status) == ("fulfilled", "delivered")
    assert parcels.left_to_ship(placed) == {}
    assert [row.shipment.purpose for row in parcels.parcels(order=placed).parcels] == ["order", "replacement"]
    told = OutboxEvent.objects.filter(type="shipment.dispatched").last().payload
    assert (told["purpose"], told["units"], told["last"]) == ("replacement", 1, False)
    assert placed.timeline.get(kind="replacement_shipped").data["tracking"] == OTHER
    with pytest.raises(fulfilment.EndsAClaim):
        fulfilment.take_back(shipment_id=parcel.pk, now=SENT)
    assert fulfilment.correct_tracking(shipment_id=parcel.pk, courier="cj", tracking_number=CJ, now=SENT)


def test_an_order_waits_for_its_replacement_before_it_counts_as_confirmed() -> None:
    placed = delivered()
    parcel = replace(back(ask(placed, kind=Kind.EXCHANGE, reason=Reason.DEFECTIVE)), restock=False)
    later = SENT + 20 * DAY

    assert silence.confirm_purchases(now=later) == 0
    with pytest.raises(fulfilment.NotDelivered):
        fulfilment.confirm_purchase(order_id=placed.pk, now=later)
    fulfilment.mark_delivered(shipment_id=parcel.pk, at=SENT, now=later)

    assert silence.confirm_purchases(now=later) == 1


def test_the_days_of_a_replaced_unit_begin_anew_with_its_parcel() -> None:
    placed = delivered()
    parcel = replace(back(ask(placed, kind=Kind.EXCHANGE, reason=Reason.DEFECTIVE)), restock=False)
    line = placed.lines.get().pk
    assert selectors.returnable(order=placed, today=dates.day_of(at=SENT))[line].quantity == 1

    fulfilment.mark_delivered(shipment_id=parcel.pk, at=SENT + 10 * DAY, now=SENT + 10 * DAY)

    found = selectors.returnable(order=placed, today=dates.day_of(at=SENT + 12 * DAY))[line]
    assert (found.quantity, found.in_time, found.faulty) == (2, 1, 2)
    assert found.until == dates.withdraw_until(delivered_at=SENT + 10 * DAY)


def refused() -> Claim:
    """Return a claim about two cups that was refused after they came back."""
    claim = back(ask(delivered(), units=2))
    services.reject(claim_id=claim.pk, reply="사용한 흔적이 있습니다.", now=SENT)
    claim.refresh_from_db()
    return claim


def test_refused_goods_wait_here_until_they_are_sent_back() -> None:
    claim = refused()
    assert claim.waits_for_way_back
    assert (claim.order.open_claims, selectors.waiting().get()) == (1, claim)
    with pytest.raises(refusals.TooMany):  # she does not have them
        ask(claim.order, now=SENT)

    parcel = settling.send_back(claim_id=claim.pk, courier="cj", tracking_number=OTHER, now=SENT)

    claim.refresh_from_db()
    assert (claim.shipment, claim.waits_for_way_back, claim.state) == (parcel, False, "rejected")
    assert (claim.order.open_claims, selectors.waiting().count()) == (0, 0)
    assert [(row.quantity, row.option_text) for row in parcel.lines.all()] == [(2, "")]
    assert claim.order.timeline.get(kind="sent_back").data["tracking"] == OTHER
    assert shelf() == (3, 0)
    with pytest.raises(refusals.MovedOn):
        settling.send_back(claim_id=claim.pk, courier="cj", tracking_number=OTHER, now=SENT)
    assert Shipment.objects.filter(purpose="back").count() == 1


def test_goods_that_came_home_again_can_be_claimed_again_by_the_days_of_their_first_delivery() -> None:
    claim = refused()
    parcel = settling.send_back(claim_id=claim.pk, courier="cj", tracking_number=OTHER, now=SENT)
    with pytest.raises(refusals.TooMany):  # still on their way
        ask(claim.order, reason=Reason.DEFECTIVE, now=SENT)
    fulfilment.mark_delivered(shipment_id=parcel.pk, at=SENT + 10 * DAY, now=SENT + 10 * DAY)

    with pytest.raises(refusals.TooLate):
        ask(claim.order, now=SENT + 10 * DAY)
    assert ask(claim.order, reason=Reason.DEFECTIVE, now=SENT + 10 * DAY).state == "requested"


def test_what_was_refused_before_it_came_has_nothing_to_send_back() -> None:
    claim = ask(delivered())
    services.reject(claim_id=claim.pk, reply="기한이 지났습니다.", now=SENT)
    before = everything()

    with pytest.raises(refusals.MovedOn):
        settling.send_back(claim_id=claim.pk, courier="cj", tracking_number=OTHER, now=SENT)

    assert everything() == before


@pytest.mark.parametrize(
    ("noticed", "asked", "allowed"),
    [(5, 35, True), (5, 36, False), (0, 33, True), (0, 34, False), (40, 45, True), (40, 80, False)],
)
def test_a_fault_is_claimed_within_thirty_days_of_noticing_it(
    noticed: int, asked: int, allowed: bool
) -> None:
    """Noticed and asked so many days after Wednesday, 25 November; thirty days later is Christmas, a Friday."""
    placed = delivered()
    how = {
        "reason": Reason.DEFECTIVE,
        "noticed_on": dates.day_of(at=ARRIVED + noticed * DAY),
        "now": ARRIVED + asked * DAY,
    }

    if allowed:
        assert ask(placed, **how).noticed_on == how["noticed_on"]
    else:
        before = everything()
        with pytest.raises(refusals.NoticedTooLate):
            ask(placed, **how)
        assert everything() == before


def test_three_months_after_delivery_noticing_late_does_not_help() -> None:
    placed = delivered()
    now = ARRIVED + 93 * DAY  # Friday, 26 February; the three months ended on the 25th

    with pytest.raises(refusals.TooLate):
        ask(placed, reason=Reason.DEFECTIVE, noticed_on=dates.day_of(at=now), now=now)
    before = now - DAY
    assert ask(placed, reason=Reason.DEFECTIVE, noticed_on=dates.day_of(at=before), now=before)


def with_photo(claim: Claim) -> ClaimPhoto:
    target = io.BytesIO()
    Image.new("RGB", (20, 20)).save(target, "JPEG")
    photo = photos.clean(size=1, content=target)
    return ClaimPhoto.objects.create(claim=claim, name=photos.keep(photo=photo), width=20, height=20)


def test_photos_of_claims_that_are_over_are_forgotten_after_180_days_and_of_open_ones_never() -> None:
    placed = delivered()
    done, open_ = ask(placed), ask(placed)
    old, kept = with_photo(done), with_photo(open_)
    settle(back(done))  # three days after the arrival
    over = SENT + photos.KEPT

    assert forgetting.forget_photos(now=over) == 0
    assert forgetting.forget_photos(now=over + timedelta(seconds=1)) == 1

    assert list(ClaimPhoto.objects.all()) == [kept]
    with pytest.raises(FileNotFoundError):
        photos.read(name=old.name)
    photos.read(name=kept.name).close()
    assert Claim.objects.count() == 2


def test_photos_of_refused_goods_that_lie_here_are_kept() -> None:
    claim = refused()
    with_photo(claim)
    later = SENT + photos.KEPT + DAY

    assert forgetting.forget_photos(now=later) == 0
    settling.send_back(claim_id=claim.pk, courier="cj", tracking_number=OTHER, now=later)
    assert forgetting.forget_photos(now=later) == 1

"""Returns and exchanges among everything else that happens: no unit and no won appears or is lost with them."""

import os
import uuid
from collections import Counter
from typing import Any

import pytest
from django.db.models import Sum
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule, run_state_machine_as_test

from commerce.claims import refusals, settling
from commerce.claims import services as claims
from commerce.claims.models import Claim, ClaimLine
from commerce.claims.settling import Inspection
from commerce.claims.states import FeePaid, Kind, Outcome, Reason, State
from commerce.fulfilment import services as fulfilment
from commerce.fulfilment.models import Shipment, ShipmentLine
from commerce.orders.models import Order, OrderLine
from commerce.orders.refund_math import UnableToPropose
from commerce.payments.models import RefundLine
from commerce.payments.refunds import UnableToRefund
from commerce.payments.states import RefundState
from commerce.tests import test_money_and_stock_stateful as machine
from commerce.tests.parcels import CJ, everything
from commerce.tests.test_money_and_stock_stateful import SKUS, Shop, pick, units

EXAMPLES = int(os.environ.get("MONEY_EXAMPLES", "30"))


class ClaimingShop(Shop):
    """The shop of the other machine, with shoppers who send things back."""

    @rule(cups=units, pots=units)
    def sell_and_deliver(self, cups: int, pots: int) -> None:
        known = Order.objects.count()
        self.place(cups, pots)
        if Order.objects.count() == known:
            return
        self.pay(known)
        order = Order.objects.order_by("pk")[known]
        try:
            parcel = fulfilment.dispatch(
                order_id=order.pk,
                lines={line.pk: line.quantity for line in order.lines.all()},
                courier="cj",
                tracking_number=CJ,
                now=self.now,
            )
        except fulfilment.UnableToShip:
            return  # not all of it is here yet
        fulfilment.mark_delivered(shipment_id=parcel.pk, at=self.now, now=self.now)

    @rule(
        which=pick,
        kind=st.sampled_from(Kind),
        reason=st.sampled_from(Reason),
        cups=units,
        pots=units,
        swap=st.booleans(),
    )
    def want_to_send_back(
        self, which: int, kind: Kind, reason: Reason, cups: int, pots: int, swap: bool
    ) -> None:
        order = self._order(which, paid=True)
        if not order:
            return
        counts, other = {"CUP": cups, "POT": pots}, {"CUP": "POT", "POT": "CUP"}
        lines = list(order.lines.all())
        before = everything()
        try:
            claims.request(
                order_id=order.pk,
                kind=kind,
                quantities={line.pk: counts[line.sku] for line in lines},
                reason=reason,
                text="",
                wanted={line.pk: self.variants[other[line.sku]] for line in lines} if swap else {},
                key=uuid.uuid4(),
                now=self.now,
            )
        except refusals.UnableToClaim:
            assert everything() == before

    @rule(which=pick, act=st.sampled_from(["approve", "approve", "receive", "receive", "reject", "withdraw"]))
    def move_on(self, which: int, act: str) -> None:
        claim = self._claim(which)
        if not claim:
            return
        said: dict[str, Any] = {"reply": "x"} if act in ("approve", "reject") else {}
        before = everything()
        try:
            getattr(claims, act)(claim_id=claim.pk, now=self.now, **said)
        except refusals.MovedOn:
            assert everything() == before

    @rule(
        which=pick,
        outcome=st.sampled_from(Outcome),
        restock=st.booleans(),
        replace=st.booleans(),
        prepaid=st.booleans(),
    )
    def settle(self, which: int, outcome: Outcome, restock: bool, replace: bool, prepaid: bool) -> None:
        """Of several lines the first is as `outcome` says, the others are well."""
        claim = self._claim(which, State.RECEIVED)
        if not claim:
            return
        first = claim.lines.all()[0].order_line_id
        found = {
            line.order_line_id: Inspection(outcome if line.order_line_id == first else Outcome.OK, restock)
            for line in claim.lines.all()
        }
        before = everything(), machine.audit_of(), list(ClaimLine.objects.values())
        try:
            if replace:
                settling.settle_with_replacement(
                    claim_id=claim.pk,
                    found=found,
                    courier="cj",
                    tracking_number=CJ,
                    fee_paid=FeePaid.TRANSFER if prepaid else None,
                    now=self.now,
                )
            else:
                settling.settle_with_refund(claim_id=claim.pk, found=found, prepaid=prepaid, now=self.now)
        except (refusals.UnableToClaim, UnableToPropose, UnableToRefund):
            assert (everything(), machine.audit_of(), list(ClaimLine.objects.values())) == before

    @rule(
        kind=st.sampled_from(Kind),
        reason=st.sampled_from(Reason),
        cups=st.integers(min_value=0, max_value=2),
        swap=st.booleans(),
        outcome=st.sampled_from(Outcome),
        restock=st.booleans(),
        replace=st.booleans(),
    )
    def send_the_newest_back(
        self,
        kind: Kind,
        reason: Reason,
        cups: int,
        swap: bool,
        outcome: Outcome,
        restock: bool,
        replace: bool,
    ) -> None:
        """The whole way at once: single steps seldom meet the same claim."""
        for sku in SKUS:
            self.receive(sku, 3)
        self.sell_and_deliver(2, 1)
        known = Claim.objects.count()
        self.want_to_send_back(Order.objects.exclude(paid_at=None).count() - 1, kind, reason, cups, 1, swap)
        if Claim.objects.count() == known:
            return
        self.move_on(known, "approve")
        self.move_on(known, "receive")
        received = Claim.objects.filter(state=State.RECEIVED).count()
        self.settle(received - 1, outcome, restock, replace, True)

    @rule(which=pick)
    def send_refused_goods_back(self, which: int) -> None:
        claim = self._claim(which, State.REJECTED)
        if claim:
            try:
                settling.send_back(claim_id=claim.pk, courier="cj", tracking_number=CJ, now=self.now)
            except refusals.MovedOn:
                pass

    @invariant()
    def every_unit_is_somewhere(self) -> None:
        """Also what went out instead of something, and what came back for it."""
        gone: Counter[str] = Counter()
        for order in Order.objects.exclude(paid_at=None).prefetch_related("lines", "timeline"):
            gone.update(machine._gone(order))
        swapped = ClaimLine.objects.filter(claim__state=State.SETTLED, claim__refund=None)
        for line in swapped.select_related("order_line", "wanted"):
            if line.outcome != Outcome.MISSING:
                gone[line.wanted.sku if line.wanted else line.order_line.sku] += line.quantity
            if line.restocked:
                gone[line.order_line.sku] -= line.quantity
        shelves = {
            item.variant.sku: item.on_hand for item in machine.StockItem.objects.select_related("variant")
        }
        assert shelves == {sku: self.arrived[sku] - gone[sku] for sku in SKUS}

    @invariant()
    def no_line_is_sent_or_refunded_beyond_what_was_ordered(self) -> None:
        for line in OrderLine.objects.all():
            live = RefundLine.objects.exclude(refund__state=RefundState.ABANDONED).filter(order_line=line)
            sent = ShipmentLine.objects.filter(line=line, shipment__purpose=Shipment.Purpose.ORDER)
            assert _sum(live) <= line.quantity
            assert _sum(sent) + _sum(live.filter(cancelled=True)) <= line.quantity

    @invariant()
    def nothing_is_claimed_twice(self) -> None:
        """What is claimed and still with the shopper, or given back, is no more than what she got."""
        for line in OrderLine.objects.all():
            under_way = ClaimLine.objects.filter(
                order_line=line, claim__state__in=[State.REQUESTED, State.APPROVED, State.RECEIVED]
            )
            assert _sum(under_way) <= line.quantity

    @invariant()
    def an_order_knows_how_many_claims_are_open(self) -> None:
        for order in Order.objects.all():
            open_ones = [claim for claim in order.claims.all() if _unfinished(claim)]
            assert order.open_claims == len(open_ones)

    def _claim(self, which: int, state: State | None = None) -> Claim | None:
        rows = Claim.objects.order_by("pk")
        found = list(rows.filter(state=state) if state else rows)
        return found[which % len(found)] if found else None


def _unfinished(claim: Claim) -> bool:
    return claim.state in (State.REQUESTED, State.APPROVED, State.RECEIVED) or claim.waits_for_way_back


def _sum(rows: Any) -> int:
    return int(rows.aggregate(units=Sum("quantity"))["units"] or 0)


@pytest.mark.usefixtures("committed")
def test_whatever_is_sent_back_every_sum_agrees() -> None:
    run_state_machine_as_test(
        ClaimingShop,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=30,
            deadline=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.usefixtures("committed")
@pytest.mark.parametrize("broken", [False, True])
def test_a_replacement_that_nobody_took_from_the_shelf_is_found(
    monkeypatch: pytest.MonkeyPatch, broken: bool
) -> None:
    """The machine can fail: a parcel goes out and the numbers stay."""
    shop = ClaimingShop()
    shop.sell_and_deliver(1, 0)
    shop.want_to_send_back(0, Kind.EXCHANGE, Reason.DEFECTIVE, 1, 0, swap=False)
    shop.move_on(0, "approve")
    shop.move_on(0, "receive")
    if broken:
        monkeypatch.setattr(settling, "_sell", lambda *_row, **_more: None)
    shop.settle(0, Outcome.DAMAGED, restock=False, replace=True, prepaid=False)

    assert Claim.objects.get().state == State.SETTLED
    if broken:
        with pytest.raises(AssertionError):
            shop.every_unit_is_somewhere()
    else:
        shop.every_unit_is_somewhere()

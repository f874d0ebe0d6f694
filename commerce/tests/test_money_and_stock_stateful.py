"""Any order of what may happen to orders, money and stock: after each step every sum agrees with its rows.

Hypothesis chooses the steps. MONEY_EXAMPLES=500 looks longer than every run of the tests does.
"""

import os
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import Sum
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)

from commerce.cart import services as carts
from commerce.checkout import allocating, closing, confirming, paybacks, refunding, services
from commerce.checkout.settling import settle_payment
from commerce.fulfilment import selectors as parcels
from commerce.fulfilment import services as fulfilment
from commerce.fulfilment.models import Shipment, ShipmentLine
from commerce.inventory import audit, stock, stockroom
from commerce.inventory.models import Reservation, StockItem
from commerce.orders import balance
from commerce.orders.models import Order, OrderLine
from commerce.orders.refund_math import Fault, UnableToPropose, Wish
from commerce.orders.states import Status
from commerce.payments.gateway import BankAccount, GatewayRefund, GatewayTrouble
from commerce.payments.models import Refund, RefundLine
from commerce.payments.refunds import UnableToRefund
from commerce.payments.states import MONEY_IS_IN, PaymentState, RefundKind, RefundState, Requester
from commerce.tests.conftest import _empty as empty
from commerce.tests.factories import NOW, cart, place, product, to_come
from commerce.tests.fakes import FakeGateway
from commerce.tests.parcels import CJ, everything

EXAMPLES = int(os.environ.get("MONEY_EXAMPLES", "40"))
SKUS = ("CUP", "POT")
PRICE, UNITS = 24_000, 5
HANA = BankAccount(bank="KAKAO", number="3333012345678", holder="김하나")
pick = st.integers(min_value=0, max_value=9)
skus = st.sampled_from(SKUS)
units = st.integers(min_value=0, max_value=3)


class MoodyGateway(FakeGateway):
    """A provider that may refuse the next refund, or make it and lose its answer."""

    mood = ""

    def refund(self, **asked: Any) -> GatewayRefund:
        """Give money back, as the mood is."""
        mood, self.mood = self.mood, ""
        if mood == "refuses":
            return GatewayRefund(state=RefundState.FAILED, cancellation_id="", failure="no", amount=1)
        answer = super().refund(**asked)
        if mood == "is lost":
            raise GatewayTrouble("lost")
        return answer


class Shop(RuleBasedStateMachine):
    """A shop with two things to buy. `arrived` counts the units that ever came onto its shelf."""

    def __init__(self) -> None:
        super().__init__()
        empty()
        self.gateway = MoodyGateway()
        self.now = NOW
        self.asked = 0
        self.arrived = Counter(dict.fromkeys(SKUS, UNITS))
        self.variants = {one.sku: one.pk for one in product(skus=SKUS, price=PRICE, units=UNITS)}

    # --- orders and money ---------------------------------------------------------------------------------

    @rule(cups=units, pots=units)
    def place(self, cups: int, pots: int) -> None:
        lines = [(sku, count) for sku, count in zip(SKUS, (cups, pots), strict=True) if count]
        if not lines:
            return
        goods = PRICE * (cups + pots)
        try:
            filled = cart(*lines)
        except carts.UnableToChangeCart:
            return
        before = everything()
        try:
            place(filled, total=goods + (0 if goods >= 50_000 else 3_000), now=self.now)
        except services.UnableToPlaceOrder:
            assert everything() == before

    @rule(which=pick)
    def pay(self, which: int) -> None:
        """Also an order that is closed: the money comes late."""
        order = self._order(which)
        if order and self._provider_says(order) not in MONEY_IS_IN:
            known = self.gateway.payments.get(order.payment.payment_id)
            account = known.account if known else {}
            self.gateway.says(order, PaymentState.PAID, at=self._tick(), account=account)
            self._settle(order)

    @rule(which=pick, state=st.sampled_from([PaymentState.FAILED, PaymentState.AWAITING_DEPOSIT]))
    def not_paid_yet(self, which: int, state: PaymentState) -> None:
        order = self._order(which)
        if order and self._provider_says(order) not in MONEY_IS_IN:
            until = (self.now + timedelta(hours=24)).isoformat()
            account = {"bank": "SHINHAN", "number": "5621", "holder": "마루", "until": until}
            waiting = state == PaymentState.AWAITING_DEPOSIT
            self.gateway.says(order, state, at=self._tick(), account=account if waiting else {})
            self._settle(order)

    @rule(which=pick)
    def hear_again(self, which: int) -> None:
        if order := self._order(which):
            self._settle(order)

    @rule(which=pick)
    def hold(self, which: int) -> None:
        if order := self._order(which):
            confirming.confirm_payment(
                order_id=order.pk, payment_token="t", transaction_id="", gateway=self.gateway, now=self.now
            )

    @rule(minutes=st.sampled_from([1, 31, 1500]))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
        closing.expire_unpaid_orders(gateway=self.gateway, now=self.now)

    @rule(which=pick)
    def cancel_unpaid(self, which: int) -> None:
        if order := self._order(which):
            try:
                closing.cancel_unpaid(order_id=order.pk, reason="x", gateway=self.gateway, now=self.now)
            except closing.NotUnpaid:
                pass

    # --- refunds ------------------------------------------------------------------------------------------

    @rule(
        which=pick,
        cups=units,
        pots=units,
        fault=st.sampled_from(Fault),
        goodwill=st.sampled_from([0, 0, 1, 5_000]),
        shipping=st.sampled_from([None, None, 0, 3_000]),
        fee=st.sampled_from([None, None, 0, 3_000]),
        restock=st.booleans(),
        returned=st.booleans(),
    )
    def refund(self, which: int, cups: int, pots: int, restock: bool, returned: bool, **parts: Any) -> None:
        order = self._order(which, paid=True)
        if not order:
            return
        self.asked += 1
        wanted = {"CUP": cups, "POT": pots}
        lines = {line.pk: wanted[line.sku] for line in order.lines.all() if wanted[line.sku]}
        before = everything(), audit_of()
        try:
            refunding.refund_order(
                order_id=order.pk,
                wish=Wish(quantities=lines, **parts),
                cause=f"claim:{self.asked}",
                reason="x",
                requester=Requester.STAFF,
                restock=restock,
                returned=returned,
                now=self.now,
            )
        except (UnableToPropose, UnableToRefund):
            assert (everything(), audit_of()) == before

    @rule(which=pick, mood=st.sampled_from(["", "", "refuses", "is lost"]))
    def pay_back(self, which: int, mood: str) -> None:
        rows = list(Refund.objects.order_by("pk"))
        if rows:
            self.now += paybacks.PATIENCE
            self.gateway.mood = mood
            paybacks.execute_refund(refund_id=rows[which % len(rows)].pk, gateway=self.gateway, now=self.now)
            self.gateway.mood = ""

    @rule(which=pick)
    def name_account(self, which: int) -> None:
        if order := self._order(which):
            refunding.name_account(order_id=order.pk, account=HANA, now=self.now)

    @rule(which=pick)
    def abandon(self, which: int) -> None:
        rows = list(Refund.objects.order_by("pk"))
        if rows:
            refund = rows[which % len(rows)]
            try:
                refunding.abandon(refund_id=refund.pk, note="", now=self.now)
            except refunding.NotOurs:
                assert refund.payment.order.paid_at is None

    @rule(which=pick, won=st.sampled_from([1_000, 24_000, 0]))
    def cancel_at_the_console(self, which: int, won: int) -> None:
        """Nothing, that is all that is left, or a part of it; we hear of it at once."""
        order = self._order(which, paid=True)
        known = order and self.gateway.payments.get(order.payment.payment_id)
        if order and known and known.total > known.cancelled:
            left = known.total - known.cancelled
            self.gateway.console(order, min(won or left, left))
            self._settle(order)

    @rule(
        which=pick,
        cups=units,
        pots=units,
        shipping=st.sampled_from([0, 0, 3_000]),
        fee=st.sampled_from([0, 0, 3_000]),
        restock=st.booleans(),
        returned=st.booleans(),
    )
    def say_what_it_was_for(
        self, which: int, cups: int, pots: int, restock: bool, returned: bool, **parts: int
    ) -> None:
        """Staff explains a cancel at the console."""
        rows = list(Refund.objects.filter(kind=RefundKind.EXTERNAL).order_by("pk"))
        if not rows:
            return
        refund = rows[which % len(rows)]
        wanted = {"CUP": cups, "POT": pots}
        lines = {line.pk: wanted[line.sku] for line in refund.payment.order.lines.all() if wanted[line.sku]}
        before = everything(), audit_of()
        try:
            allocating.allocate(
                refund_id=refund.pk,
                wish=Wish(quantities=lines, **parts),
                restock=restock,
                returned=returned,
                note="",
                now=self.now,
            )
        except (UnableToPropose, allocating.UnableToAllocate):
            assert (everything(), audit_of()) == before

    @rule(which=pick)
    def take_the_explanation_back(self, which: int) -> None:
        rows = list(Refund.objects.filter(kind=RefundKind.EXTERNAL).order_by("pk"))
        if rows:
            try:
                allocating.take_back(refund_id=rows[which % len(rows)].pk, note="", now=self.now)
            except allocating.UnableToAllocate:
                pass

    # --- parcels and stock --------------------------------------------------------------------------------

    @rule(which=pick, cups=units, pots=units)
    def dispatch(self, which: int, cups: int, pots: int) -> None:
        order = self._order(which, paid=True)
        if not order:
            return
        wanted = {"CUP": cups, "POT": pots}
        before = everything()
        try:
            fulfilment.dispatch(
                order_id=order.pk,
                lines={line.pk: wanted[line.sku] for line in order.lines.all()},
                courier="cj",
                tracking_number=CJ,
                now=self.now,
            )
        except fulfilment.UnableToShip:
            assert everything() == before

    @rule(which=pick, back=st.booleans())
    def deliver_or_take_back(self, which: int, back: bool) -> None:
        rows = list(Shipment.objects.filter(delivered_at=None).order_by("pk"))
        if rows:
            parcel = rows[which % len(rows)]
            if back:
                fulfilment.take_back(shipment_id=parcel.pk, now=self.now)
            else:
                fulfilment.mark_delivered(shipment_id=parcel.pk, at=self.now, now=self.now)

    @rule(sku=skus, count=st.integers(min_value=1, max_value=3))
    def receive(self, sku: str, count: int) -> None:
        stockroom.receive(variant_id=self.variants[sku], quantity=count, reason="", now=self.now)
        self.arrived[sku] += count

    @rule(sku=skus, count=st.integers(min_value=0, max_value=8))
    def adjust(self, sku: str, count: int) -> None:
        before = StockItem.objects.get(variant=self.variants[sku]).on_hand
        try:
            stockroom.adjust(variant_id=self.variants[sku], on_hand=count, reason="count", now=self.now)
        except stockroom.BelowPromised:
            count = before
        self.arrived[sku] += count - before

    @rule(sku=skus, limit=st.integers(min_value=0, max_value=6))
    def sell_before_it_is_here(self, sku: str, limit: int) -> None:
        try:
            to_come(limit, sku=sku)
        except stockroom.BelowOwed as low:
            assert limit < low.owed

    # --- promises -----------------------------------------------------------------------------------------

    @invariant()
    def every_order_balances(self) -> None:
        assert [(order.number, why) for order, why in balance.out_of_balance()] == []

    @invariant()
    def stock_is_what_movements_and_promises_say(self) -> None:
        assert audit.doubts() == []

    @invariant()
    def every_unit_is_somewhere(self) -> None:
        """What ever came lies on the shelf, or went away with an order that bought it."""
        gone: Counter[str] = Counter()
        for order in Order.objects.exclude(paid_at=None).prefetch_related("lines", "timeline"):
            gone.update(_gone(order))
        shelves = {item.variant.sku: item.on_hand for item in StockItem.objects.select_related("variant")}
        assert shelves == {sku: self.arrived[sku] - gone[sku] for sku in SKUS}

    @invariant()
    def only_orders_that_still_get_units_wait_for_some(self) -> None:
        for order in Order.objects.prefetch_related("lines"):
            left = {} if order.status == Status.CANCELLED else parcels.left_to_ship(order)
            for line in order.lines.all():
                owed = Reservation.objects.exclude(state="released").filter(
                    reference=order.number, item__variant=line.variant_id
                )
                assert sum(row.owed for row in owed) <= left.get(line.pk, 0)

    @invariant()
    def no_line_is_sent_or_refunded_beyond_what_was_ordered(self) -> None:
        for line in OrderLine.objects.all():
            live = RefundLine.objects.exclude(refund__state=RefundState.ABANDONED).filter(order_line=line)
            sent = _sum(ShipmentLine.objects.filter(line=line))
            assert _sum(live) <= line.quantity
            assert sent + _sum(live.filter(cancelled=True)) <= line.quantity

    @invariant()
    def the_provider_holds_what_we_believe(self) -> None:
        for order in Order.objects.select_related("payment"):
            payment, known = order.payment, self.gateway.payments.get(order.payment.payment_id)
            theirs = known.total - known.cancelled if known and known.state in MONEY_IS_IN else 0
            back = payment.refunds.filter(state=RefundState.SUCCEEDED)
            lost = payment.refunds.filter(state=RefundState.PENDING)  # its answer did not arrive yet
            ours = payment.received - _won(back)
            assert ours - _won(lost) <= theirs <= ours

    def teardown(self) -> None:
        """Every answer that was lost is found: then both books say the same to the won."""
        self.now += paybacks.PATIENCE
        paybacks.reconcile_refunds(gateway=self.gateway, now=self.now)
        assert not Refund.objects.filter(state=RefundState.PENDING).exists()
        self.the_provider_holds_what_we_believe()
        self.every_order_balances()

    def _tick(self) -> Any:
        self.now += timedelta(seconds=1)
        return self.now

    def _settle(self, order: Order) -> None:
        settle_payment(payment_id=order.payment.payment_id, gateway=self.gateway, now=self.now)

    def _provider_says(self, order: Order) -> PaymentState | None:
        known = self.gateway.payments.get(order.payment.payment_id)
        return known.state if known else None

    def _order(self, which: int, *, paid: bool = False) -> Order | None:
        rows = Order.objects.select_related("payment").order_by("pk")
        found = list(rows.exclude(paid_at=None) if paid else rows)
        return found[which % len(found)] if found else None


def audit_of() -> list[Any]:
    """Return all about stock: what a refusal must leave alone."""
    return [*StockItem.objects.order_by("pk").values(), *Reservation.objects.order_by("pk").values()]


def _gone(order: Order) -> Counter[str]:
    """Return units by SKU that went away with a paid order: not those that came back, or are still to come."""
    gone: Counter[str] = Counter()
    by_provider = any(one.data.get("reason") == "refunded" for one in order.timeline.all())
    for line in order.lines.all():
        rows = RefundLine.objects.filter(order_line=line)
        owed = Reservation.objects.filter(
            reference=order.number, item__variant=line.variant_id, state="sold"
        ).aggregate(units=Sum("owed"))["units"]
        if order.status == Status.CANCELLED and by_provider:
            lost = rows.filter(restocked=False, refund__kind=RefundKind.OURS)
            gone[line.sku] += _sum(lost)
        else:
            gone[line.sku] += line.quantity - _sum(rows.filter(restocked=True)) - (owed or 0)
    return gone


def _sum(rows: Any) -> int:
    return int(rows.aggregate(units=Sum("quantity"))["units"] or 0)


def _won(rows: Any) -> int:
    return int(rows.aggregate(won=Sum("amount"))["won"] or 0)


@pytest.mark.usefixtures("committed")
def test_whatever_happens_to_orders_money_and_stock_every_sum_agrees() -> None:
    run_state_machine_as_test(
        Shop,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=25,
            deadline=None,
            derandomize=True,
            phases=[Phase.generate],  # at most 25 steps are read faster than they are made fewer
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.usefixtures("committed")
@pytest.mark.parametrize("broken", [False, True])
def test_a_unit_that_comes_from_nowhere_is_found(monkeypatch: pytest.MonkeyPatch, broken: bool) -> None:
    """The machine can fail: a cup that is put back brings another one with it."""
    if broken:
        honest = stock.bring_back

        def generous(*, reference: str, quantities: Any, now: Any) -> None:
            honest(reference=reference, quantities=quantities, now=now)
            for variant_id in quantities:
                stockroom.receive(variant_id=variant_id, quantity=1, reason="", now=now)

        monkeypatch.setattr(stock, "bring_back", generous)
    shop = Shop()
    shop.place(2, 0)
    shop.pay(0)
    shop.refund(0, 1, 0, restock=True, returned=False, fault=Fault.SHOP)

    if broken:
        with pytest.raises(AssertionError):
            shop.every_unit_is_somewhere()
    else:
        shop.every_unit_is_somewhere()
        shop.every_order_balances()

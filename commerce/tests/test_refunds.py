"""Refunds of paid orders: what goes back, what follows for order and stock, and that PortOne pays each once."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from commerce.checkout import paybacks, refunding
from commerce.checkout.closing import expire_unpaid_orders
from commerce.checkout.paybacks import PATIENCE, execute_refund, reconcile_refunds
from commerce.checkout.refunding import NotPaid, SumChanged, abandon, name_account, refund_order
from commerce.checkout.settling import Outcome, settle_payment
from commerce.events.models import OutboxEvent
from commerce.fulfilment import selectors as parcels
from commerce.fulfilment.services import TooMany
from commerce.inventory import stockroom
from commerce.orders import balance
from commerce.orders.models import Order
from commerce.orders.refund_math import Fault, MoreThanLeft, MoreThanOrdered, NothingLeft, Wish
from commerce.orders.states import FulfilmentStatus, PaymentStatus, Status
from commerce.payments import refund_matching, refunds
from commerce.payments.gateway import (
    BankAccount,
    GatewayRefund,
    GatewayTrouble,
    GatewayUnreachable,
    LeftChanged,
)
from commerce.payments.models import Payment, Refund, RefundLine
from commerce.payments.refunds import Parts
from commerce.payments.states import PaymentState, RefundState, Requester
from commerce.tests.factories import LATER, NOW, cart, order, owed, place, product, shelf, to_come
from commerce.tests.fakes import FakeGateway
from commerce.tests.parcels import send
from commerce.tests.test_reconciling import SlowGateway

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)
DEPOSIT = {"bank": "SHINHAN", "number": "56211905874893", "holder": "마루"}
HANA = BankAccount(bank="KAKAO", number="3333012345678", holder="김하나")


def paid(gateway: FakeGateway, *, sent: bool = False, deposit: bool = False, **how: Any) -> Order:
    """Return a paid order of two cups for 48,000 won and delivery for 3,000 won; five cups were there."""
    placed = order(quantity=2, price=24_000, units=5, **how)
    gateway.says(placed, PaymentState.PAID, account=DEPOSIT if deposit else {})
    assert settle(placed, gateway) == Outcome.PAID
    if sent:
        send(placed)
        placed.refresh_from_db()
    return placed


def settle(placed: Order, gateway: FakeGateway) -> Outcome:
    """Settle and read the order again."""
    outcome = settle_payment(payment_id=placed.payment.payment_id, gateway=gateway, now=LATER)
    placed.refresh_from_db()
    placed.payment.refresh_from_db()
    return outcome


def give_back(placed: Order, *, units: int = 0, cause: str = "test", **how: Any) -> Refund:
    """Ask for a refund of so many cups."""
    wish = {"quantities": {placed.lines.get().pk: units}} if units else {}
    wish |= {key: how.pop(key) for key in ("fault", "goodwill", "shipping", "fee") if key in how}
    arguments: dict[str, Any] = {
        "order_id": placed.pk,
        "wish": Wish(**wish),
        "cause": cause,
        "reason": "change of mind",
        "requester": Requester.STAFF,
        "restock": True,
        "now": NOW,
    }
    return refund_order(**arguments | how)


def pay(refund: Refund, gateway: FakeGateway, *, now: Any = NOW) -> RefundState:
    """Pay a refund and read it again."""
    state = execute_refund(refund_id=refund.pk, gateway=gateway, now=now)
    refund.refresh_from_db()
    return state


def balanced(placed: Order) -> list[str]:
    """Return what is wrong with the order's sums."""
    return list(balance.wrong(order=Order.objects.select_related("payment").get(pk=placed.pk)))


def facts() -> list[str]:
    """Return the names of the facts about refunds and orders, in order."""
    along = ["customer.consented", "payment.changed", "order.flagged", "order.cleared"]
    rows = OutboxEvent.objects.filter(aggregate_type="order").exclude(type__in=along)
    return list(rows.order_by("pk").values_list("type", flat=True))


def everything() -> tuple[Any, ...]:
    """Return all that a refusal must leave alone."""
    return (
        list(Order.objects.values()),
        list(Payment.objects.values()),
        list(Refund.objects.values()),
        list(RefundLine.objects.values()),
        OutboxEvent.objects.count(),
        shelf(),
    )


# --- asking -----------------------------------------------------------------------------------------------


def test_one_of_two_cups_goes_back() -> None:
    gateway = FakeGateway()
    placed = paid(gateway)

    refund = give_back(placed, units=1)

    line = refund.lines.get()
    assert (refund.amount, refund.goods_amount, refund.shipping_amount, refund.fee) == (24_000, 24_000, 0, 0)
    assert (line.quantity, line.amount, line.cancelled, line.restocked) == (1, 24_000, True, True)
    assert (refund.vat, refund.state, refund.requester) == (2_182, "requested", "staff")
    placed.refresh_from_db()
    assert (placed.status, placed.payment_status) == (Status.PAID, PaymentStatus.PARTLY_REFUNDED)
    assert shelf() == (4, 0)
    assert facts() == ["order.placed", "order.paid", "refund.requested"]
    assert balanced(placed) == []

    assert pay(refund, gateway) == RefundState.SUCCEEDED

    placed.refresh_from_db()
    placed.payment.refresh_from_db()
    assert gateway.refunded == [(placed.payment.payment_id, 24_000)]
    assert gateway.vats == [2_182]
    assert placed.payment_status == PaymentStatus.PARTLY_REFUNDED
    assert (placed.payment.state, placed.payment.cancelled_amount) == ("partly_cancelled", 24_000)
    assert facts()[-1] == "refund.completed"
    assert balanced(placed) == []


def test_cup_after_cup_and_the_delivery_make_exactly_what_was_paid() -> None:
    gateway = FakeGateway()
    placed = paid(gateway)

    first, second = give_back(placed, units=1, cause="one"), give_back(placed, units=1, cause="two")
    pay(first, gateway)
    pay(second, gateway)

    placed.refresh_from_db()
    assert [first.amount, second.amount] == [24_000, 27_000]
    assert first.vat + second.vat == placed.vat == 4_636
    assert (placed.status, placed.payment_status) == (Status.CANCELLED, PaymentStatus.REFUNDED)
    assert shelf() == (5, 0)
    assert facts().count("order.cancelled") == 1
    assert balanced(placed) == []


def test_a_whole_order_that_was_not_sent_is_cancelled_and_its_goods_come_back() -> None:
    gateway = FakeGateway()
    placed = paid(gateway)

    refund = give_back(placed, units=2)

    placed.refresh_from_db()
    assert (refund.amount, refund.shipping_amount) == (51_000, 3_000)
    assert (placed.status, placed.payment_status) == (Status.CANCELLED, PaymentStatus.REFUNDING)
    assert shelf() == (5, 0)
    assert settle(placed, gateway) == Outcome.REFUNDING  # a visit of the page asks for nothing twice
    assert Refund.objects.count() == 1


def test_a_whole_order_that_was_sent_stays_and_its_goods_stay_away_if_they_must() -> None:
    gateway = FakeGateway()
    placed = paid(gateway, sent=True)

    refund = give_back(placed, units=2, fault=Fault.SHOP, restock=False)
    pay(refund, gateway)

    placed.refresh_from_db()
    line = refund.lines.get()
    assert (refund.amount, line.cancelled, line.restocked) == (51_000, False, False)
    assert (placed.status, placed.payment_status) == (Status.PAID, PaymentStatus.REFUNDED)
    assert shelf() == (3, 0)
    assert balanced(placed) == []


def test_a_change_of_mind_pays_the_way_back_and_the_way_there_is_kept() -> None:
    gateway = FakeGateway()
    placed = paid(gateway, sent=True)

    refund = give_back(placed, units=2)
    pay(refund, gateway)

    placed.refresh_from_db()
    assert (refund.amount, refund.goods_amount, refund.fee) == (45_000, 48_000, 3_000)
    assert (placed.status, placed.payment_status) == (Status.PAID, PaymentStatus.PARTLY_REFUNDED)
    assert balanced(placed) == []


def test_the_terms_are_those_of_the_order_not_of_today() -> None:
    gateway = FakeGateway()
    product(price=30_000, units=5)
    placed = place(cart(("CUP", 2)), total=60_000)
    gateway.says(placed, PaymentState.PAID)
    settle(placed, gateway)

    assert (placed.shipping_total, placed.parcel_fee, placed.free_from) == (0, 3_000, 50_000)
    assert give_back(placed, units=1).amount == 27_000


def test_a_price_cut_has_no_line() -> None:
    gateway = FakeGateway()
    placed = paid(gateway, sent=True)

    refund = give_back(placed, goodwill=5_000)
    pay(refund, gateway)

    placed.refresh_from_db()
    assert (refund.goodwill_amount, refund.lines.count()) == (5_000, 0)
    assert (placed.status, placed.payment_status) == (Status.PAID, PaymentStatus.PARTLY_REFUNDED)
    assert shelf() == (3, 0)
    assert give_back(placed, units=2, fault=Fault.SHOP, cause="rest").amount == 46_000


def test_the_same_cause_is_the_same_refund() -> None:
    placed = paid(FakeGateway())
    first = give_back(placed, units=1, cause="claim:7")
    before = everything()

    again = give_back(placed, units=1, cause="claim:7")

    assert again.pk == first.pk
    assert everything() == before


@pytest.mark.parametrize(
    ("how", "refusal"),
    [
        ({"units": 3}, MoreThanOrdered),
        ({"goodwill": 51_001}, MoreThanLeft),
        ({"units": 1, "fee": 1}, MoreThanLeft),
        ({"units": 1, "expected": 23_999}, SumChanged),
        ({}, NothingLeft),
    ],
)
def test_a_refused_refund_changes_nothing(how: dict[str, Any], refusal: type[Exception]) -> None:
    placed = paid(FakeGateway())
    before = everything()

    with pytest.raises(refusal):
        give_back(placed, **how)

    assert everything() == before


def test_an_order_that_nobody_paid_has_nothing_to_refund() -> None:
    placed = order()
    before = everything()

    with pytest.raises(NotPaid):
        give_back(placed, units=1)

    assert everything() == before


def test_below_the_rules_the_payment_itself_gives_no_more_than_came() -> None:
    placed = paid(FakeGateway())
    payment = Payment.objects.get(order=placed)
    refunds.request(payment=payment, cause="a", parts=Parts(goodwill=30_000), reason="test", now=NOW)

    with pytest.raises(refunds.MoreThanReceived, match="21000 won are left"):
        refunds.request(payment=payment, cause="b", parts=Parts(goodwill=21_001), reason="test", now=NOW)
    with pytest.raises(ValueError, match="gives something back"):
        refunds.request(payment=payment, cause="c", parts=Parts(), reason="test", now=NOW)

    assert Refund.objects.count() == 1


# --- paying once ------------------------------------------------------------------------------------------


class LosingGateway(FakeGateway):
    """A provider that does what it is asked, but whose first answers are lost."""

    lost = 1

    def refund(self, **wish: Any) -> GatewayRefund:
        """Do it; sometimes nobody hears of it."""
        answer = super().refund(**wish)
        if self.lost > 0:
            self.lost -= 1
            raise GatewayTrouble("ReadTimeout")
        return answer


def test_a_lost_answer_leaves_the_refund_pending_and_is_read_later() -> None:
    gateway = LosingGateway()
    placed = paid(gateway)
    refund = give_back(placed, units=1)

    assert pay(refund, gateway) == RefundState.PENDING
    placed.refresh_from_db()
    assert (placed.payment_status, facts().count("refund.completed")) == (PaymentStatus.PARTLY_REFUNDED, 0)

    assert reconcile_refunds(gateway=gateway, now=NOW) == 1

    refund.refresh_from_db()
    assert (refund.state, refund.cancellation_id) == ("succeeded", "cancel-1")
    assert gateway.refunded == [(placed.payment.payment_id, 24_000)]
    assert facts().count("refund.completed") == 1
    assert balanced(placed) == []


def test_two_equal_refunds_of_which_one_answer_was_lost_are_each_paid_once() -> None:
    gateway = LosingGateway()
    placed = paid(gateway)
    first = give_back(placed, goodwill=5_000, cause="one")
    second = give_back(placed, goodwill=5_000, cause="two")

    assert pay(first, gateway) == RefundState.PENDING
    assert pay(second, gateway) == RefundState.SUCCEEDED
    for _ in range(3):
        pay(first, gateway)
        pay(second, gateway)
        reconcile_refunds(gateway=gateway, now=NOW + 2 * PATIENCE)

    first.refresh_from_db()
    assert (first.state, first.cancellation_id) == ("succeeded", "cancel-1")
    assert (second.state, second.cancellation_id) == ("succeeded", "cancel-2")
    assert len(gateway.refunded) == 2
    assert Payment.objects.get().cancelled_amount == 10_000
    assert balanced(placed) == []


def test_twin_without_the_mark_an_equal_refund_is_taken_for_the_lost_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """By its amount alone the second refund is found in the first one's cancellation, and never paid."""
    gateway = LosingGateway()
    placed = paid(gateway)
    first = give_back(placed, goodwill=5_000, cause="one")
    second = give_back(placed, goodwill=5_000, cause="two")

    def by_amount(*, rows: list[Refund], one: GatewayRefund) -> Refund | None:
        return next((row for row in reversed(rows) if row.amount == one.amount), None)

    monkeypatch.setattr(refund_matching, "ours", by_amount)
    pay(first, gateway)
    pay(second, gateway)

    assert second.state == "succeeded"
    assert len(gateway.refunded) == 1


class ForgetfulGateway(LosingGateway):
    """A provider that never got what we sent, though we cannot know."""

    def refund(self, **wish: Any) -> GatewayRefund:
        """Time out before anything is done, once."""
        if self.lost > 0:
            self.lost -= 1
            raise GatewayTrouble("ReadTimeout")
        return super().refund(**wish)


def test_what_was_never_done_is_asked_for_again_but_not_at_once() -> None:
    gateway = ForgetfulGateway()
    placed = paid(gateway)
    refund = give_back(placed, units=1)

    assert pay(refund, gateway) == RefundState.PENDING
    assert pay(refund, gateway, now=NOW + PATIENCE - SECOND) == RefundState.PENDING
    assert gateway.refunded == []
    assert pay(refund, gateway, now=NOW + PATIENCE) == RefundState.SUCCEEDED

    assert (len(gateway.refunded), refund.attempts) == (1, 2)


def test_a_provider_that_was_not_reached_is_asked_again_at_once() -> None:
    gateway = FakeGateway()
    placed = paid(gateway)
    refund = give_back(placed, units=1)

    class Away(FakeGateway):
        def refund(self, **wish: Any) -> GatewayRefund:
            raise GatewayUnreachable("ConnectError")

    away = Away()
    away.payments = gateway.payments
    with pytest.raises(GatewayUnreachable):
        pay(refund, away)
    refund.refresh_from_db()
    assert (refund.state, refund.asked_at) == ("requested", None)

    assert pay(refund, gateway) == RefundState.SUCCEEDED


class ChangingGateway(FakeGateway):
    """A provider at whose console somebody cancels a part just before our own refund comes."""

    quicker = 0

    def refund(self, **wish: Any) -> GatewayRefund:
        """Let the console be quicker, once."""
        if self.quicker:
            self._cancel(wish["payment_id"], self.quicker, "콘솔에서 취소")
            self.quicker = 0
        return super().refund(**wish)


def test_when_what_is_left_has_changed_it_is_read_again() -> None:
    gateway = ChangingGateway()
    placed = paid(gateway)
    refund = give_back(placed, units=1)
    gateway.quicker = 1_000

    assert pay(refund, gateway) == RefundState.SUCCEEDED

    placed.refresh_from_db()
    assert gateway.refunded == [(placed.payment.payment_id, 24_000)]
    assert list(Refund.objects.order_by("pk").values_list("kind", "amount", "state")) == [
        ("ours", 24_000, "succeeded"),
        ("external", 1_000, "succeeded"),
    ]
    assert placed.flag == "partly refunded at the provider"
    assert balanced(placed) == []


def test_a_provider_that_always_says_something_else_is_not_asked_for_ever() -> None:
    gateway = FakeGateway()
    placed = paid(gateway)
    refund = give_back(placed, units=1)
    asked: list[int] = []

    class Never(FakeGateway):
        def refund(self, **wish: Any) -> GatewayRefund:
            asked.append(wish["cancellable"])
            raise LeftChanged("CANCELLABLE_AMOUNT_CONSISTENCY_BROKEN")

    never = Never()
    never.payments = gateway.payments
    with pytest.raises(GatewayTrouble, match="keeps changing"):
        pay(refund, never)

    refund.refresh_from_db()
    assert asked == [51_000] * 3
    assert refund.state == "requested"


def test_a_refused_refund_is_flagged_and_tried_again_by_staff_only() -> None:
    gateway = SlowGateway()
    placed = paid(gateway)
    refund = give_back(placed, units=1)
    pay(refund, gateway)
    gateway.ends(placed, RefundState.FAILED, "card closed")

    assert reconcile_refunds(gateway=gateway, now=NOW) == 1
    assert reconcile_refunds(gateway=gateway, now=NOW) == 0

    placed.refresh_from_db()
    assert placed.flag == "refund failed: card closed"
    assert (
        pay(refund, gateway) == RefundState.PENDING
    )  # the old refusal in the list is not taken for the new one
    assert (refund.attempts, refund.cancellation_id) == (2, "cancel-2")


def test_a_refund_that_waits_at_the_provider_does_not_keep_the_next_one_waiting() -> None:
    gateway = SlowGateway()
    placed = paid(gateway)
    first, second = (give_back(placed, goodwill=5_000, cause=cause) for cause in ("one", "two"))

    assert [pay(one, gateway) for one in (first, second)] == [RefundState.PENDING] * 2

    assert [first.cancellation_id, second.cancellation_id] == ["cancel-1", "cancel-2"]


def test_a_given_up_refund_counts_for_nothing() -> None:
    gateway = SlowGateway()
    placed = paid(gateway, sent=True)
    refund = give_back(placed, units=1, fault=Fault.SHOP)
    pay(refund, gateway)
    assert not abandon(refund_id=refund.pk, note="", now=NOW)  # it is under way
    gateway.ends(placed, RefundState.FAILED, "card closed")
    reconcile_refunds(gateway=gateway, now=NOW)

    assert abandon(refund_id=refund.pk, note="paid in cash", now=NOW)

    placed.refresh_from_db()
    assert placed.payment_status == PaymentStatus.PAID
    assert balanced(placed) == []
    assert give_back(placed, units=1, fault=Fault.SHOP, cause="again").goods_amount == 24_000


# --- at the provider's console ----------------------------------------------------------------------------


def test_two_parts_refunded_at_the_console_are_two_refunds() -> None:
    gateway = FakeGateway()
    placed = paid(gateway)
    gateway.console(placed, 5_000)
    gateway.console(placed, 5_000)

    for _ in range(2):
        assert settle(placed, gateway) == Outcome.PAID

    assert list(Refund.objects.order_by("pk").values_list("kind", "goodwill_amount", "cause")) == [
        ("external", 5_000, "console:cancel-1"),
        ("external", 5_000, "console:cancel-2"),
    ]
    assert placed.payment.cancelled_amount == 10_000
    assert facts().count("refund.completed") == 2
    assert balanced(placed) == []


def test_a_payment_of_which_a_part_went_back_before_we_saw_it_is_still_a_payment() -> None:
    placed, gateway = order(), FakeGateway()
    gateway.says(placed, PaymentState.PARTLY_CANCELLED, cancelled=1_000, paid_at=NOW)

    assert settle(placed, gateway) == Outcome.PAID

    assert (placed.status, placed.payment_status) == (Status.PAID, PaymentStatus.PARTLY_REFUNDED)
    assert shelf() == (3, 0)
    assert balanced(placed) == []


def test_all_of_it_refunded_at_the_console_after_dispatch_leaves_the_goods_where_they_are() -> None:
    gateway = FakeGateway()
    placed = paid(gateway, sent=True)
    gateway.console(placed, 51_000)

    assert settle(placed, gateway) == Outcome.CANCELLED

    assert (placed.status, placed.payment_status) == (Status.PAID, PaymentStatus.REFUNDED)
    assert shelf() == (3, 0)
    assert balanced(placed) == []


def test_a_cancel_at_the_console_that_takes_its_time_holds_its_sum_and_is_seen_to_end() -> None:
    gateway = SlowGateway()
    placed = paid(gateway)
    gateway.console(placed, 40_000)
    settle(placed, gateway)
    assert Refund.objects.get().state == "pending"
    assert refunds.left(payment=placed.payment) == 11_000
    found = gateway.payments[placed.payment.payment_id]
    done = replace(found.refunds[0], state=RefundState.SUCCEEDED)
    gateway.payments[placed.payment.payment_id] = replace(
        found, state=PaymentState.PARTLY_CANCELLED, cancelled=40_000, refunds=(done,)
    )

    assert reconcile_refunds(gateway=gateway, now=LATER) == 1

    placed.refresh_from_db()
    assert (Refund.objects.get().state, placed.payment_status) == ("succeeded", PaymentStatus.PARTLY_REFUNDED)
    assert gateway.refunded == []
    assert balanced(placed) == []


def test_the_console_was_quicker_than_our_worker() -> None:
    """The same sum went back by hand: our refund is done, and the worker pays nothing."""
    gateway = FakeGateway()
    placed = paid(gateway)
    refund = give_back(placed, units=2)
    gateway.console(placed, 51_000)

    assert pay(refund, gateway) == RefundState.SUCCEEDED

    assert (gateway.refunded, Refund.objects.count()) == ([], 1)
    assert balanced(placed) == []


def test_the_console_took_so_much_that_our_refund_has_no_room() -> None:
    gateway = FakeGateway()
    placed = paid(gateway)
    refund = give_back(placed, units=1)
    gateway.console(placed, 40_000)

    assert pay(refund, gateway) == RefundState.ABANDONED

    placed.refresh_from_db()
    assert gateway.refunded == []
    assert list(Refund.objects.order_by("pk").values_list("amount", "state")) == [
        (24_000, "abandoned"),
        (40_000, "succeeded"),
    ]
    assert placed.payment_status == PaymentStatus.PARTLY_REFUNDED
    assert placed.flag
    assert balanced(placed) == []


def test_a_sum_that_the_providers_list_does_not_explain_is_flagged() -> None:
    gateway = FakeGateway()
    placed = paid(gateway)
    known = gateway.console(placed, 5_000)
    found = gateway.payments[placed.payment.payment_id]
    gateway.payments[placed.payment.payment_id] = replace(found, cancelled=6_000, refunds=(known,))

    settle(placed, gateway)

    assert placed.flag == "the provider gave back 6000 won, our refunds say 5000"


# --- deposits ---------------------------------------------------------------------------------------------


def test_a_deposit_waits_for_an_account_and_then_goes_there() -> None:
    gateway = FakeGateway()
    placed = paid(gateway, deposit=True)

    refund = give_back(placed, units=1)

    placed.refresh_from_db()
    assert (refund.state, placed.flag) == ("waiting_for_account", refunding.WAITS)
    assert facts()[-2:] == ["refund.requested", "refund.account_needed"]
    assert pay(refund, gateway) == RefundState.WAITING_FOR_ACCOUNT
    assert (gateway.refunded, facts().count("refund.account_needed")) == ([], 1)

    assert name_account(order_id=placed.pk, account=HANA, now=NOW) == 1
    assert name_account(order_id=placed.pk, account=HANA, now=NOW) == 0
    assert facts()[-1] == "refund.account_given"
    assert pay(refund, gateway) == RefundState.SUCCEEDED

    placed.refresh_from_db()
    assert gateway.accounts == [HANA]
    assert (refund.account, placed.flag) == ({}, "")
    assert balanced(placed) == []


def test_the_account_is_in_no_fact_and_on_no_timeline() -> None:
    gateway = FakeGateway()
    placed = paid(gateway, deposit=True)
    refund = give_back(placed, units=1, account=HANA)
    assert refund.account == {"bank": "KAKAO", "number": "3333012345678", "holder": "김하나"}
    pay(refund, gateway)

    written = [*OutboxEvent.objects.values_list("payload", flat=True)]
    written += placed.timeline.values_list("data", flat=True)
    assert "3333012345678" not in str(written)
    assert HANA.number not in str(list(Refund.objects.values()))


def test_a_late_deposit_asks_for_an_account_by_itself() -> None:
    placed, gateway = order(method="VIRTUAL_ACCOUNT"), FakeGateway()
    expire_unpaid_orders(gateway=gateway, now=LATER)
    gateway.says(placed, PaymentState.PAID, at=LATER, account=DEPOSIT)

    assert settle(placed, gateway) == Outcome.REFUNDING

    refund = Refund.objects.get()
    assert (refund.state, refund.goods_amount, refund.shipping_amount) == (
        "waiting_for_account",
        48_000,
        3_000,
    )
    assert pay(refund, gateway) == RefundState.WAITING_FOR_ACCOUNT
    assert facts().count("refund.account_needed") == 1


def test_money_for_an_order_that_was_closed_is_not_kept_by_giving_its_refund_up() -> None:
    placed, gateway = order(method="VIRTUAL_ACCOUNT"), FakeGateway()
    expire_unpaid_orders(gateway=gateway, now=LATER)
    gateway.says(placed, PaymentState.PAID, at=LATER, account=DEPOSIT)
    settle(placed, gateway)
    before = everything()

    with pytest.raises(refunding.NotOurs):
        abandon(refund_id=Refund.objects.get().pk, note="", now=LATER)

    assert everything() == before
    placed.refresh_from_db()
    assert balanced(placed) == []


def test_one_of_ours_that_breaks_keeps_no_other_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    gateway = SlowGateway()
    placed = paid(gateway)
    broken, good = (give_back(placed, goodwill=5_000, cause=cause) for cause in ("one", "two"))
    for one in (broken, good):
        pay(one, gateway)
    gateway.ends(placed, RefundState.FAILED, "card closed")
    real = paybacks.execute_refund

    def sometimes(*, refund_id: int, **how: Any) -> RefundState:
        if refund_id == broken.pk:
            raise RuntimeError("an answer nobody thought of")
        return real(refund_id=refund_id, **how)

    monkeypatch.setattr(paybacks, "execute_refund", sometimes)

    assert reconcile_refunds(gateway=gateway, now=NOW) == 1


# --- partly sent, partly still to come --------------------------------------------------------------------


def test_more_units_than_are_left_to_send_go_back_and_none_of_them_is_sent_any_more() -> None:
    gateway = FakeGateway()
    placed = order(quantity=3, price=24_000, units=5)
    gateway.says(placed, PaymentState.PAID)
    settle(placed, gateway)
    send(placed, cup=2)

    refund = give_back(placed, units=2, fault=Fault.SHOP, restock=False)

    placed = Order.objects.get(pk=placed.pk)
    assert refund.lines.get().cancelled
    assert parcels.left_to_ship(placed) == parcels.ready_to_ship(placed) == {}
    assert placed.fulfilment_status == FulfilmentStatus.SHIPPED
    with pytest.raises(TooMany):
        send(placed, cup=1)


def owing(gateway: FakeGateway, *, here: int) -> Order:
    """Return a paid order of three cups of which so many are here."""
    product(price=24_000, units=here)
    to_come(5)
    placed = place(cart(("CUP", 3)), total=72_000)
    gateway.says(placed, PaymentState.PAID)
    settle(placed, gateway)
    assert owed() == (3 - here, 5)
    return placed


def test_units_that_never_came_are_not_waited_for_after_their_refund_restocked_or_not() -> None:
    placed = owing(FakeGateway(), here=0)

    give_back(placed, units=3, restock=False)

    assert Order.objects.get().status == Status.CANCELLED
    assert (shelf(), owed()) == ((0, 0), (0, 5))
    stockroom.receive(variant_id=placed.lines.get().variant_id, quantity=2, reason="kiln", now=NOW)
    assert shelf() == (2, 0)  # for sale


def test_what_came_back_broken_leaves_the_rest_waiting() -> None:
    placed = owing(FakeGateway(), here=2)
    send(placed, cup=2)

    give_back(placed, units=1, fault=Fault.SHOP, restock=False, returned=True)

    placed = Order.objects.get()
    assert (parcels.left_to_ship(placed), owed()) == ({placed.lines.get().pk: 1}, (1, 5))

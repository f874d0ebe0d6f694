"""Whatever tells of money, in whatever order and however often: one end state, and nothing believed unseen."""

import itertools
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from commerce.checkout.closing import expire_unpaid_orders, reconcile_payments
from commerce.checkout.paybacks import execute_refund
from commerce.checkout.settling import Outcome, settle_payment
from commerce.events.models import OutboxEvent
from commerce.inventory import stock
from commerce.inventory.models import StockMovement
from commerce.orders.models import Order
from commerce.orders.states import FulfilmentStatus, PaymentStatus, Status
from commerce.payments.gateway import GatewayRefund, GatewayTrouble
from commerce.payments.models import Payment, Refund
from commerce.payments.states import PaymentState, RefundState
from commerce.tests.factories import LATER, NOW, on_shelf, order, promises, shelf
from commerce.tests.fakes import FakeGateway

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)
ACCOUNT = {"bank": "SHINHAN", "number": "56211905874893", "holder": "마루"}


def settle(placed: Order, gateway: FakeGateway, *, now: Any = NOW) -> Outcome:
    """Settle and read the order again."""
    outcome = settle_payment(payment_id=placed.payment.payment_id, gateway=gateway, now=now)
    placed.refresh_from_db()
    placed.payment.refresh_from_db()
    return outcome


def facts() -> list[str]:
    """Return the names of the facts about orders and money, in order; `test_facts` has those that go along."""
    along = ["customer.consented", "payment.changed", "payment.refused", "order.flagged"]
    names = OutboxEvent.objects.filter(aggregate_type__in=["order", "payment"]).order_by("pk")
    names = names.exclude(type__in=along)
    return list(names.values_list("type", flat=True))


def kinds(placed: Order) -> list[str]:
    """Return what the timeline says."""
    return list(placed.timeline.order_by("pk").values_list("kind", flat=True))


def snapshot(placed: Order) -> dict[str, Any]:
    """Return everything that must be the same however the end was reached."""
    placed = Order.objects.select_related("payment").get(pk=placed.pk)
    return {
        "order": (
            placed.status,
            placed.payment_status,
            placed.fulfilment_status,
            placed.flag,
            placed.paid_at,
        ),
        "payment": (placed.payment.state, placed.payment.cancelled_amount, placed.payment.transaction_id),
        "refunds": list(Refund.objects.values_list("amount", "state")),
        "stock": shelf(),
        "promises": [entry[1:] for entry in promises(placed.number)],
        "kinds": kinds(placed),
        "facts": facts(),
    }


# --- the straight way -------------------------------------------------------------------------------------


def test_paid_money_makes_a_paid_order_and_a_sale() -> None:
    placed, gateway = order(quantity=2, units=5), FakeGateway()
    gateway.says(placed, PaymentState.PAID)

    assert settle(placed, gateway) == Outcome.PAID

    assert (placed.status, placed.payment_status) == (Status.PAID, PaymentStatus.PAID)
    assert (placed.fulfilment_status, placed.paid_at) == (FulfilmentStatus.PREPARING, NOW)
    assert (placed.payment.state, placed.payment.transaction_id) == (PaymentState.PAID, "tx-1")
    assert placed.payment.method_detail == "신한카드"
    assert shelf() == (3, 0)
    assert promises(placed.number) == [("CUP", 2, "sold")]
    assert facts() == ["order.placed", "order.paid"]
    assert kinds(placed) == ["placed", "paid"]


def test_what_the_provider_never_heard_of_stays_open() -> None:
    placed, gateway = order(), FakeGateway()

    assert settle(placed, gateway) == Outcome.OPEN

    assert (placed.status, placed.payment_status) == (Status.PLACED, PaymentStatus.PENDING)
    assert shelf() == (5, 2)


@pytest.mark.parametrize(
    ("state", "outcome"), [(PaymentState.OPEN, Outcome.OPEN), (PaymentState.PENDING, Outcome.PENDING)]
)
def test_an_unfinished_payment_changes_no_order(state: PaymentState, outcome: Outcome) -> None:
    placed, gateway = order(), FakeGateway()
    gateway.says(placed, state)

    assert settle(placed, gateway) == outcome

    assert (placed.status, placed.payment_status) == (Status.PLACED, PaymentStatus.PENDING)
    assert facts() == ["order.placed"]


def test_an_unreachable_provider_changes_nothing() -> None:
    placed, gateway = order(), FakeGateway()
    before = snapshot(placed)
    gateway.down = True

    with pytest.raises(GatewayTrouble):
        settle(placed, gateway)

    assert snapshot(placed) == before


def test_a_payment_that_we_never_opened_is_a_defect() -> None:
    with pytest.raises(Payment.DoesNotExist):
        settle_payment(payment_id="nothing0", gateway=FakeGateway(), now=NOW)


def test_a_failed_try_can_be_followed_by_a_good_one() -> None:
    placed, gateway = order(), FakeGateway()
    gateway.says(placed, PaymentState.FAILED, failure="한도 초과")

    assert settle(placed, gateway) == Outcome.FAILED
    assert (placed.status, placed.payment_status) == (Status.PLACED, PaymentStatus.FAILED)
    assert placed.payment.failure == "한도 초과"
    assert shelf() == (5, 2)

    gateway.says(placed, PaymentState.PAID, at=NOW + SECOND, transaction_id="tx-2")
    assert settle(placed, gateway) == Outcome.PAID
    assert placed.status == Status.PAID
    assert kinds(placed) == ["placed", "payment_failed", "paid"]
    assert facts() == ["order.placed", "payment.failed", "order.paid"]


def test_two_failures_are_told_twice_but_each_only_once() -> None:
    placed, gateway = order(), FakeGateway()
    for number in (1, 2):
        gateway.says(placed, PaymentState.FAILED, at=NOW + number * SECOND, transaction_id=f"tx-{number}")
        settle(placed, gateway)
        settle(placed, gateway)

    assert facts() == ["order.placed", "payment.failed", "payment.failed"]


# --- virtual accounts -------------------------------------------------------------------------------------


def test_a_virtual_account_keeps_the_goods_until_its_deadline() -> None:
    placed, gateway = order(), FakeGateway()
    until = NOW + timedelta(hours=24)
    gateway.says(placed, PaymentState.AWAITING_DEPOSIT, account=ACCOUNT | {"until": until.isoformat()})

    assert settle(placed, gateway) == Outcome.AWAITING_DEPOSIT
    assert settle(placed, gateway) == Outcome.AWAITING_DEPOSIT

    assert (placed.status, placed.payment_status) == (Status.PLACED, PaymentStatus.AWAITING_DEPOSIT)
    assert placed.pay_until == until
    assert placed.payment.account["number"] == "56211905874893"
    assert facts() == ["order.placed", "order.deposit_awaited"]
    assert expire_unpaid_orders(gateway=gateway, now=LATER) == 0
    assert shelf() == (5, 2)


def test_a_deposit_pays_the_order_days_later() -> None:
    placed, gateway = order(), FakeGateway()
    gateway.says(placed, PaymentState.AWAITING_DEPOSIT, account=ACCOUNT)
    settle(placed, gateway)
    gateway.says(placed, PaymentState.PAID, at=NOW + timedelta(hours=20))

    assert settle(placed, gateway, now=NOW + timedelta(hours=20)) == Outcome.PAID

    assert placed.paid_at == NOW + timedelta(hours=20)
    assert shelf() == (3, 0)


def test_an_account_without_deadline_waits_as_long_as_the_shop_says() -> None:
    placed, gateway = order(), FakeGateway()
    gateway.says(placed, PaymentState.AWAITING_DEPOSIT, account=ACCOUNT)

    settle(placed, gateway)

    assert placed.pay_until == NOW + timedelta(hours=24)


def test_an_account_for_a_closed_order_is_flagged_and_not_reopened() -> None:
    placed, gateway = order(), FakeGateway()
    expire_unpaid_orders(gateway=gateway, now=LATER)
    gateway.says(placed, PaymentState.AWAITING_DEPOSIT, at=LATER, account=ACCOUNT)

    assert settle(placed, gateway, now=LATER) == Outcome.CANCELLED

    assert placed.status == Status.CANCELLED
    assert placed.flag == "a virtual account is open for a closed order"
    assert shelf() == (5, 0)


# --- money that the order cannot keep ---------------------------------------------------------------------


def test_money_for_a_cancelled_order_goes_back_and_staff_is_told() -> None:
    placed, gateway = order(), FakeGateway()
    expire_unpaid_orders(gateway=gateway, now=LATER)
    gateway.says(placed, PaymentState.PAID, at=LATER)

    assert settle(placed, gateway, now=LATER) == Outcome.REFUNDING
    assert settle(placed, gateway, now=LATER) == Outcome.REFUNDING

    assert (placed.status, placed.payment_status) == (Status.CANCELLED, PaymentStatus.REFUNDING)
    assert placed.flag == "paid after the order was cancelled"
    (refund,) = Refund.objects.all()
    assert (refund.amount, refund.state) == (51_000, RefundState.REQUESTED)
    assert facts() == ["order.placed", "order.cancelled", "refund.requested"]
    assert shelf() == (5, 0)

    assert execute_refund(refund_id=refund.pk, gateway=gateway, now=LATER) == RefundState.SUCCEEDED
    placed.refresh_from_db()
    assert placed.payment_status == PaymentStatus.REFUNDED
    assert gateway.refunded == [(placed.payment.payment_id, 51_000)]
    assert facts()[-1] == "refund.completed"


def test_a_refund_is_made_once_however_often_it_is_asked_for() -> None:
    placed, gateway = order(), FakeGateway()
    expire_unpaid_orders(gateway=gateway, now=LATER)
    gateway.says(placed, PaymentState.PAID, at=LATER)
    settle(placed, gateway, now=LATER)
    refund = Refund.objects.get()

    for _ in range(3):
        assert execute_refund(refund_id=refund.pk, gateway=gateway, now=LATER) == RefundState.SUCCEEDED

    assert gateway.refunded == [(placed.payment.payment_id, 51_000)]
    assert facts().count("refund.completed") == 1
    placed.payment.refresh_from_db()
    assert (placed.payment.cancelled_amount, placed.payment.state) == (51_000, PaymentState.CANCELLED)


def test_a_refund_that_arrives_later_is_completed_when_the_provider_says_so() -> None:
    placed, gateway = order(), FakeGateway()
    expire_unpaid_orders(gateway=gateway, now=LATER)
    gateway.says(placed, PaymentState.PAID, at=LATER)
    settle(placed, gateway, now=LATER)
    Refund.objects.update(state=RefundState.PENDING, cancellation_id="cancel-7")
    done = GatewayRefund(state=RefundState.SUCCEEDED, cancellation_id="cancel-7", amount=51_000)
    gateway.says(placed, PaymentState.CANCELLED, at=LATER + SECOND, refunds=(done,))

    assert settle(placed, gateway, now=LATER) == Outcome.CANCELLED
    assert settle(placed, gateway, now=LATER) == Outcome.CANCELLED

    assert placed.payment_status == PaymentStatus.REFUNDED
    assert list(Refund.objects.values_list("state", "cancellation_id")) == [("succeeded", "cancel-7")]
    assert facts() == ["order.placed", "order.cancelled", "refund.requested", "refund.completed"]
    assert kinds(placed).count("refunded") == 1
    assert gateway.refunded == []


def test_a_released_promise_is_renewed_when_there_is_stock() -> None:
    placed, gateway = order(quantity=2, units=5), FakeGateway()
    _release(placed)
    gateway.says(placed, PaymentState.PAID)

    assert settle(placed, gateway) == Outcome.PAID

    assert shelf() == (3, 0)
    assert promises(placed.number) == [("CUP", 2, "sold")]


def test_paid_but_sold_out_is_cancelled_and_refunded() -> None:
    placed, gateway = order(quantity=2, units=5), FakeGateway()
    _release(placed)
    on_shelf(placed.lines.get().variant, 1)
    gateway.says(placed, PaymentState.PAID)

    assert settle(placed, gateway) == Outcome.REFUNDING

    assert (placed.status, placed.payment_status) == (Status.CANCELLED, PaymentStatus.REFUNDING)
    assert placed.flag == "paid, but sold out"
    assert list(Refund.objects.values_list("amount", "state")) == [(51_000, "requested")]
    assert shelf() == (1, 0)
    assert "order.paid" not in facts()


def test_a_refund_at_the_providers_console_closes_the_order_and_brings_the_goods_back() -> None:
    placed, gateway = order(), FakeGateway()
    gateway.says(placed, PaymentState.PAID)
    settle(placed, gateway)
    gateway.says(placed, PaymentState.CANCELLED, at=NOW + SECOND)

    assert settle(placed, gateway) == Outcome.CANCELLED
    assert settle(placed, gateway) == Outcome.CANCELLED

    assert (placed.status, placed.payment_status) == (Status.CANCELLED, PaymentStatus.REFUNDED)
    assert placed.payment.cancelled_amount == 51_000
    assert shelf() == (5, 0)
    assert facts() == ["order.placed", "order.paid", "refund.completed", "order.cancelled"]
    refund = Refund.objects.get()
    assert (refund.kind, refund.goods_amount, refund.shipping_amount) == ("external", 48_000, 3_000)
    assert placed.flag == ""
    assert StockMovement.objects.filter(kind="returned").count() == 1


def test_a_part_refunded_at_the_console_is_left_to_staff() -> None:
    placed, gateway = order(), FakeGateway()
    gateway.says(placed, PaymentState.PAID)
    settle(placed, gateway)
    gateway.says(placed, PaymentState.PARTLY_CANCELLED, at=NOW + SECOND, cancelled=1_000)

    assert settle(placed, gateway) == Outcome.PAID

    assert (placed.status, placed.flag) == (Status.PAID, "partly refunded at the provider")
    assert (placed.payment_status, placed.payment.cancelled_amount) == (PaymentStatus.PARTLY_REFUNDED, 1_000)
    refund = Refund.objects.get()
    assert (refund.kind, refund.state, refund.goodwill_amount) == ("external", "succeeded", 1_000)
    assert shelf() == (3, 0)


# --- payments that are not ours ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wrong",
    [
        {"total": 5_100},
        {"total": 51_001},
        {"currency": "USD"},
        {"tax_free": 51_000},
        {"channel_key": "channel-key-of-somebody-else"},
        {"version": "V1"},
    ],
)
def test_money_that_does_not_match_goes_back_and_buys_nothing(wrong: dict[str, Any]) -> None:
    placed, gateway = order(), FakeGateway()
    found = gateway.says(placed, PaymentState.PAID, **wrong)

    assert settle(placed, gateway) == Outcome.REFUNDING
    assert settle(placed, gateway) == Outcome.REFUNDING

    assert (placed.status, placed.payment_status) == (Status.CANCELLED, PaymentStatus.REFUNDING)
    assert placed.flag.startswith("payment mismatch: ")
    assert placed.paid_at is None
    assert list(Refund.objects.values_list("amount", "state")) == [(found.total, "requested")]
    assert "order.paid" not in facts()
    assert shelf() == (5, 0)


@pytest.mark.parametrize("wrong", [{"store_id": "store-of-somebody-else"}, {"payment_id": "ANOTHER0"}])
def test_a_payment_at_another_store_is_not_even_refunded(wrong: dict[str, Any]) -> None:
    placed, gateway = order(), FakeGateway()
    gateway.says(placed, PaymentState.PAID, **wrong)

    assert settle(placed, gateway) == Outcome.SUSPICIOUS

    assert (placed.status, placed.payment_status) == (Status.PLACED, PaymentStatus.PENDING)
    assert placed.flag.startswith("payment mismatch: ")
    assert not Refund.objects.exists()
    assert shelf() == (5, 2)


def test_a_live_shop_takes_no_test_money(settings: Any) -> None:
    placed, gateway = order(), FakeGateway()
    gateway.says(placed, PaymentState.PAID)
    settings.PORTONE_LIVE_ONLY = True

    assert settle(placed, gateway) == Outcome.REFUNDING

    assert placed.status == Status.CANCELLED
    assert "channel type: TEST instead of LIVE" in placed.flag


def test_a_wrong_amount_before_any_money_came_only_warns() -> None:
    placed, gateway = order(), FakeGateway()
    gateway.says(placed, PaymentState.OPEN, total=100)

    assert settle(placed, gateway) == Outcome.SUSPICIOUS

    assert placed.status == Status.PLACED
    assert not Refund.objects.exists()


# --- again, late, and in any order ------------------------------------------------------------------------


def test_an_older_answer_undoes_nothing() -> None:
    placed, gateway = order(), FakeGateway()
    gateway.says(placed, PaymentState.PAID, at=NOW + 2 * SECOND)
    settle(placed, gateway)
    before = snapshot(placed)
    for state in (
        PaymentState.FAILED,
        PaymentState.OPEN,
        PaymentState.PENDING,
        PaymentState.AWAITING_DEPOSIT,
    ):
        gateway.says(placed, state, at=NOW)
        settle(placed, gateway)

    assert snapshot(placed) == before


def test_money_is_never_undone_by_a_newer_answer_either() -> None:
    placed, gateway = order(), FakeGateway()
    gateway.says(placed, PaymentState.PAID)
    settle(placed, gateway)
    before = snapshot(placed)
    gateway.says(placed, PaymentState.FAILED, at=NOW + SECOND)
    settle(placed, gateway)

    assert snapshot(placed) == before


Door = Callable[[Any, Order, FakeGateway], None]


def _return(client: Any, placed: Order, gateway: FakeGateway) -> None:
    client.get(f"/checkout/return/{placed.token}/?paymentId={placed.payment.payment_id}")


def _notice(client: Any, placed: Order, gateway: FakeGateway) -> None:
    settle_payment(payment_id=placed.payment.payment_id, gateway=gateway, now=NOW)  # what the worker does


def _reconcile(client: Any, placed: Order, gateway: FakeGateway) -> None:
    reconcile_payments(gateway=gateway, now=LATER, older_than=timedelta(minutes=5))


def _expire(client: Any, placed: Order, gateway: FakeGateway) -> None:
    expire_unpaid_orders(gateway=gateway, now=LATER)


DOORS: tuple[Door, ...] = (_return, _notice, _reconcile, _expire)


@pytest.mark.parametrize(
    "doors", list(itertools.permutations(DOORS)), ids=lambda doors: "-".join(door.__name__ for door in doors)
)
def test_money_through_every_door_in_any_order_ends_the_same(
    doors: tuple[Door, ...], client: Any, gateway: FakeGateway
) -> None:
    placed = order(quantity=2, units=5)
    gateway.says(placed, PaymentState.PAID)

    for door in doors:
        door(client, placed, gateway)
        door(client, placed, gateway)

    assert snapshot(placed) == {
        "order": ("paid", "paid", "preparing", "", NOW),
        "payment": ("paid", 0, "tx-1"),
        "refunds": [],
        "stock": (3, 0),
        "promises": [(2, "sold")],
        "kinds": ["placed", "paid"],
        "facts": ["order.placed", "order.paid"],
    }


@pytest.mark.parametrize(
    "doors",
    list(itertools.permutations(DOORS[:3])),
    ids=lambda doors: "-".join(door.__name__ for door in doors),
)
def test_late_money_through_every_door_in_any_order_goes_back_once(
    doors: tuple[Door, ...], client: Any, gateway: FakeGateway
) -> None:
    placed = order(quantity=2, units=5)
    _expire(client, placed, gateway)
    gateway.says(placed, PaymentState.PAID, at=LATER)

    for door in doors:
        door(client, placed, gateway)
        door(client, placed, gateway)

    end = snapshot(placed)
    assert end["order"][:4] == ("cancelled", "refunding", "waiting", "paid after the order was cancelled")
    assert end["refunds"] == [(51_000, "requested")]
    assert end["stock"] == (5, 0)
    assert end["facts"] == ["order.placed", "order.cancelled", "refund.requested"]


def _release(placed: Order) -> None:
    stock.release(reference=placed.number, now=NOW)

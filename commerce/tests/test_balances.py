"""The sums of an order: what the balance says, what the database refuses at commit, and what the check finds."""

from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.db.models import F

from commerce.checkout.closing import expire_unpaid_orders
from commerce.orders import balance
from commerce.orders import services as orders
from commerce.orders.models import Order, OrderLine
from commerce.payments.models import Payment, Refund, RefundLine
from commerce.payments.states import PaymentState, RefundState
from commerce.tests.factories import LATER, NOW, order
from commerce.tests.fakes import FakeGateway
from commerce.tests.refunding import give_back, paid, pay, settle


def of(placed: Order) -> tuple[int, int, int, int]:
    """Return owed, received, returned and due."""
    found = balance.of(order=Order.objects.select_related("payment").get(pk=placed.pk))
    return found.owed, found.received, found.returned, found.due


# --- the balance ------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_balance_from_the_first_minute_to_the_last_won() -> None:
    gateway = FakeGateway()
    placed = order()
    assert of(placed) == (51_000, 0, 0, 51_000)

    gateway.says(placed, PaymentState.PAID)
    settle(placed, gateway)
    assert of(placed) == (51_000, 51_000, 0, 0)

    give_back(placed, units=1, cause="one")
    assert of(placed) == (27_000, 51_000, 24_000, 0)

    give_back(placed, units=1, cause="two")
    assert of(placed) == (0, 51_000, 51_000, 0)


@pytest.mark.django_db
def test_what_comes_for_a_cancelled_order_is_owed_to_the_shopper_until_it_is_on_its_way_back() -> None:
    gateway = FakeGateway()
    placed = order()
    expire_unpaid_orders(gateway=gateway, now=LATER)
    assert of(placed) == (0, 0, 0, 0)

    with transaction.atomic():
        Payment.objects.update(received=51_000)
        assert of(placed) == (0, 51_000, 0, -51_000)
        transaction.set_rollback(True)
    gateway.says(placed, PaymentState.PAID, at=LATER)
    settle(placed, gateway)

    assert of(placed) == (0, 51_000, 51_000, 0)


# --- what the database refuses ----------------------------------------------------------------------------


def shrink_line() -> None:
    OrderLine.objects.update(quantity=1, total=F("unit_price"))


def lose_line() -> None:
    RefundLine.objects.all().delete()
    OrderLine.objects.all().delete()


def cheapen_order() -> None:
    Order.objects.update(items_total=47_000, total=50_000)


def forget_money() -> None:
    Payment.objects.update(received=50_000)


def change_payment() -> None:
    Payment.objects.update(amount=50_000)


def refund_too_much() -> None:
    Refund.objects.update(amount=51_001, goodwill_amount=27_001)


def lose_refund_line() -> None:
    RefundLine.objects.all().delete()


def change_refund_line() -> None:
    RefundLine.objects.update(amount=23_999)


def refund_units_that_were_not_ordered() -> None:
    RefundLine.objects.update(quantity=3)


def forge_success() -> None:
    Refund.objects.update(state=RefundState.SUCCEEDED)


def forge_cancelled_amount() -> None:
    Payment.objects.update(cancelled_amount=24_000)


def pretend_paid() -> None:
    Payment.objects.update(received=0)


WRONG = (
    shrink_line,
    lose_line,
    cheapen_order,
    forget_money,
    change_payment,
    refund_too_much,
    lose_refund_line,
    change_refund_line,
    refund_units_that_were_not_ordered,
    forge_success,
    forge_cancelled_amount,
    pretend_paid,
)


@pytest.fixture
def half_refunded(committed: None) -> Order:
    """A paid order of two cups, one of which is on its way back; committed."""
    placed = paid(FakeGateway())
    give_back(placed, units=1)
    return placed


@pytest.fixture
def unguarded() -> Iterator[None]:
    """Take the triggers off for one test."""
    tables = ("order", "orderline", "payment", "refund", "refundline")
    _switch(tables, "DISABLE")
    yield
    _switch(tables, "ENABLE")


def _switch(tables: tuple[str, ...], how: str) -> None:
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"ALTER TABLE commerce_{table} {how} TRIGGER commerce_{table}_balances")


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: wrong.__name__)
def test_a_wrong_sum_is_refused_at_commit(half_refunded: Order, wrong: Any) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        wrong()

    assert list(balance.out_of_balance()) == []
    assert of(half_refunded) == (27_000, 51_000, 24_000, 0)


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: wrong.__name__)
def test_twin_without_the_trigger_it_passes_and_only_the_check_finds_it(
    half_refunded: Order, unguarded: None, wrong: Any
) -> None:
    with transaction.atomic():
        wrong()

    found = [(order.pk, bool(problems)) for order, problems in balance.out_of_balance()]
    assert found == [(half_refunded.pk, True)]


def test_what_is_right_in_the_end_may_be_wrong_in_between(half_refunded: Order) -> None:
    with transaction.atomic():
        shrink_line()
        OrderLine.objects.update(quantity=2, total=2 * F("unit_price"))

    assert list(balance.out_of_balance()) == []


# --- the check --------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_command_is_quiet_when_all_is_well() -> None:
    gateway = FakeGateway()
    placed = paid(gateway)
    pay(give_back(placed, units=1), gateway)
    said = StringIO()

    call_command("check_balances", stdout=said)

    assert said.getvalue() == "Every order balances.\n"


@pytest.mark.django_db
def test_the_command_names_what_is_wrong_and_fails() -> None:
    placed = paid(FakeGateway())
    Order.objects.update(payment_status="refunded")
    said = StringIO()

    with pytest.raises(CommandError, match="1 orders do not balance") as failure:
        call_command("check_balances", stdout=said)

    assert failure.value.returncode == 1
    assert said.getvalue() == f"{placed.number}: payment status refunded instead of paid\n"


@pytest.mark.django_db
def test_the_night_flags_what_does_not_add_up_and_nothing_else() -> None:
    wrong = paid(FakeGateway())
    Order.objects.filter(pk=wrong.pk).update(payment_status="refunded")

    assert orders.flag_unbalanced(now=NOW) == 1

    wrong.refresh_from_db()
    assert wrong.flag == "out of balance: payment status refunded instead of paid"
    Order.objects.filter(pk=wrong.pk).update(payment_status="paid")
    assert orders.flag_unbalanced(now=NOW) == 0
